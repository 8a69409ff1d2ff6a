# The logs: one JSON line per event, written at once, numbered from 1.
# SPDX-License-Identifier: MPL-2.0
import os
import time

from .text import write_json


def wall_ms():
    return time.time_ns() // 1000000


def clock_ms():
    """For durations: this clock is never set."""
    return time.monotonic_ns() // 1000000


def http_date(seconds):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(seconds))


class Log:
    """A file that appears with open(), or with its first line."""

    def __init__(self, name):
        self.name, self.path, self.number, self.is_rehearsal = name, None, 0, False
        self.file = None

    def open(self):
        self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)

    def event(self, event, **fields):
        """The number of the line. While a request is only rehearsed it has no effects."""
        if self.is_rehearsal and event == "EFFECT":
            return self.number
        if self.file is None:
            self.open()
        self.number += 1
        line = write_json({"n": self.number, "t": wall_ms(), "event": event, **fields})
        os.write(self.file, (line + "\n").encode(errors="replace"))
        return self.number


requests = Log("requests.log")
canary = Log("canary.log")


def start(directory):
    for log in (requests, canary):
        log.path = os.path.join(directory, log.name)
    requests.open()
