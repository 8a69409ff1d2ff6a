# Faults: the script, which rule fires when, and what a rule makes of an answer. What it makes of
# the bytes is in raw_response.py. A rule is {"match": "PUT#1", "when": "after", "what": "rst", …}.
# SPDX-License-Identifier: MPL-2.0
import copy
import re
import time
from dataclasses import dataclass

from . import log
from .state import State
from .text import Invalid, is_number, write_json

HTML = ("<!DOCTYPE html><html><head><title>Gateway</title></head>"
        "<body><h1>Something else answered</h1></body></html>\n")
JSON = "application/json; charset=utf-8"
OTHER_GUID = "99999999-0000-4000-8000-000000000000"
CODES = {400: "BadRequest", 401: "InvalidAuthenticationToken", 403: "AuthorizationFailed",
         404: "ResourceNotFound", 409: "Conflict", 412: "PreconditionFailed",
         429: "TooManyRequests", 500: "InternalServerError", 502: "BadGateway",
         503: "ServiceUnavailable", 504: "GatewayTimeout"}
MESSAGE = "This is what the fault script asked for."
TLS_MODES = "expired|not_yet_valid|wrong_name|self_signed|unknown_ca|tls11|plaintext|cut"
# Members that are one of some words, whichever fault they go with.
CHOICES = {"when": "before|after", "then": "rst|fin|end|hang", "body": "envelope|empty|html",
           "to": "canary|http|self", "mode": TLS_MODES}
canary_port = None    # where redirects and nextLink lead to


@dataclass
class Fault:
    what: str
    members: str         # besides match, when and what
    is_before: bool      # the request takes no effect, unless `when` says otherwise
    needs_answer: bool   # it alters the answer; else there is none, or another
    doc: str
    alter: object = None  # (exchange, rule): changes the answer; None: raw_response.py carries it badly


# --- another answer -----------------------------------------------------------------------


def alter_status(x, rule):
    status, body = rule["status"], rule.get("body", "envelope")
    x.text(status, None, None)
    x.answer_headers.clear()    # a Retry-After is of the answer that this one replaces
    if body == "html":
        x.text(status, HTML, "text/html")
    elif body == "envelope":
        x.error(status, rule.get("code", CODES.get(status, "Fault")), MESSAGE)
    after = rule.get("retry_after")
    if after == "ms":
        x.answer_headers["x-ms-retry-after-ms"] = "300"
    elif isinstance(after, str) or (is_number(after) and after >= 0):
        named = {"date": log.http_date(time.time() + 2), "huge": "99999999999999999999",
                 "negative": "-5", "garbage": 'soon; "very"'}
        x.answer_headers["Retry-After"] = named.get(after, str(after))


def elsewhere(x, rule):
    """The listener that must not be contacted, with and without TLS and under another name, or back
    to the same address."""
    to = rule.get("to", "canary")
    if to == "self":
        return x.origin + x.target
    return f"{'http' if to == 'http' else 'https'}://127.0.0.1:{canary_port}{x.target}"


def alter_redirect(x, rule):
    x.text(rule.get("status", 307), None, None)
    x.answer_headers["Location"] = elsewhere(x, rule)


def alter_next_link(x, rule):
    if x.body_out is not None:
        x.body_out["nextLink"] = elsewhere(x, rule)


def alter_text(text, kind=JSON):
    return lambda x, rule: x.text(x.status, text, kind)


def alter_duplicate_keys(x, rule):
    """Every key twice, the wrong one first."""
    right = write_json(x.body_out if x.body_out is not None else {})
    wrong = write_json({"id": "/" + OTHER_GUID, "properties": {"tenantId": OTHER_GUID},
                        "value": [], "items": [], "access_token": "other"})
    shown = x.shown
    x.text(x.status, wrong[:-1] + ("" if right == "{}" else ",") + right[1:], JSON)
    x.shown = shown


def alter_items(change):
    def alter(x, rule):
        body = x.body_out or {}
        one = [] if "error" in body else [body]
        for item in body.get("value", body.get("items", one)) or []:
            change(item)
    return alter


def other_tenant(item):
    if "properties" in item:
        item["properties"]["tenantId"] = OTHER_GUID


def other_id(item):
    head, slash, _ = item.get("id", "").rpartition("/")
    item.update(id=head + slash + OTHER_GUID, name=OTHER_GUID)


TABLE = [
    Fault("status", "status|body|code|retry_after", True, False,
          "another status; body envelope, empty or html; retry_after a number, date, ms, huge, "
          "negative or garbage", alter_status),
    Fault("redirect", "to|status", True, False, "to canary, http or self", alter_redirect),
    Fault("html", "", False, True, "a web page instead of JSON, status unchanged",
          alter_text(HTML, "text/html")),
    Fault("not_json", "", False, True, "a body that is not JSON",
          alter_text('{"id": not json at all')),
    Fault("deep", "", False, True, "a body nested 100000 deep",
          alter_text('{"properties":' + "[" * 100000 + "]" * 100000 + "}")),
    Fault("duplicate_keys", "", False, True, "every key twice, the wrong value first",
          alter_duplicate_keys),
    Fault("other_tenant", "", False, True, "another tenant than the mapping's",
          alter_items(other_tenant)),
    Fault("other_id", "", False, True, "another mapping's id", alter_items(other_id)),
    Fault("empty_id", "", False, True, "an id and a name without text",
          alter_items(lambda item: item.update(id="", name=""))),
    Fault("next_link", "to", False, True, "a list that goes on at canary, http or self",
          alter_next_link),
    # The right answer, badly carried.
    Fault("half", "then", False, True, "half of the answer, then rst, fin, end or hang"),
    Fault("truncated", "", False, True, "a body shorter than its Content-Length"),
    Fault("wrong_length", "", False, True, "a Content-Length shorter than the body"),
    Fault("slow", "interval_ms", False, True, "one byte at a time"),
    Fault("endless", "", False, True, "chunks without end"),
    Fault("gzip_bomb", "", False, True, "a small body that unpacks to more than 100 MB"),
    # None.
    Fault("rst", "", False, False, "no answer: the connection is reset"),
    Fault("fin", "", False, False, "no answer: TCP ends, TLS does not"),
    Fault("end", "", False, False, "no answer: TLS and TCP end properly"),
    Fault("hang", "", False, False, "no answer, and no end"),
    Fault("refuse", "ms", True, False, "no answer, and for so long no listener"),
    Fault("silence", "ms", False, False,
          "no answer, and for so long connections are made and hear nothing"),
    Fault("tls", "mode|ms", False, False,
          "no answer, and for so long (0: for good) the switch tls is in this mode"),
]
table = {row.what: row for row in TABLE}
kinds = []    # of requests, as the services name them


def declare(faults, kinds_of_requests):
    table.update((row.what, row) for row in faults)
    kinds.extend(kind for kind in kinds_of_requests if kind not in kinds)


# --- the script ---------------------------------------------------------------------------

_script = State(rules=list, counts=dict)


def parse_match(match):
    """"PUT#3", "PUT#2-4", "PUT#2+" or "PUT#*" as (kind, first, last); Invalid."""
    found = re.fullmatch(r"(\w+)#(?:(\d+)(?:(\+)|-(\d+))?|\*)", str(match))
    kind, first, is_open, last = found.groups() if found else (None,) * 4
    end = float("inf") if first is None or is_open else int(last or first)
    if kind not in [*kinds, "ANY"] or not 1 <= int(first or 1) <= end:
        raise Invalid(f"match '{match}' is not like PUT#1, PUT#2-4, PUT#2+ or PUT#*, with one of "
                    f"{'|'.join(kinds)}|ANY")
    return kind, int(first or 1), end


def check(rule):
    """A rule as it is used; Invalid."""
    if not isinstance(rule, dict):
        raise Invalid("a rule is an object")
    rule = copy.deepcopy(rule)
    parse_match(rule.get("match"))
    # "status=503" for {"what": "status", "status": 503}
    what, equals, status = str(rule.get("what")).partition("=")
    if equals and what == "status" and status.isdigit():
        rule.update(what=what, status=int(status))
    row = table.get(rule.get("what"))
    if row is None:
        raise Invalid(f"what '{rule.get('what')}' is not known")
    for member, value in rule.items():
        if member not in ("match", "when", "what", *row.members.split("|")):
            raise Invalid(f"{row.what} has no member {member}")
        if member in CHOICES and value not in CHOICES[member].split("|"):
            raise Invalid(f"{member} is one of {CHOICES[member]}")
        if member in ("status", "ms", "interval_ms") and not is_number(value):
            raise Invalid(f"{member} is a whole number")
    if row.what == "status" and rule.get("status", 0) < 200:
        raise Invalid("status needs a status of 200 or more")
    return rule


def put(script):
    """The whole script, counting from the start; Invalid."""
    if not isinstance(script, list):
        raise Invalid("faults is an array")
    rules = [check(rule) for rule in script]
    _script.reset()
    _script.rules = rules


def match(kind):
    """Counts this request; the rule that fires on it, or None."""
    for name in (kind, "ANY"):
        _script.counts[name] = _script.counts.get(name, 0) + 1
    for rule in _script.rules:
        wanted, first, last = parse_match(rule["match"])
        if wanted in (kind, "ANY") and first <= _script.counts[wanted] <= last:
            return rule
    return None


def is_before(rule):
    """Does the rule keep the request from taking effect?"""
    return rule["when"] == "before" if "when" in rule else table[rule["what"]].is_before


def dump():
    return {"faults": _script.rules, "counts": _script.counts, "known": list(table)}


def manual():
    yield "  match: KIND#1, KIND#2-4, KIND#2+ or KIND#*, with one of the kinds"
    yield f"    {'|'.join(kinds)}|ANY"
    yield "  when: before or after the request has taken its effect"
    yield "  what, and the members that go with it:"
    for row in table.values():
        yield (f"    {row.what}{' ' if row.members else ''}{row.members}: {row.doc}; "
               f"{'before' if row.is_before else 'after'} by itself")
