# Who and what there is, as lists of the configuration. Each service declares its own; a list has
# an operation of the control interface that adds an entry or changes one.
# SPDX-License-Identifier: MPL-2.0
from .text import Invalid


class Entries:
    """A list of objects of one form. `members` says of each what it may be: str, bool, a function
    that raises Invalid, or words: "a|b|c"."""

    def __init__(self, name, what, doc, keys, members, default=(), complete=None, needs=()):
        self.name, self.what, self.doc = name, what, doc
        self.operation = what.split()[-1]
        self.keys, self.members = keys, {**dict.fromkeys(keys, str), **members}
        self.needs, self.default, self.complete = (*keys, *needs), default, complete
        self.rows = {}    # the keys in lower case -> the entry

    def __iter__(self):
        return iter(self.rows.values())

    def find(self, *keys):
        """By all its keys, whatever their case."""
        return self.rows.get(tuple(key.lower() for key in keys))

    def meant(self, entry):
        """The first that has every key which `entry` names: one key is enough to mean an entry."""
        named = {key: entry[key].lower() for key in self.keys if isinstance(entry.get(key), str)}
        if len(named) == len(self.keys):
            return self.find(*named.values())
        return next((known for known in self if named and all(
            known[key].lower() == text for key, text in named.items())), None)

    def check(self, entry):
        if not isinstance(entry, dict):
            raise Invalid(f"{self.what} is an object")
        for member, value in entry.items():
            rule = self.members.get(member)
            if rule is None:
                raise Invalid(f"{self.what} has no member {member}, but {'|'.join(self.members)}")
            if rule in (str, bool):
                if not isinstance(value, rule):
                    raise Invalid(f"{member} is {'a string' if rule is str else 'true or false'}")
            elif callable(rule):
                rule(value)
            elif value not in rule.split("|"):
                raise Invalid(f"{member} is one of {rule}")

    def set(self, entry):
        """Adds it, or changes the members given of the entry that is meant; Invalid."""
        self.check(entry)
        known = self.meant(entry)
        if known is None:
            for key in self.needs:
                if key not in entry:
                    raise Invalid(f"{self.what} needs {key}")
            known = self.rows[tuple(entry[key].lower() for key in self.keys)] = {}
        known.update(entry)
        if self.complete:
            self.complete(known)

    def remove(self, entry):
        del self.rows[tuple(entry[key].lower() for key in self.keys)]

    def reset(self, entries=None):
        """None: the default ones."""
        entries = self.default if entries is None else entries
        if not isinstance(entries, (list, tuple)):
            raise Invalid(f"{self.name} is an array")
        self.rows = {}
        for entry in entries:
            self.set(entry)
