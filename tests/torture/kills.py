# Kills at every moment: of the provider, of the host, and requests to stop, once and twice.
#
# A moment is the k-th line of the service's log and a few milliseconds more. Answers take
# 60 ms, so that there is time between a request, its effect and its answer.
# SPDX-License-Identifier: MPL-2.0
import os
import random
import re
import signal
import time

import matrix
from rows import ROWS
from workspace import Scene, audit, children, finish

LATENCY_MS = 60
OPERATIONS = ("create", "delete")
OFFSETS_MS = 55
TIMEOUT_S = 20
GRACE_S = 30   # what a stop leaves to a write that was sent


def providers(process):
    """The provider's processes under this host."""
    found = []
    for pid in children(process.pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                if b"terraform-provider-azurestack" in stream.read():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def group(process):
    """The host and all that it started."""
    return [-process.pid]


def host(process):
    return [process.pid]


# Who gets which signal, how often, and what that makes of the run. Two that arrive together are one.
DEEDS = {"provider_killed": (providers, signal.SIGKILL, 1, "killed"),
         "terraform_killed": (host, signal.SIGKILL, 1, "killed"),
         "provider_ended": (providers, signal.SIGTERM, 1, "killed"),
         "provider_ended_twice": (providers, signal.SIGTERM, 2, "killed"),
         "terraform_ended": (host, signal.SIGTERM, 1, "interrupted"),
         "interrupt_once": (group, signal.SIGINT, 1, "interrupted"),
         "interrupt_twice": (group, signal.SIGINT, 2, "killed")}
FEW = ("provider_killed", "terraform_killed", "interrupt_once")


def do(deed, process):
    """What was done; None: there was no process to do it to."""
    find, number, times, done = DEEDS[deed]
    found = find(process)
    for again in range(times):
        time.sleep(0.05 if again else 0)
        send(found, number)
    return done if found else None


class Moment:
    """Says when: once the service's log has so many new lines, and a little later."""

    def __init__(self, scene, start, lines, offset_ms, deed):
        self.scene, self.target, self.offset_ms = scene, start + lines, offset_ms
        self.deed, self.at = deed, None
        self.stream = open(scene.emulator.file("requests.log"), "rb")
        self.seen = 0

    def __call__(self, process):
        if self.at is None:
            self.seen += self.stream.read().count(b"\n")
            if self.seen < self.target:
                return None
            self.at = time.monotonic() + self.offset_ms / 1000
        if time.monotonic() < self.at:
            return None
        return do(self.deed, process)


def prepare(scene, operation):
    """(addresses, wanted, objects, state, position), as finish() takes them."""
    found = matrix.Run(scene.row, operation).prepare(scene, TIMEOUT_S)
    return *found, scene.objects(), scene.managed(), scene.position()


class Kill:
    mark = "fired"

    def __init__(self, row, operation, deed, lines, offset_ms):
        self.row, self.operation, self.deed, self.lines = row, operation, deed, lines
        self.offset_ms = offset_ms
        self.name = f"{row.prefix}{operation}_{deed}_after{lines:02}_{offset_ms}ms"

    def play(self, keep=False):
        scene, is_kept = Scene(self.row), True
        try:
            scene.control.ask("switches", {"latency_ms": LATENCY_MS})
            start = prepare(scene, self.operation)
            moment = Moment(scene, start[-1], self.lines, self.offset_ms, self.deed)
            command = scene.perform("apply", "-auto-approve", limit_s=2 * TIMEOUT_S + GRACE_S,
                                 meanwhile=moment)
            moment.stream.close()
            fired = command.was_killed or command.was_interrupted
            complaints = finish(scene, *start)
            is_kept = keep or bool(complaints)
            return complaints, fired, scene
        finally:
            scene.close(keep=is_kept)


def lines_of(row, operation):
    """(the line of the first write, how many there are) in the log of an undisturbed run."""
    scene = Scene(row)
    try:
        *_, start = prepare(scene, operation)
        command = scene.perform("apply", "-auto-approve")
        if command.status != 0:
            raise AssertionError(f"{row.type} {operation} without a kill:\n{command.output}")
        write = next(event["n"] for event in scene.emulator.all_events() if event["event"] == "REQUEST"
                     and event["n"] > start and not audit.is_read(event)
                     and not event["kind"].startswith("TOKEN"))
        return write - start, scene.position() - start
    finally:
        scene.close()


def runs(rows, seed):
    """Of the mapping every deed after every line, each with two offsets that the seed draws; of the
    others the provider's and the host's end and one interrupt from the write on, with one offset:
    what comes before it is the same requests as in the matrix, and nothing is there to be lost."""
    draw, found = random.Random(seed), []
    for row in rows:
        for operation in OPERATIONS:
            if operation not in matrix.operations_of(row):
                continue
            write, last = lines_of(row, operation)
            parts = 2 if row.is_whole else 1
            found += [Kill(row, operation, deed, line, draw.randrange(
                          part * OFFSETS_MS // parts, (part + 1) * OFFSETS_MS // parts))
                      for line in range(1 if row.is_whole else write, last + 1)
                      for deed in (DEEDS if row.is_whole else FEW) for part in range(parts)]
    return found


def parse(name):
    """The run of a name, with its own offset."""
    for row in ROWS.values():
        found = re.fullmatch(rf"{row.prefix}({'|'.join(OPERATIONS)})_({'|'.join(DEEDS)})_after"
                             r"(\d+)_(\d+)ms", name)
        if found:
            return Kill(row.learn(), found[1], found[2], int(found[3]), int(found[4]))
    return None
