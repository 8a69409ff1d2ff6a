# The auditor can fail: a good run is doctored, once for each thing a check is for, and exactly
# that check has to complain.
# SPDX-License-Identifier: MPL-2.0
import base64
import unittest
import urllib.parse

import audit
from audit import Command, Evidence

HUB = "/subscriptions/s/resourceGroups/g/providers/Microsoft.AzureStack/registrations/Berlin"
ONE, TWO = f"{HUB}/customerSubscriptions/c1", f"{HUB}/customerSubscriptions/c2"
FOREIGN = f"{HUB}/customerSubscriptions/f"
ADDRESS, OTHER = "azurestack_customer_subscription.one", "azurestack_customer_subscription.two"
SECRET = "sec/ret+with \"all\"&sorts"
PLAN = f"  # {ADDRESS} will be created\n  + resource …\n"


def request(n, method, path, body=""):
    return {"n": n, "event": "REQUEST", "method": method, "path": path, "body": body}


def effect(n, what, mapping):
    return {"n": n, "event": "EFFECT", "what": f"{what} {mapping.lower()}"}


def answer(n, of, status, headers=None):
    return {"n": n, "event": "ANSWER", "request": of, "status": status, "headers": headers}


def good():
    """A create whose answer was lost, decided by a GET, and a recovery with nothing to do."""
    path = ONE + audit.VERSION_QUERY
    entry = {"id": ONE, "tenant_id": "t1", "tainted": False}
    return Evidence(
        addresses={ADDRESS: ONE}, wanted={ADDRESS: "t1"},
        before={FOREIGN: "tf"},
        after_operation={FOREIGN: "tf", ONE: "t1"}, after={FOREIGN: "tf", ONE: "t1"},
        state_before={}, state_after_operation={ADDRESS: dict(entry)},
        state_after={ADDRESS: dict(entry)},
        start=10,
        events=[
            effect(5, "PUT mapping", TWO),  # before the run: nobody's business
            request(11, "GET", path), answer(12, 11, 404),
            request(13, "PUT", path, '{"properties":{"tenantId":"t1"}}'),
            {"n": 14, "event": "FAULT", "kind": "PUT", "what": "rst"},
            effect(15, "PUT mapping", ONE),
            request(16, "GET", path), answer(17, 16, 200),
            request(20, "GET", path), answer(21, 20, 200),
            request(30, "GET", path), answer(31, 30, 200),
        ],
        second="",
        commands=[
            Command(["apply", "-auto-approve"], 0, PLAN + "Apply complete!", 3.0, 20.0, 11, 18,
                    "operation"),
            Command(["apply", "-auto-approve"], 0, "No changes.", 1.0, 20.0, 19, 25,
                    "recovery"),
            Command(["plan", "-detailed-exitcode"], 0, "No changes.", 1.0, 20.0, 26, 35, "final"),
        ],
        fired=[{"event": "FAULT", "kind": "PUT", "what": "rst"}],
        canaries={"the secret": SECRET}, texts={"output": b"nothing", "log": b"at all"})


def deleting(e):
    """Makes it the run of a delete."""
    path = ONE + audit.VERSION_QUERY
    entry = {"id": ONE, "tenant_id": "t1", "tainted": False}
    e.wanted = {}
    e.before = {FOREIGN: "tf", ONE: "t1"}
    e.after_operation = e.after = {FOREIGN: "tf"}
    e.state_before = {ADDRESS: entry}
    e.state_after_operation = e.state_after = {}
    e.events[1:] = [request(11, "GET", path), answer(12, 11, 200),
                    request(13, "DELETE", path),
                    {"n": 14, "event": "FAULT", "kind": "PUT", "what": "rst"},
                    effect(15, "DELETE mapping", ONE),
                    request(16, "GET", path), answer(17, 16, 404)]
    e.commands[0].output = f"  # {ADDRESS} will be destroyed\n"


def failed(e, output="Error: Cannot create\n\nIt is uncertain whether it exists.\n\nWhat to do: "
           "wait until the service answers, then run again."):
    e.commands[0].status = 1
    e.commands[0].output = PLAN + output


def killed(e):
    """It may name what it made in the next run."""
    e.commands[0].was_killed, e.commands[0].status = True, -9
    e.state_after_operation = {}
    e.commands.insert(1, Command(
        ["apply"], 1, f'Error: Object exists already\n\nimport {{\n to = x\n id = "{ONE}"',
        1.0, 20.0, 19, 19, "recovery"))


def named(e):
    failed(e, "Error: Cannot create customer subscription\n\nWhat to do: look for the id\n" + ONE)
    e.state_after_operation = {}


def repeated(status, headers=None):
    """A write that certainly did nothing may be repeated."""
    return lambda e: e.events.__setitem__(slice(3, 3), [
        {**e.events[3], "n": 12.5}, answer(12.7, 12.5, status, headers)])


def forgotten(e, shown=""):
    """The plan or the progress does not count as telling."""
    failed(e)
    e.commands[0].output = shown + e.commands[0].output
    e.state_after_operation = {}


def left_behind(e):
    deleting(e)
    del e.events[5]  # the DELETE had no effect …
    e.after_operation = {FOREIGN: "tf", ONE: "t1"}
    e.commands[0].status = 1
    e.commands[0].output += ("Error: Cannot delete\n\nIts answer was lost.\n\n"
                             "What to do: run it again later")
    e.events += [effect(22, "DELETE mapping", ONE)]  # … and a later one had


def late(e):
    e.addresses[OTHER] = TWO
    e.events.append(request(99, "DELETE", TWO + audit.VERSION_QUERY))


def written(old, new):
    return lambda e: e.events[3].update(path=e.events[3]["path"].replace(old, new))


def not_recovered(e):
    e.commands[1].status = 1
    e.commands[1].output = ("Error: Cannot create\n\nIt is still not there.\n\n"
                            "What to do: run it again")


def made_again(e, announced="No changes."):
    e.commands[1].output = announced
    e.events[8:8] = [effect(22, "DELETE mapping", ONE), effect(23, "PUT mapping", ONE)]


def still_there(e):
    e.addresses[OTHER] = TWO
    e.after_operation = {**e.after_operation, TWO: "t2"}


ENTRY = {"id": TWO, "tenant_id": "t2", "tainted": False}
DATA = SECRET.encode()
LEAKS = (DATA, DATA.hex().encode(), DATA.hex().upper().encode(),
         urllib.parse.quote(SECRET).encode(), urllib.parse.quote(SECRET, safe="").lower().encode(),
         SECRET.replace('"', '\\"').encode(), base64.b64encode(DATA),
         base64.b64encode(b"id:" + DATA), base64.b64encode(b"x:" + DATA + b"more"),
         base64.urlsafe_b64encode(b"user:" + DATA))
GOOD = (lambda e: None, deleting, named, killed, repeated(429), repeated(401),
        repeated(503, {"Retry-After": "1"}))
# The check that has to complain, alone, and for what.
BAD = (
    (1, "created, and neither in state nor named", forgotten),
    (1, "shown by the plan only", lambda e: forgotten(e, f'+ id = "{ONE}"\n')),
    (1, "it left the state and exists", left_behind),
    (2, "in state at the end and not there", lambda e: e.state_after.update({OTHER: ENTRY})),
    (2, "success, and not there", lambda e: e.state_after_operation.update({OTHER: ENTRY})),
    (3, "a write that no plan announced",
     lambda e: setattr(e.commands[0], "output", "Apply complete!")),
    (3, "a write by a plan", lambda e: setattr(e.commands[0], "argv", ["plan"])),
    (3, "a write after all commands", late),
    (3, "a path in another case", written("Berlin", "berlin")),
    (3, "another version", written("2017-06-01", "2018-06-01")),
    (3, "no version", written(audit.VERSION_QUERY, "")),
    *((3, f"the body {body}", lambda e, body=body: e.events[3].update(body=body))
      for body in ('{"properties":{"tenantId":"t2"}}', "", "[]", '{"x":1}')),
    (3, "twice without asking", lambda e: e.events.insert(4, {**e.events[3], "n": 13.5})),
    (3, "twice after a 5xx without asking", lambda e: e.events.__setitem__(
        slice(4, 4), [answer(13.2, 13, 503), {**e.events[3], "n": 13.5}])),
    (3, "the service was called wrongly", lambda e: e.events.append(
        {"n": 33, "event": "REJECTED", "reason": "InvalidRequestUri"})),
    (4, "the recovery fails", not_recovered),
    (4, "something is left to do", lambda e: setattr(e.commands[2], "status", 2)),
    (4, "no recovery", lambda e: e.commands.pop(1)),
    (5, "a mapping was overwritten", lambda e: e.before.update({ONE: "t9"})),
    (5, "another subscription lost its place",
     lambda e: e.events.insert(6, effect(15, "displaced", TWO))),
    (5, "a foreign mapping changed", lambda e: e.after.update({FOREIGN: "t1"})),
    (5, "a foreign mapping is gone", lambda e: e.after.pop(FOREIGN)),
    (6, "deleted and made again", made_again),
    (6, "even if the recovery announced it",
     lambda e: made_again(e, f"  # {ADDRESS} is tainted, so must be replaced\n")),
    (7, "too long", lambda e: setattr(e.commands[0], "seconds", 25.5)),
    (7, "something is left running", lambda e: e.leftovers.append("process 4711")),
    *((8, f"the secret as {form}", lambda e, form=form: e.texts.update(log=b"<<" + form + b">>"))
      for form in LEAKS),
    (8, "another service was called", lambda e: setattr(e, "second", '{"event":"CONNECT"}')),
    (9, "success, and the service holds something else",
     lambda e: setattr(e, "after_operation", {FOREIGN: "tf", ONE: "t2"})),
    (9, "success, and it is tainted",
     lambda e: e.state_after_operation[ADDRESS].update(tainted=True)),
    (9, "the deleted one still exists", still_there),
    (9, "the last plan is empty and wrong", lambda e: e.after.update({ONE: "t2"})),
    (10, "the fault did not fire", lambda e: e.events.pop(4)),
    (10, "it fired too late", lambda e: e.events.append({**e.events.pop(4), "n": 22})),
    (11, "a crash", lambda e: setattr(e.commands[0], "output", PLAN + "panic: a bug")),
    (11, "a failure without a reason", lambda e: failed(e, "Error: no")),
)


class Audit(unittest.TestCase):
    def complaints(self, change):
        evidence = good()
        change(evidence)
        return {number for number, _ in audit.audit(evidence)}

    def test_a_good_run_passes(self):
        for change in GOOD:
            with self.subTest(change.__name__):
                self.assertEqual(self.complaints(change), set())

    def test_each_check_complains_of_what_it_is_for(self):
        for number, what, change in BAD:
            with self.subTest(number=number, what=what):
                self.assertEqual(self.complaints(change), {number})
        self.assertEqual({number for number, *_ in BAD}, set(audit.CHECKS))


if __name__ == "__main__":
    unittest.main()
