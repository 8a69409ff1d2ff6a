# Switches: how a service answers where public sources do not say how it does. Each service declares
# its own; --help, the control interface and the tests read what was declared.
# SPDX-License-Identifier: MPL-2.0
from dataclasses import dataclass, field

from .text import Invalid, is_number, write_json

ON_OFF, NUMBER, MAP = "true|false", "a whole number", "an object"


@dataclass
class Switch:
    name: str
    values: str           # ON_OFF, NUMBER, MAP, or words: "a|b|c"
    default: object
    doc: str
    question: str = ""    # the open question about the real service
    aliases: dict = field(default_factory=dict)  # JSON is written by hand here: True for a word
    on_change: object = None                     # called when it is set

    def read(self, value):
        """The value as it is stored; Invalid."""
        if self.values == ON_OFF:
            words = {True: True, False: False, "on": True, "yes": True, "true": True,
                     "off": False, "no": False, "false": False}
            if isinstance(value, (bool, str)) and value in words:
                return words[value]
            raise Invalid(f"{self.name} is true or false")
        if self.values == NUMBER:
            if is_number(value) and value >= 0:
                return value
            raise Invalid(f"{self.name} is a whole number, 0 or more")
        if self.values == MAP:
            if isinstance(value, dict) and all(is_number(number) for number in value.values()):
                return value
            raise Invalid(f"{self.name} is an object of whole numbers")
        word = self.aliases.get(value) if isinstance(value, bool) else str(value)
        if word in self.values.split("|"):
            return word
        raise Invalid(f"{self.name} is one of {self.values}")


rows = {}
_values = {}


def declare(switches):
    for switch in switches:
        if switch.name in rows or switch.read(switch.default) != switch.default:
            raise AssertionError(f"the switch {switch.name} is declared wrongly")
        rows[switch.name] = switch


def reset():
    _values.update((name, row.default) for name, row in rows.items())


def put(name, value):
    """Sets it; Invalid."""
    if name not in rows:
        raise Invalid(f"there is no switch {name}")
    _values[name] = rows[name].read(value)


def put_all(values):
    """As a request from outside names it; Invalid."""
    if not isinstance(values, dict):
        raise Invalid("switches is an object")
    for name, value in values.items():
        put(name, value)
    for name in values:
        if rows[name].on_change:
            rows[name].on_change()


def value(name):
    return _values[name]


def is_(name, word):
    """Has the switch this of its words?"""
    if word not in rows[name].values.split("|"):
        raise AssertionError(f"{name} is never {word}")
    return _values[name] == word


def describe():
    return [{"name": row.name, "values": row.values, "value": _values[row.name],
             "default": row.default, "doc": row.doc, "question": row.question}
            for row in rows.values()]


def manual():
    for row in rows.values():
        yield f"  {row.name}: {row.values}"
        yield f"    {row.doc}; {write_json(row.default)} when not set"
        if row.question:
            yield f"    open question: {row.question}"
