# GUIDs, percent-encoding, forms, and JSON that is read strictly.
# SPDX-License-Identifier: MPL-2.0
import hashlib
import json
import re
import uuid
from urllib.parse import unquote

is_guid = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_is_broken_escape = re.compile("%(?![0-9a-fA-F]{2})|%00").search

write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Invalid(Exception):
    """What a person wrote by hand is wrong: the configuration, a switch, a fault. The text says
    how."""


def random_guid():
    return str(uuid.uuid4())


def derive_guid(words):
    """The same words always give the same GUID: 16 bytes of their SHA-256, marked as random."""
    return str(uuid.UUID(bytes=hashlib.sha256(words.encode()).digest()[:16], version=4))


def show(data):
    """Bytes as text for the log: what is not UTF-8 becomes question marks."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return re.sub("[^\0-\x7f]", "?", data.decode("latin1"))


def percent_decode(text, plus_is_space=False):
    """ValueError says what is wrong with it."""
    if _is_broken_escape(text):
        raise ValueError("a broken percent escape")
    try:
        return unquote(text.replace("+", " ") if plus_is_space else text, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("a parameter that is not UTF-8") from None


def parse_form(text, plus_is_space=False, ignore_case=False):
    """"a=1&b=2" as {"a": "1", "b": "2"}. ValueError says what is wrong with it."""
    form = {}
    for pair in filter(None, text.split("&")):
        name, _, value = pair.partition("=")
        name = percent_decode(name, plus_is_space)
        name = name.lower() if ignore_case else name
        if name in form:
            raise ValueError("a parameter that comes twice")
        form[name] = percent_decode(value, plus_is_space)
    return form


def _without_duplicates(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice in an object")
    return found


def _no_constant(word):
    raise ValueError(f"{word} is not JSON")


def read_json(data):
    """An object or an array, without duplicate keys. ValueError says what is wrong with it."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_without_duplicates,
                           parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(value, (dict, list)):
        raise ValueError("it is neither an object nor an array")
    return value


def check_members(value, rule, name="it"):
    """`rule` is a type, or {member: its rule} of an object, in which every member may be missing or
    null. ValueError says what else there is."""
    if not isinstance(value, dict if isinstance(rule, dict) else rule):
        raise ValueError(f"'{name}' is no {'object' if isinstance(rule, dict) else rule.__name__}")
    if isinstance(rule, dict):
        for member, inner in value.items():
            if member not in rule:
                raise ValueError(f"there is no member '{member}', or it is read-only")
            if inner is not None:
                check_members(inner, rule[member], member)


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def without_slash(address):
    return address[:-1] if address.endswith("/") else address
