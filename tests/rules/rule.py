"""What the rules share: the files of the tree, made-up trees on which a rule proves that it can fail,
and how it ends."""
import os
import sys
import tempfile

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


def texts(folders, ends, top=TOP, least=1):
    """(path below the tree, text) of every file that ends so, in order; at least so many."""
    count = 0
    for folder in folders:
        for where, _, names in sorted(os.walk(os.path.join(top, folder))):
            for name in sorted(names):
                if name.endswith(ends):
                    count += 1
                    path = os.path.join(where, name)
                    with open(path, encoding="utf-8") as stream:
                        yield os.path.relpath(path, top), stream.read()
    if count < least:
        sys.exit(f"only {count} files found")


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def prove(is_so, why):
    if not is_so:
        sys.exit(f"the rule itself is broken: {why}")


def check_made_up(check, files):
    """What `check` finds in a tree of these files alone."""
    with tempfile.TemporaryDirectory() as top:
        for name, text in files.items():
            path = os.path.join(top, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        return list(check(top))


def end(faults):
    faults = list(faults)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
