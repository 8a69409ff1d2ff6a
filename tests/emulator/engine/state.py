# What services remember. All of it can be cleared (reset), and brought back (rehearse).
# SPDX-License-Identifier: MPL-2.0
import contextlib
import copy

from . import log

_all = []


class State:
    """State(tokens=dict) has the attribute `tokens`, which a reset makes again by calling dict."""

    def __init__(self, **factories):
        self._factories = factories
        self.reset()
        _all.append(self)

    def reset(self):
        for name, make in self._factories.items():
            setattr(self, name, make())


def reset():
    for state in _all:
        state.reset()


@contextlib.contextmanager
def rehearse():
    """Whatever happens within has no effect afterwards, and none of it is logged."""
    saved = [{name: copy.deepcopy(getattr(state, name)) for name in state._factories}
             for state in _all]
    log.requests.is_rehearsal = True
    try:
        yield
    finally:
        log.requests.is_rehearsal = False
        for state, values in zip(_all, saved):
            vars(state).update(values)
