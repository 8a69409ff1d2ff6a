# The fault matrix: every operation, every request in it, every fault.
#
# An operation is played once without a fault; the requests that the service's log shows are
# its steps, so that a new request is a new step without an edit here.
# SPDX-License-Identifier: MPL-2.0
import json
import re

from workspace import ADDRESS, PAYER, Scene, finish, id_of, resource

# name: (the mapping is there, it is in state, it is in the configuration, the command,
#        how many calls with a timeout of ours are made one after another, how many plans of
#        something new). An operation on many has three of them, so that reads are shared.
OPERATIONS = {
    "create": (False, False, True, ("apply", "-auto-approve"), 1, 2),
    "read": (True, True, True, ("plan", "-detailed-exitcode"), 1, 0),
    "readgone": (False, True, True, ("plan", "-detailed-exitcode"), 1, 1),
    "refresh": (True, True, True, ("apply", "-refresh-only", "-auto-approve"), 1, 0),
    "refreshgone": (False, True, True, ("apply", "-refresh-only", "-auto-approve"), 1, 0),
    "delete": (True, True, False, ("apply", "-auto-approve"), 2, 0),
    "deletegone": (False, True, False, ("apply", "-auto-approve", "-refresh=false"), 1, 0),
    "import": (True, False, True, ("apply", "-auto-approve"), 1, 0),
    "readmany": (True, True, True, ("plan", "-detailed-exitcode"), 3, 0),
    "goneofmany": (False, True, True, ("plan", "-detailed-exitcode"), 3, 1),
}
NAMES = ("tenant", "second", "third")
# What has to be among the steps, or the matrix tests nothing.
EXPECTED = {
    "create": ["TOKEN#1", "GET#1", "PUT#1", "GET#2"],
    "read": ["TOKEN#1", "GET#1"],
    "readgone": ["TOKEN#1", "GET#1", "REGISTRATION#1"],
    "refresh": ["TOKEN#1", "GET#1"],
    "refreshgone": ["TOKEN#1", "GET#1", "REGISTRATION#1"],
    "delete": ["TOKEN#1", "GET#1", "TOKEN#2", "DELETE#1"],
    "deletegone": ["TOKEN#1", "DELETE#1"],
    "import": ["TOKEN#1", "GET#1"],
    "readmany": ["TOKEN#1"],
    "goneofmany": ["TOKEN#1"],
}
SHORT_S, LONG_S = 6, 20
PLAN_S = 20     # what a plan takes at most to ask what the configuration cannot show
IMPORT_S = 300  # no timeouts block reaches an import: the provider's own limit for a read

ENDINGS = ("hang", "fin", "rst", "end")
STATUSES = (400, 401, 403, 404, 409, 429, 500, 502, 503, 504)
BODIES = ("truncated", "wrong_length", "endless", "gzip_bomb", "deep", "duplicate_keys",
          "not_json", "html")
TLS_MODES = ("expired", "not_yet_valid", "wrong_name", "self_signed", "unknown_ca", "tls11",
             "plaintext", "cut")


def kind_of(event):
    """As the emulator's fault script calls a request."""
    path = event["path"].split("?")[0]
    if "/oauth2/" in path:
        return "TOKEN"
    if event["method"] != "GET":
        return event["method"]
    if re.search(r"/customerSubscriptions/[^/]+$", path, re.IGNORECASE):
        return "GET"
    return "LIST" if path.lower().endswith("/customersubscriptions") else "REGISTRATION"


def steps_of(events):
    counts, steps = {}, []
    for event in events:
        kind = kind_of(event)
        counts[kind] = counts.get(kind, 0) + 1
        steps.append(f"{kind}#{counts[kind]}")
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


def body_faults(kind, is_write):
    found = {}
    for body in BODIES:
        found |= sided(f"body_{body}", {"what": body}, is_write)
    if kind != "TOKEN":
        for body in ("other_tenant", "other_id", "empty_id"):
            found |= sided(f"body_{body}", {"what": body}, is_write)
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


def faults_for(kind):
    is_write = kind in ("PUT", "DELETE")
    found = {**answer_faults(is_write), **status_faults(is_write),
             **body_faults(kind, is_write), **line_faults()}
    if kind == "TOKEN":
        found |= token_faults()
    if kind == "LIST":
        found |= {f"nextlink_{to}": {"what": "next_link", "to": to}
                  for to in ("canary", "http", "self")}
    return found


def scripts_for(steps, step):
    """name -> script of one step; a write is also hurt with all that follows hurt as well."""
    kind, number = step.split("#")
    found = {name: [{"match": step, **rule}] for name, rule in faults_for(kind).items()}
    if kind in ("PUT", "DELETE"):
        gets = 1 + sum(1 for known in steps[:steps.index(step)] if known.startswith("GET#"))
        ever_after = {"rst": {"what": "rst"}, "hang": {"what": "hang"},
                      "500": {"what": "status", "status": 500},
                      "403": {"what": "status", "status": 403},
                      "html": {"what": "html"}}
        for when in ("before", "after"):
            for name, rule in ever_after.items():
                found[f"nothing_rst_{when}_then_{name}"] = [
                    {"match": step, "what": "rst", "when": when},
                    {"match": f"GET#{gets}+", **rule}]
    if kind == "TOKEN" and number == "1":
        for name, rule in (("rst", {"what": "rst"}), ("500", {"what": "status", "status": 500}),
                           ("429", {"what": "status", "status": 429, "retry_after": 1})):
            found[f"always_{name}"] = [{"match": "TOKEN#1+", **rule}]
    return found


def is_slow(name):
    return re.search("hang|crawl|full_before|then_|always|silence|tls_", name) is not None


def tells_lies(operation, step, name):
    """The service denies what is there, or says of somebody else that it pays."""
    kind = step.split("#")[0]
    if operation in ("readmany", "goneofmany"):
        return name in ("body_other_tenant", "body_duplicate_keys") or (
            kind == "GET" and name in ("status_404_envelope", "status_404_empty"))
    if kind == "GET" and operation in ("read", "refresh", "delete", "import"):
        return name in ("status_404_envelope", "status_404_empty", "body_other_tenant",
                        "body_duplicate_keys")
    if kind == "DELETE" and operation == "delete":
        return name in ("status_404_envelope", "status_404_empty", "full_before") or (
            name.startswith("body_") and name.endswith("_before"))
    return False


class Run:
    """One cell of the matrix; its mark says that it went well without help."""

    mark = "without help"

    def __init__(self, operation, step=None, fault=None, script=(), tls=None):
        self.operation, self.step, self.fault = operation, step, fault
        self.script, self.tls = list(script), tls
        self.is_quick = not is_slow(fault or "")
        self.is_long = operation == "import" and not self.is_quick
        place = step.lower().replace("#", "") if step else "all" if tls else "no"
        self.name = f"{operation}_{place}_{fault or 'fault'}"

    def fired(self):
        if self.tls:
            return [{"event": "CONNECT", "tls": self.tls}]
        return [{"event": "FAULT", "kind": rule["match"].split("#")[0], "what": rule["what"]}
                for rule in self.script[:1]]

    def play(self, template, keep=False):
        is_there, in_state, in_configuration, command, calls, plans = OPERATIONS[self.operation]
        timeout_s = SHORT_S if is_slow(self.fault or "") else LONG_S
        limit_s = IMPORT_S if self.operation == "import" else (
            timeout_s * calls + PLAN_S * plans)
        scene = Scene()
        is_kept = keep
        try:
            names = NAMES if "many" in self.operation else NAMES[:1]
            # One after the other, or the steps would come in another order each time.
            text = "".join(resource(number + 1, name, f"{timeout_s}s",
                                    after=names[number - 1] if number else None)
                           for number, name in enumerate(names))
            scene.write(text if in_configuration else "")
            if self.operation == "import":
                scene.write(f'import {{\n  to = {ADDRESS}\n  id = "{id_of()}"\n}}\n',
                            "import.tf")
            if in_state:
                scene.write(state_of(template, names, timeout_s), "terraform.tfstate")
            # Of many it is the second that is gone.
            gone = None if is_there else 2 if len(names) > 1 else 1
            for number in range(1, len(names) + 1):
                if number == gone:
                    continue
                scene.control.ask("map", {"id": id_of(number),
                                          "tenant_id": PAYER.format(number)})
            scene.control.ask("faults", self.script)
            if self.tls:
                scene.control.ask("switches", {"tls": self.tls})
            before, state, start = scene.mappings(), scene.state(), scene.position()
            scene.host(*command, limit_s=limit_s)
            self.steps = steps_of([event for event in scene.events()
                                   if event["event"] == "REQUEST"])
            complaints = finish(
                scene, {address_of(name): id_of(number + 1)
                        for number, name in enumerate(names)},
                {address_of(name): PAYER.format(number + 1)
                 for number, name in enumerate(names)} if in_configuration else {},
                before, state, start,
                self.fired(),
                tells_lies=tells_lies(self.operation, self.step or "", self.fault or ""),
                # A token without a life cannot be known as too old before it is used.
                may_reject="ExpiredAuthenticationToken" if "expires" in self.name else "")
            is_alone = scene.commands[0].status != 1
            is_kept = keep or bool(complaints)
            return complaints, is_alone, scene
        finally:
            scene.close(keep=is_kept)


def address_of(name):
    return f"azurestack_customer_subscription.{name}"


def state_of(template, names, timeout_s=LONG_S):
    """The state with only these, and with this timeout."""
    content = json.loads(template.replace(f'"{LONG_S}s"', f'"{timeout_s}s"'))
    content["resources"] = [item for item in content["resources"] if item["name"] in names]
    return json.dumps(content)


def learn():
    """The state to start from, made by the host itself."""
    scene = Scene()
    try:
        scene.write("".join(resource(number + 1, name, f"{LONG_S}s")
                            for number, name in enumerate(NAMES)))
        made = scene.host("apply", "-auto-approve")
        if made.status != 0:
            raise AssertionError(f"nothing works, without any fault:\n{made.output}")
        with open(f"{scene.dir}/terraform.tfstate", encoding="utf-8") as stream:
            return stream.read()
    finally:
        scene.close()


def rehearse(operation, template):
    """Its steps; the run without a fault has to be flawless."""
    run = Run(operation)
    complaints, *_ = run.play(template)
    missing = [step for step in EXPECTED[operation] if step not in run.steps]
    if complaints or missing:
        raise AssertionError(f"{operation} without a fault: {complaints}, of {run.steps} "
                             f"{missing} is missing")
    return run.steps


def runs_of(operation, steps):
    found = [Run(operation, step, name, script)
             for step in steps for name, script in scripts_for(steps, step).items()]
    found += [Run(operation, None, f"tls_{mode}", tls=mode) for mode in TLS_MODES]
    # Nothing shortens the wait of an import that never gets an answer: five minutes.
    return [run for run in found if operation != "import"
            or not re.match("always_|tls_cut$", run.fault)]
