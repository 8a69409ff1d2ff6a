# System calls that fail, or kill, at the K-th time: a wrapper in the provider's place starts it
# under strace. Only the process that applies is hurt; the ones before it are left alone.
#
# strace counts K for each thread and call name by itself, and so does the rehearsal.
# SPDX-License-Identifier: MPL-2.0
import collections
import os
import re
import shlex
import tempfile

import kills
import workspace as stage
from rows import ROWS
from workspace import Scene, finish

# No other one is hurt: a call fails below all that a table says, in the same libraries.
ROW = ROWS["customer_subscription"]

ERRORS = {
    "openat": ("EMFILE", "EIO"), "read": ("EIO", "EINTR"), "write": ("EIO", "EAGAIN"),
    "readv": ("EIO",), "writev": ("EIO", "ENOSPC"), "sendmsg": ("ECONNRESET", "EAGAIN"),
    "recvmsg": ("ECONNRESET", "EINTR"), "sendto": ("ECONNRESET",),
    "recvfrom": ("ECONNRESET", "EAGAIN"), "connect": ("ENOMEM", "ECONNREFUSED"),
    "socket": ("EMFILE", "ENOMEM"), "bind": ("EADDRINUSE", "ENOMEM"), "listen": ("EADDRINUSE",),
    "accept4": ("EMFILE", "ECONNRESET"), "epoll_create1": ("EMFILE",), "epoll_ctl": ("ENOMEM",),
    "epoll_wait": ("EINTR",), "poll": ("EINTR", "ENOMEM"), "eventfd2": ("EMFILE",),
    "pipe2": ("EMFILE",), "fcntl": ("EIO",), "close": ("EIO",), "getsockopt": ("ENOMEM",),
    "setsockopt": ("ENOMEM",), "getsockname": ("ENOMEM",), "clone3": ("EAGAIN",),
    "mmap": ("ENOMEM",), "mprotect": ("ENOMEM",), "getrandom": ("EINTR",),
    "unlink": ("EIO",), "mkdir": ("ENOSPC",), "rmdir": ("EIO",), "chmod": ("EIO",),
    "socketpair": ("EMFILE",), "shutdown": ("ENOMEM",), "prlimit64": ("EIO",),
    "rt_sigaction": ("EINVAL",), "newfstatat": ("EIO",), "getpeername": ("ENOMEM",),
}
# What glibc ends the process for, or what comes as often as the machine likes.
KILL_TOO = ("futex", "munmap", "brk", "madvise", "sched_yield", "exit", "exit_group")
PLACES = 8   # K per call and error: all up to here, else so many, evenly spread


def make_wrapper(directory, options, launch):
    """A program that runs the provider, from the given launch on under strace."""
    path = os.path.join(directory, "wrapper")
    log, count = os.path.join(directory, "strace"), os.path.join(directory, "launches")
    # The launches of one host come one after another; appending a byte counts them.
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(
            "#!/bin/sh\n"
            f"[ \"$1\" = --version ] && exec {shlex.quote(stage.PROVIDER)} \"$@\"\n"
            f"printf x >>{shlex.quote(count)}\n"
            f"[ \"$(wc -c <{shlex.quote(count)})\" -eq {launch} ] || "
            f"exec {shlex.quote(stage.PROVIDER)} \"$@\"\n"
            # -D: the provider stays the host's own child.
            f"exec strace -D -f -qq -o {shlex.quote(log)} {options} "
            f"{shlex.quote(stage.PROVIDER)} \"$@\"\n")
    os.chmod(path, 0o755)
    return path, log, count


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""


def play_with(operation, options, launch, keep=False):
    """(complaints, the strace log, launches, scene)"""
    is_kept = True
    directory = tempfile.mkdtemp(prefix="fault-strace-")
    wrapper, log, count = make_wrapper(directory, options, launch)
    scene = Scene(ROW, provider=wrapper)
    try:
        start = kills.prepare(scene, operation)
        command = scene.perform("apply", "-auto-approve", limit_s=2 * kills.TIMEOUT_S)
        command.was_killed = True  # whatever happens, the process may not have survived
        launches = len(read(count))
        with open(count, "a", encoding="utf-8") as stream:
            stream.write("x" * 1000)  # the recovery is left alone
        complaints = finish(scene, *start)
        is_kept = keep or bool(complaints)
        return complaints, read(log), launches, scene
    finally:
        scene.close(keep=is_kept)
        for path in (wrapper, log, count):
            if os.path.exists(path) and not is_kept:
                os.remove(path)
        if not is_kept:
            os.rmdir(directory)


class Call:
    mark = "fired"

    def __init__(self, operation, call, error, number, launch):
        self.operation, self.call, self.error = operation, call, error
        self.number, self.launch = number, launch
        self.name = f"{operation}_{call}_{error}_{number}"

    def play(self, keep=False):
        how = "signal=KILL" if self.error == "KILL" else f"error={self.error}"
        complaints, log, _, scene = play_with(
            self.operation, f"-e trace={self.call} -e inject={self.call}:{how}:"
            f"when={self.number}", self.launch, keep)
        fired = "(INJECTED)" in log or "killed by SIGKILL" in log
        return complaints, fired, scene


def rehearse(operation):
    """(the launch that applies, {call: how often a thread makes it at most})"""
    complaints, _, launches, _ = play_with(operation, "-e trace=none", 0)
    if complaints:
        raise AssertionError(f"{operation} under a wrapper: {complaints}")
    complaints, log, again, _ = play_with(operation, "", launches)
    if complaints or again != launches:
        raise AssertionError(f"{operation} under strace: {launches} launches, then {again}; "
                             f"{complaints}")
    counts = collections.Counter()
    for thread, call in re.findall(r"^(\d+) +(\w+)\(", log, re.MULTILINE):
        counts[call, thread] += 1
    most = collections.Counter()
    for (call, _), number in counts.items():
        most[call] = max(most[call], number)
    if most["sendmsg"] + most["write"] + most["sendto"] < 3:
        raise AssertionError(f"strace saw next to nothing: {most}")
    return launches, most


def spread(most):
    if most <= PLACES:
        return range(1, most + 1)
    return sorted({1 + round(place * (most - 1) / (PLACES - 1)) for place in range(PLACES)})


def runs():
    found = []
    for operation in kills.OPERATIONS:
        launch, most = rehearse(operation)
        for call, number in sorted(most.items()):
            errors = ERRORS.get(call, ()) + (
                ("KILL",) if call in ERRORS or call in KILL_TOO else ())
            found += [Call(operation, call, error, place, launch)
                      for error in errors for place in spread(number)]
    return found


def parse(name):
    operation, _, rest = name.partition("_")
    match = re.fullmatch(r"(\w+)_([A-Z]+)_(\d+)", rest)
    if operation not in kills.OPERATIONS or not match:
        return None
    ROW.learn()
    launch, _ = rehearse(operation)
    return Call(operation, match.group(1), match.group(2), int(match.group(3)), launch)
