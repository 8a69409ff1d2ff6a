# The auditor: what a run left behind, compared with what the service saw.
#
# It shares no code with the provider: it reads the emulator's log and control interface, the state and
# the host's output. Eleven checks, each a function that yields complaints. recover() is what a user
# does next, by what the output says.
# SPDX-License-Identifier: MPL-2.0
import base64
import json
import re
import urllib.parse
from dataclasses import dataclass, field

SLACK_S = 5  # beside the timeouts of the configuration
# Answers that say that nothing was done, so that the same may be sent again without asking.
NOTHING_DONE = (307, 308, 401, 409, 429)

# What to do; or, of a refusal that only the service can explain, what its support asks for.
ADVICE = re.compile(r"What to do|[Cc]heck |untaint|import|again|ca_bundle|HTTP status: |"
                    r"(Correct|Make|Set|Run|Let|Compare) ")

def is_read(event):
    """It changes nothing: a report is asked for by POST."""
    return event["method"] in ("GET", "HEAD") or event["path"].split("?")[0].endswith(
        "/checkIdentityHealth")


LOST, STRAY, OTHER = "lost", "stray", "other"
KINDS = {1: LOST, 2: LOST, 3: STRAY, 4: OTHER, 5: STRAY, 6: LOST, 7: OTHER, 8: OTHER, 9: LOST,
         10: OTHER, 11: OTHER}


@dataclass
class Command:
    """One run of the host."""
    argv: list
    status: int
    output: str
    seconds: float
    limit_s: float       # the sum of the timeouts that apply to it
    first: int           # of the log's lines, the first and the last that are its own
    last: int
    phase: str           # operation, recovery, final
    was_killed: bool = False       # it, or the provider under it
    was_interrupted: bool = False  # asked to stop

    def writes_nothing(self):
        return self.argv[0] != "apply" or "-refresh-only" in self.argv

    def diagnostics(self):
        """The errors, as one line: neither the plan nor the progress counts as telling."""
        at = re.search(r"^[│╷\s]*Error: ", self.output, re.MULTILINE)
        return " ".join(re.sub(r"[│╷╵]", " ", self.output[at.start():]).split()) if at else ""

    def announced(self, addresses, writes):
        """What the plan said that it would do: {(deed, verb, id)}."""
        found = set()
        for line in self.output.splitlines():
            match = re.match(r"\s*# (\S+) (will be created|will be destroyed|.*must be replaced|"
                             r"will be updated in-place)", line)
            if match and match.group(1) in addresses:
                deeds = [deed for deed in ("create", "update", "destroy") if deed in match.group(2)]
                found |= {(deed, verb, one) for deed in deeds or ("create", "destroy")
                          for verb in writes.get(deed, "").split()
                          for one in addresses[match.group(1)]}
        return found


@dataclass
class Evidence:
    """All that the checks look at. Objects are {id: {attribute: value}}; IDs in the service's
    case."""
    row: object                     # of tests/faults/rows.py: what it is about
    addresses: dict                 # address -> IDs, for all that the configuration ever had
    wanted: dict                    # address -> {attribute: value}, for what it has at the end;
                                    # it has the last one of the IDs
    before: dict                    # objects before the operation
    after_operation: dict           # … and after it
    after: dict                     # … and at the end
    state_before: dict              # address -> {"id", "facts", "tainted"}
    state_after_operation: dict
    state_after: dict
    start: int                      # the log's last line before the operation
    events: list
    second: str                     # the log of the listener that must not be contacted
    commands: list
    fired: list                     # what has to be in the log: dicts of members
    canaries: dict                  # name -> text
    texts: dict                     # name -> bytes: everything that was written or shown
    leftovers: list = field(default_factory=list)
    answers_falsely: bool = False        # the fault makes the service deny or invent something
    may_reject: str = ""            # what the service may call wrong: begins so

    def of(self, phase):
        return [command for command in self.commands if command.phase == phase]

    def effects(self, command=None):
        """[(verb, id in lower case, command)] in their order."""
        found = []
        for event in self.events:
            what = event.get("what", "") if event["event"] == "EFFECT" else ""
            owner = self.owner(event)
            if what and event["n"] > self.start and command in (None, owner):
                verb, one = self.row.effect(event)
                found.append((verb, one.lower(), owner))
        return found

    def announced(self, command):
        return command.announced(self.addresses, self.row.writes) if command else set()

    def is_announced(self, deed, verb, one, command):
        return (deed, verb, one) in {(known, method, own.lower())
                                     for known, method, own in self.announced(command)}

    def wanted_ids(self):
        return {self.addresses[address][-1].lower() for address in self.wanted}

    def owner(self, event):
        for command in self.commands:
            if command.first <= event["n"] <= command.last:
                return command
        return None

    def requests(self):
        return [event for event in self.events
                if event["event"] == "REQUEST" and event["n"] > self.start]


def lower(objects):
    return {one.lower(): facts for one, facts in objects.items()}


def ids_in(state):
    return {entry["id"].lower() for entry in state.values() if entry.get("id")}


# --- the checks ---------------------------------------------------------------------------


def check_1(e):
    """Everything that the run created is in state, or a diagnostic named its import id."""
    reported = " ".join(command.diagnostics() for command in e.of("operation"))
    if e.row.makes_id or any(command.was_killed for command in e.of("operation")):
        reported += " ".join(command.diagnostics() for command in e.of("recovery"))
    reported, there = reported.lower(), lower(e.after_operation)
    kept = ids_in(e.state_after_operation)
    created = {one for verb, one, command in e.effects()
               if verb == "PUT" and command and command.phase == "operation"}
    if e.row.makes_id:      # nothing but the text has the ID
        reported = " ".join(import_ids(reported))
    for one in sorted(created & set(there) - kept):
        if one not in reported:
            yield f"{one} was created, is not in state and not named"
    for one in sorted(ids_in(e.state_before) & set(there) - kept):
        if not e.answers_falsely:
            yield f"{one} left the state and exists"


def check_2(e):
    """Everything in state exists on the server."""
    if all(command.status == 0 for command in e.of("operation")) and not e.answers_falsely:
        for entry in e.state_after_operation.values():
            if entry["id"].lower() not in lower(e.after_operation):
                yield f"all was well, and {entry['id']} in state does not exist"
    for entry in e.state_after.values():
        if entry["id"].lower() not in lower(e.after):
            yield f"{entry['id']} is in state at the end and does not exist"


def is_asked_between(e, first, second):
    """Between two equal writes there is a GET, or an answer that nothing was done. A GET is not
    enough if the service makes the ID: its list may take time to show the object."""
    asked = e.row.look_up(first["method"], first["path"])
    is_list = e.row.makes_id and first["method"] == "POST"
    for event in e.events:
        if not first["n"] < event["n"] < second["n"]:
            continue
        if not is_list and event["event"] == "REQUEST" and event["method"] == "GET" and (
                event["path"].split("?")[0] == asked):
            return True
        if event["event"] == "ANSWER" and event["request"] == first["n"]:
            headers = {name.lower() for name in event.get("headers") or {}}
            if event["status"] in NOTHING_DONE or (
                    event["status"] == 503 and headers & {"retry-after",
                                                          "x-ms-retry-after-ms"}):
                return True
    return False


def check_3(e):
    """No write that no plan announced, none with a wrong id, casing, version or body."""
    earlier = {}
    paths = {one: [one + part for part in ("", *e.row.parts)]
             for ids in e.addresses.values() for one in ids}
    for request in e.requests():
        method, path = request["method"], request["path"]
        if "/oauth2/" in path or is_read(request):
            continue
        command = e.owner(request)
        one, _, query = path.partition("?")
        # An action besides the object: its verb is its name, and whose it is the log's effects say.
        verb = one.rsplit("/", 1)[1] if method == "POST" else method
        announced = e.announced(command)
        if command is None:
            yield f"{method} {path} belongs to no command"
        elif command.writes_nothing() or not (
                any(known == verb and (method == "POST" or one in paths[own])
                    for _, known, own in announced)):
            yield f"{method} {path} was not announced"
        if query != (f"api-version={e.row.version}" if e.row.version else "") or (
                method != "POST" and not any(one in known for known in paths.values())):
            yield f"{method} {path} has a wrong id, case or version"
        if not e.row.is_proper_body(method, request["body"], e.wanted.values()):
            yield f"{method} {one} has the body {request['body']!r}"
        key = (verb, e.row.look_up(method, path))
        last = earlier.get(key)
        if last and e.owner(last) is command and verb not in e.row.drafts and (
                not is_asked_between(e, last, request)):
            yield f"{method} {one} was sent twice without asking in between"
        earlier[key] = request
    for event in e.events:
        if event["event"] == "REJECTED" and event["n"] > e.start and not (
                e.may_reject and event["reason"].startswith(e.may_reject)):
            yield f"the service was called wrongly: {event['reason']}"


def check_4(e):
    """Recovery exits 0 and the next plan is empty."""
    applies = [command for command in e.of("recovery") if command.argv[0] == "apply"]
    final = e.of("final")
    if not applies or not final:
        yield "there was no recovery"
        return
    if applies[-1].status != 0:
        yield f"the recovery ended with {applies[-1].status}: {applies[-1].diagnostics()[:300]}"
    if final[-1].status != 0:
        yield f"the next plan is not empty ({final[-1].status}): {final[-1].output[-1500:]}"


def check_5(e):
    """Nothing else was overwritten, nothing was made twice or bought unasked."""
    alive, bought = set(lower(e.before)), 0
    for verb, one, command in e.effects():
        if verb == "overwritten":
            yield f"{one} was overwritten to another"
        elif verb == "PUT" and one in alive and not e.is_announced("update", verb, one, command):
            yield f"{one} was written although it was there"
        if verb == "PUT":
            alive.add(one)
            bought += e.row.costs_money
        elif verb in ("DELETE", "overwritten"):
            alive.discard(one)
    if bought > len(e.wanted):
        yield f"{bought} were bought where {len(e.wanted)} at most are wanted"
    own = {one.lower() for ids in e.addresses.values() for one in ids}
    for one, facts in lower(e.before).items():
        if one not in own and lower(e.after).get(one) != facts:
            yield f"{one} is no business of this configuration and changed"


def check_6(e):
    """What is unchanged was never absent in between."""
    for verb, one, command in e.effects():
        if verb == "DELETE" and one in e.wanted_ids() and (
                command is None or command.phase != "operation"
                or not any(e.is_announced("destroy", known, one, command)
                           for known in e.row.destroy.split())):
            yield f"{one} was deleted although it is wanted"


def check_7(e):
    """Ended within the timeout + 5 s, no process, socket or temporary file left."""
    for command in e.commands:
        if command.seconds > command.limit_s + SLACK_S:
            yield (f"{' '.join(command.argv[:2])} took {command.seconds:.1f} s where "
                   f"{command.limit_s:.0f} + {SLACK_S} were allowed")
    for left in e.leftovers:
        yield f"left behind: {left}"


def forms(secret):
    """The ways in which a secret may be written."""
    data = secret.encode()
    found = {data, data.hex().encode(), data.hex().upper().encode(),
             json.dumps(secret)[1:-1].encode(), secret.replace("/", "\\/").encode(),
             json.dumps(secret).replace("&", "\\u0026").replace("<", "\\u003c")
             .replace(">", "\\u003e")[1:-1].encode()}
    for safe in ("", "/", "-_.~", "-_.~/"):
        quoted = urllib.parse.quote(secret, safe=safe)
        found |= {quoted.encode(), re.sub("%..", lambda hit: hit.group().lower(), quoted).encode()}
    for shift in range(3):  # base64 wherever in a longer text the secret begins
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * shift + data)
            found.add(whole[(0, 2, 3)[shift]:len(whole) - 4])
    return found


def check_8(e):
    """No canary secret, in whatever form, in anything; and no call to anybody else."""
    for name, secret in e.canaries.items():
        written = forms(secret)
        for place, data in e.texts.items():
            if any(form in data for form in written):
                yield f"{name} is in {place}"
    if e.second:
        yield f"the listener that must not be contacted was contacted: {e.second[:300]}"


def agree(e, objects, state):
    """What the configuration says, the service holds and the state knows."""
    held = lower(objects)
    for address, wanted in e.wanted.items():
        one, entry = e.addresses[address][-1].lower(), state.get(address)
        facts = held.get(one)
        if facts is None:
            yield f"{one} does not exist"
        elif not wanted.items() <= facts.items():
            yield f"{one} is held as {facts}, not {wanted}"
        elif not entry or entry["tainted"] or entry["facts"] != facts:
            yield f"{one} is held as {facts}, and in state is {entry}"
    known = set(lower(e.before)) - {one.lower() for ids in e.addresses.values() for one in ids}
    for one in set(held) - e.wanted_ids() - known:
        yield f"{one} exists, and no row names it"


def check_9(e):
    """Exit 0 only when the server holds what the configuration says."""
    last = e.of("operation")[-1]
    if last.status == 0 and not e.answers_falsely and "-refresh-only" not in last.argv:
        yield from (f"all was well, and {fault}" for fault in
                    agree(e, e.after_operation, e.state_after_operation))
    final = e.of("final")
    if final and final[-1].status == 0 and not e.answers_falsely:
        yield from (f"the last plan is empty, and {fault}" for fault in
                    agree(e, e.after, e.state_after))


def check_10(e):
    """The log shows that the fault fired."""
    for members in e.fired:
        if not any(members.items() <= event.items() for event in e.events
                   if event["n"] > e.start and e.owner(event)
                   and e.owner(event).phase == "operation"):
            yield f"the log has no {members}"


def check_11(e):
    """Beyond the guide: nothing crashed, and each failure said why and what to do."""
    for command in e.commands:
        if command.was_killed or command.was_interrupted:
            continue
        if re.search(r"was\s+known, but now unknown", command.output) and (
                "service responded to the first plan" in " ".join(command.output.split())):
            continue  # the host blames the provider, which has said before what it is
        for word in ("panic:", "Plugin did not respond", "plugin crashed", "bug in the",
                     "invalid new value", "inconsistent result", "Sanitizer"):
            if word in command.output:
                at = command.output.index(word)
                yield f"{command.argv[0]} says: {command.output[max(0, at - 100):at + 300]}"
        said = command.diagnostics()
        if command.argv[0] in ("apply", "plan") and command.status == 1 and (
                len(said) < 60 or not ADVICE.search(said)):
            yield f"{command.argv[0]} failed and does not say what to do: {said[:400]!r}"


CHECKS = {int(name.removeprefix("check_")): check for name, check in list(globals().items())
          if name.startswith("check_")}


def audit(evidence):
    """[(check, complaint)]; none: the run survived."""
    return [(number, complaint) for number, check in sorted(CHECKS.items())
            for complaint in check(evidence)]


# --- what a user does next ----------------------------------------------------------------


def import_ids(text):
    """Those of the import blocks that diagnostics printed."""
    return re.findall(r"import \{ to = azurestack_\S+ id = \"([^\"]+)\" \}", text)


def import_block(text):
    """The import id that a diagnostic printed, or None."""
    return next(iter(import_ids(text)), None)


def blamed(text):
    """The address that Terraform printed with the error."""
    match = re.search(r"with (azurestack_\S+?),", text)
    return match.group(1) if match else None


def follow_import(scene, text, addresses):
    one = import_block(text)
    address = blamed(text) or next((known for known, ids in addresses.items() if one and (
        one.lower() in [other.lower() for other in ids])), None)
    if not one or not address:
        return False
    scene.put("adopted.tf", f'import {{\n  to = {address}\n  id = "{one}"\n}}\n')
    return True


def recover(scene, addresses, reported):
    """One recovery: what the output says, an apply, and a plan that should be empty."""
    if "untaint" in reported:
        seen = scene.perform("plan", phase="recovery")
        for address in addresses:
            if f"# {address} is tainted" in seen.output or "untaint" in seen.diagnostics():
                scene.perform("untaint", address, phase="recovery")
    follow_import(scene, reported, addresses)
    applied = scene.perform("apply", "-auto-approve", phase="recovery")
    if applied.status != 0 and follow_import(scene, applied.diagnostics(), addresses):
        scene.perform("apply", "-auto-approve", phase="recovery")
    return scene.perform("plan", "-detailed-exitcode", phase="final")
