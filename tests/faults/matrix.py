# The fault matrix: every operation, every request in it, every fault.
#
# An operation is played once without a fault; the requests that the service's log shows are
# its steps, so that a new request is a new step without an edit here.
# SPDX-License-Identifier: MPL-2.0
import re

from rows import LONG_S
from workspace import Scene, audit, finish

# name: (the object is there, it is in state, it is in the configuration, the command,
#        how many calls with a timeout of ours are made one after another, how many plans of
#        something new). An operation on many has three of them, so that reads are shared.
READ, APPLY, REFRESH = (("plan", "-detailed-exitcode"), ("apply", "-auto-approve"),
                        ("apply", "-refresh-only", "-auto-approve"))
OPERATIONS = {
    "create": (False, False, True, APPLY, 1, 2),
    "update": (True, True, True, APPLY, 2, 0),
    "replace": (True, True, True, APPLY, 3, 2),
    "read": (True, True, True, READ, 1, 0),
    "readgone": (False, True, True, READ, 1, 1),
    "refresh": (True, True, True, REFRESH, 1, 0),
    "refreshgone": (False, True, True, REFRESH, 1, 0),
    "delete": (True, True, False, APPLY, 2, 0),
    "deletegone": (False, True, False, (*APPLY, "-refresh=false"), 1, 0),
    "import": (True, False, True, APPLY, 1, 0),
    "readmany": (True, True, True, READ, 3, 0),
    "goneofmany": (False, True, True, READ, 3, 1),
}
# Those of a row that is not played as a whole: the others ask the service nothing else.
CHOICE = ("create", "update", "replace", "delete", "import", "refresh", "refreshgone")
WRITES = {"create": ("create",), "update": ("update",), "replace": ("destroy", "create"),
          "delete": ("destroy",), "deletegone": ("destroy",)}
SHORT_S = 6
PLAN_S = 20     # what a plan takes at most to ask what the configuration cannot show
IMPORT_S = 300  # no timeouts block reaches an import: the provider's own limit for a read

ENDINGS = ("hang", "fin", "rst", "end")
STATUSES = (400, 401, 403, 404, 409, 429, 500, 502, 503, 504)
BODIES = ("truncated", "wrong_length", "endless", "gzip_bomb", "deep", "duplicate_keys",
          "not_json", "html")
TLS_MODES = ("expired", "not_yet_valid", "wrong_name", "self_signed", "unknown_ca", "tls11",
             "plaintext", "cut")


class Step:
    """A request, named as the fault script matches it."""

    def __init__(self, name, verb, is_object):
        self.name, self.verb, self.is_object = name, verb, is_object
        self.kind, self.number = name.split("#")
        self.is_write = verb not in ("GET", "TOKEN")


def steps_of(events, ids, shown_by=()):
    counts, steps = {}, []
    for event in events:
        kind, path = event["kind"], event["path"].split("?")[0]
        counts[kind] = counts.get(kind, 0) + 1
        verb = ("TOKEN" if kind.startswith("TOKEN") else "GET" if audit.is_read(event)
                else event["method"])
        steps.append(Step(f"{kind}#{counts[kind]}",
                          path.rsplit("/", 1)[1] if verb == "POST" else verb,
                          path in ids or kind in shown_by))
    return steps


# --- the faults: name -> rule -------------------------------------------------------------


def sided(name, rule, is_write):
    """A write may be hurt before it takes effect or after."""
    if not is_write:
        return {name: rule}
    return {f"{name}_{when}": {**rule, "when": when} for when in ("before", "after")}


def answer_faults(is_write):
    found = {}
    for ending in ENDINGS:
        found |= sided(f"nothing_{ending}", {"what": ending}, is_write)
        found |= sided(f"half_{ending}", {"what": "half", "then": ending}, is_write)
    if is_write:
        # A byte after the other, at once: the right answer, of something that never happens.
        found["full_before"] = {"what": "slow", "interval_ms": 0, "when": "before"}
    return found


def status_faults(is_write):
    found = {}
    for status in STATUSES:
        for body in ("envelope", "empty", "html"):
            rule = {"what": "status", "status": status, "body": body}
            found |= sided(f"status_{status}_{body}", rule, is_write and status >= 500)
    for name, value in (("seconds", 1), ("date", "date"), ("ms", "ms"), ("huge", "huge"),
                        ("negative", "negative"), ("garbage", "garbage"), ("hour", 3600)):
        found[f"throttle_429_{name}"] = {"what": "status", "status": 429, "retry_after": value}
    found["throttle_503_seconds"] = {"what": "status", "status": 503, "retry_after": 1}
    found["throttle_503_hour"] = {"what": "status", "status": 503, "retry_after": 3600}
    return found


def body_faults(step):
    found = {}
    for body in BODIES:
        found |= sided(f"body_{body}", {"what": body}, step.is_write)
    if step.kind != "TOKEN":
        for body in ("other_tenant", "other_id", "empty_id"):
            found |= sided(f"body_{body}", {"what": body}, step.is_write)
    return found


def line_faults():
    found = {
        "speed_crawl": {"what": "slow", "interval_ms": 10000},
        "speed_trickle": {"what": "slow", "interval_ms": 10},
        "speed_silence": {"what": "silence", "ms": 2000},
        "line_refused": {"what": "refuse", "ms": 2000},
    }
    for mode in TLS_MODES:
        found[f"tls_{mode}"] = {"what": "tls", "mode": mode}
    found["tls_cut_brief"] = {"what": "tls", "mode": "cut", "ms": 1500}
    found["tls_plaintext_brief"] = {"what": "tls", "mode": "plaintext", "ms": 1500}
    for to in ("canary", "http", "self"):
        for status in (302, 307):
            found[f"redirect_{status}_{to}"] = {"what": "redirect", "to": to, "status": status}
    return found


def token_faults():
    found = {f"aadsts_{code}": {"what": "aadsts", "code": code}
             for code in (7000215, 7000222, 700016, 90002, 500011, 90033, 90055)}
    for name, value in (("3s", 3), ("3s_string", "3"), ("string", "3599"), ("garbage", "soon"),
                        ("negative", -1), ("0s", 0)):
        found[f"expires_{name}"] = {"what": "expires_in", "value": value}
    found["expires_missing"] = {"what": "expires_in"}
    return found


def faults_for(step):
    found = {**answer_faults(step.is_write), **status_faults(step.is_write), **body_faults(step),
             **line_faults()}
    if step.kind == "TOKEN":
        found |= token_faults()
    if step.kind == "LIST":
        found |= {f"nextlink_{to}": {"what": "next_link", "to": to}
                  for to in ("canary", "http", "self")}
    return found


def scripts_for(steps, step):
    """name -> script of one step; a write is also hurt with all that follows hurt as well."""
    found = {name: [{"match": step.name, **rule}] for name, rule in faults_for(step).items()}
    if step.is_write:
        # What asks for the object, to know what became of the write.
        kinds = sorted({one.kind for one in steps if one.is_object and one.verb == "GET"}) or ["GET"]
        counts = {kind: 1 + sum(one.kind == kind for one in steps[:steps.index(step)])
                  for kind in kinds}
        ever_after = {"rst": {"what": "rst"}, "hang": {"what": "hang"},
                      "500": {"what": "status", "status": 500},
                      "403": {"what": "status", "status": 403},
                      "html": {"what": "html"}}
        for when in ("before", "after"):
            for name, rule in ever_after.items():
                found[f"nothing_rst_{when}_then_{name}"] = [
                    {"match": step.name, "what": "rst", "when": when},
                    *({"match": f"{kind}#{counts[kind]}+", **rule} for kind in kinds)]
    if step.name == "TOKEN#1":
        for name, rule in (("rst", {"what": "rst"}), ("500", {"what": "status", "status": 500}),
                           ("429", {"what": "status", "status": 429, "retry_after": 1})):
            found[f"always_{name}"] = [{"match": "TOKEN#1+", **rule}]
    return found


# Each kind of fault once, without its variations: how a connection ends, what the body of a refusal
# is, in which form a time is given, what is wrong with a certificate. They are the same code for every
# resource, and the mapping's row has them all.
ONCE = re.compile(
    r"nothing_rst(_before|_after)?|nothing_hang(_after)?|half_end(_after)?|full_before|"
    r"status_(400|401|403|404|409)_envelope|status_(500|503)_envelope(_before|_after)?|"
    r"throttle_429_seconds|body_(truncated|not_json|html|other_id|empty_id|duplicate_keys)(_after)?|"
    r"body_(html|duplicate_keys)_before|redirect_307_canary|tls_cut_brief|"
    r"nothing_rst_after_then_(rst|hang|500|403)|nothing_rst_before_then_(rst|403)")
# … and what a look-up besides the object can do.
LOOK_UP = re.compile(r"nothing_(rst|hang)|status_(403|404|500)_envelope|body_(not_json|empty_id)")


def choose(operation, steps):
    """(step, name, script) of a row that is not played as a whole. A look-up takes a part of the
    faults, the next one another; a poll of an operation is none of them. The requests before the write are those of another operation
    where it replaces, and tokens are the same everywhere."""
    first_write = min((at for at, step in enumerate(steps) if step.is_write), default=0)
    for at, step in enumerate(steps):
        if (operation == "replace" and at < first_write) or (
                step.verb == "TOKEN" and operation != "create"):
            continue
        found = scripts_for(steps, step)
        if step.is_write or step.is_object or "STATUS" in step.kind:
            names = [name for name in found if ONCE.fullmatch(name)]
        else:
            names = [name for name in found if LOOK_UP.fullmatch(name)][at % 3::3]
        yield from ((step, name, found[name]) for name in names)


def is_slow(name):
    return re.search("hang|crawl|full_before|then_|always|silence|tls_", name) is not None


def answers_falsely(operation, step, name):
    """The service denies what is there, or names another subscription as the one that pays."""
    verb, is_denied = step.verb, name in ("status_404_envelope", "status_404_empty")
    if operation in ("readmany", "goneofmany"):
        return name in ("body_other_tenant", "body_duplicate_keys") or (
            step.kind == "GET" and is_denied)
    if step.is_object and verb == "GET" and operation in (
            "read", "refresh", "update", "replace", "delete", "import"):
        return is_denied or name in ("body_other_tenant", "body_duplicate_keys")
    if verb == "DELETE" and operation in ("delete", "replace") or (
            step.is_write and verb == "PATCH" and operation == "delete"):
        return is_denied or name == "full_before" or (
            name.startswith("body_") and name.endswith("_before"))
    # What is answered to a create is read back; of what is there already the answer says enough.
    return step.is_write and (operation == "update" or verb == "cancel") and name in (
        "full_before", "body_duplicate_keys_before")


class Run:
    """One cell of the matrix; its mark says that it went well without help."""

    mark = "without help"

    def __init__(self, row, operation, step=None, fault="", script=(), tls=None):
        self.row, self.operation, self.step, self.fault = row, operation, step, fault
        self.script, self.tls = list(script), tls
        self.is_quick = not is_slow(fault)
        self.is_long = operation == "import" and not self.is_quick
        place = re.sub("[#_]", "", step.name.lower()) if step else "all" if tls else "no"
        self.name = f"{row.prefix}{operation}_{place}_{fault or 'fault'}"

    def fired(self):
        if self.tls:
            return [{"event": "CONNECT", "tls": self.tls}]
        return [{"event": "FAULT", "kind": rule["match"].split("#")[0], "what": rule["what"]}
                for rule in self.script[:1]]

    def prepare(self, scene, timeout_s):
        """(address -> IDs, what is wanted of each)"""
        row, operation = self.row, self.operation
        is_there, in_state, in_configuration, *_ = OPERATIONS[operation]
        forms, wanted = (row.wanted(name) for name in (
            "learn" if "many" in operation else "", operation))
        scene.put("main.tf", row.text(operation, timeout_s) if in_configuration else "")
        if operation == "import":
            scene.put("import.tf", f"import {{\n  to = {row.address(row.names[0])}\n"
                      f'  id = "{forms[row.names[0]].id}"\n}}\n')
        if in_state:
            scene.put("terraform.tfstate", row.state(list(forms), timeout_s))
        # Of many it is the second that is gone.
        gone = None if is_there else 1 if len(forms) > 1 else 0
        for number in range(len(forms)):
            if number != gone:
                row.put(scene.control, row.entries[number])
        return ({row.address(name): [form.id, wanted[name].id or form.id]
                 for name, form in forms.items()},
                {row.address(name): form.facts for name, form in wanted.items()
                 if in_configuration})

    def play(self, keep=False):
        *_, command, calls, plans = OPERATIONS[self.operation]
        plans += self.operation == "update" and self.row.update_is_checked
        timeout_s = LONG_S if self.is_quick else SHORT_S
        limit_s = IMPORT_S if self.operation == "import" else (
            timeout_s * calls + PLAN_S * plans
            + self.row.report_s * (self.operation == "delete"))
        scene = Scene(self.row)
        is_kept = keep
        try:
            addresses, wanted = self.prepare(scene, timeout_s)
            scene.control.ask("faults", self.script)
            if self.tls:
                scene.control.ask("switches", {"tls": self.tls})
            before, state, start = scene.objects(), scene.managed(), scene.position()
            scene.perform(*command, limit_s=limit_s)
            self.steps = steps_of([event for event in scene.emulator.all_events()
                                   if event["event"] == "REQUEST"],
                                  [one for ids in addresses.values() for one in ids],
                                  self.row.shown_by)
            complaints = finish(
                scene, addresses, wanted, before, state, start, self.fired(),
                answers_falsely=bool(self.step) and answers_falsely(self.operation, self.step, self.fault),
                # A token without a life cannot be known as too old before it is used.
                may_reject="ExpiredAuthenticationToken" if "expires" in self.name else "")
            is_alone = scene.commands[0].status != 1
            is_kept = keep or bool(complaints)
            return complaints, is_alone, scene
        finally:
            scene.close(keep=is_kept)


def rehearse(row, operation):
    """Its steps; the run without a fault has to be flawless, and has to write what it is for."""
    run = Run(row, operation)
    complaints, *_ = run.play()
    verbs = [verb for deed in WRITES.get(operation, ()) for verb in row.writes[deed].split()]
    seen = [step.verb for step in run.steps if step.is_write]
    if operation == "import" and seen:   # what the service does not show is written again
        verbs = row.writes["update"].split()
    is_asked = any(step.is_object or step.kind == "LIST" for step in run.steps)
    if complaints or seen != verbs or not is_asked or run.steps[0].kind == "GET":
        raise AssertionError(f"{run.name}: {complaints}; of {verbs} it wrote {seen}")
    return run.steps


def runs_of(row, operation, steps):
    if not row.is_whole:
        # Where only the answer has the ID, nothing shows that it is another one's.
        return [Run(row, operation, step, name, script)
                for step, name, script in choose(operation, steps)
                if not (row.makes_id and step.verb in row.create.split()
                        and name == "body_other_id_after")]
    found = [Run(row, operation, step, name, script)
             for step in steps for name, script in scripts_for(steps, step).items()]
    found += [Run(row, operation, None, f"tls_{mode}", tls=mode) for mode in TLS_MODES]
    # Nothing shortens the wait of an import that never gets an answer: five minutes.
    return [run for run in found if operation != "import"
            or not re.match("always_|tls_cut$", run.fault)]


def operations_of(row):
    return [name for name in (OPERATIONS if row.is_whole else CHOICE)
            if (name not in ("update", "replace") or name in row.changed)
            and (name != "delete" or row.destroy)]
