# Kills at every moment: of the provider, of the host, and requests to stop, once and twice.
#
# A moment is the k-th line of the service's log and a few milliseconds more. Answers take
# 60 ms, so that there is time between a request, its effect and its answer.
# SPDX-License-Identifier: MPL-2.0
import os
import random
import signal
import time

import matrix
from workspace import ADDRESS, PAYER, Scene, children, finish, id_of, resource

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


def do(deed, process):
    """What was done; None: there was nobody to do it to."""
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


def prepare(scene, operation, template):
    scene.write(resource(timeout=f"{TIMEOUT_S}s") if operation == "create" else "")
    if operation == "delete":
        scene.write(matrix.state_of(template, matrix.NAMES[:1]), "terraform.tfstate")
        scene.control.ask("map", {"id": id_of(), "tenant_id": PAYER.format(1)})
    return scene.mappings(), scene.state(), scene.position()


def close(scene, operation, before, state, start):
    return finish(scene, {ADDRESS: id_of()},
                  {ADDRESS: PAYER.format(1)} if operation == "create" else {},
                  before, state, start)


class Kill:
    mark = "fired"

    def __init__(self, operation, deed, lines, offset_ms):
        self.operation, self.deed, self.lines = operation, deed, lines
        self.offset_ms = offset_ms
        self.name = f"{operation}_{deed}_after{lines:02}_{offset_ms}ms"

    def play(self, template, keep=False):
        scene, is_kept = Scene(), True
        try:
            scene.control.ask("switches", {"latency_ms": LATENCY_MS})
            before, state, start = prepare(scene, self.operation, template)
            moment = Moment(scene, start, self.lines, self.offset_ms, self.deed)
            command = scene.host("apply", "-auto-approve", limit_s=2 * TIMEOUT_S + GRACE_S,
                                 meanwhile=moment)
            moment.stream.close()
            fired = command.was_killed or command.was_interrupted
            complaints = close(scene, self.operation, before, state, start)
            is_kept = keep or bool(complaints)
            return complaints, fired, scene
        finally:
            scene.close(keep=is_kept)


def count_lines(operation, template):
    """How many lines the service's log has of an undisturbed run."""
    scene = Scene()
    try:
        _, _, start = prepare(scene, operation, template)
        command = scene.host("apply", "-auto-approve")
        if command.status != 0:
            raise AssertionError(f"{operation} without a kill:\n{command.output}")
        return scene.position() - start
    finally:
        scene.close()


def runs(template, seed):
    """Every deed after every line, each with two offsets that the seed draws."""
    draw = random.Random(seed)
    return [Kill(operation, deed, line, draw.randrange(part * OFFSETS_MS // 2,
                                                       (part + 1) * OFFSETS_MS // 2))
            for operation in OPERATIONS
            for line in range(1, count_lines(operation, template) + 1)
            for deed in DEEDS for part in range(2)]


def parse(name):
    """The run of a name, with its own offset."""
    for operation in OPERATIONS:
        for deed in DEEDS:
            head = f"{operation}_{deed}_after"
            if name.startswith(head):
                lines, offset = name[len(head):].split("_")
                return Kill(operation, deed, int(lines), int(offset.removesuffix("ms")))
    return None
