# The auditor can fail: a good run is doctored, once for each thing a check is for, and exactly
# that check has to complain.
# SPDX-License-Identifier: MPL-2.0
import base64
import copy
import sys
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


class Good(unittest.TestCase):
    def test_a_good_create_passes(self):
        self.assertEqual(audit.audit(good()), [])

    def test_a_good_delete_passes(self):
        e = good()
        deleting(e)
        self.assertEqual(audit.audit(e), [])

    def test_a_mapping_that_is_only_named_passes(self):
        e = good()
        failed(e, "Error: Cannot create customer subscription\n\nWhat to do: look for the id\n"
               + ONE)
        e.state_after_operation = {}
        self.assertEqual(audit.audit(e), [])

    def test_a_killed_run_may_name_it_in_the_next(self):
        e = good()
        e.commands[0].was_killed, e.commands[0].status = True, -9
        e.state_after_operation = {}
        e.commands.insert(1, Command(
            ["apply"], 1, f'Error: Object exists already\n\nimport {{\n to = x\n id = "{ONE}"',
            1.0, 20.0, 19, 19, "recovery"))
        self.assertEqual(audit.audit(e), [])

    def test_writes_that_certainly_did_nothing_may_be_repeated(self):
        for status, headers in ((429, None), (401, None), (503, {"Retry-After": "1"})):
            e = good()
            put = e.events[3]
            e.events[3:3] = [{**put, "n": 12.5}, answer(12.7, 12.5, status, headers)]
            self.assertEqual(audit.audit(e), [], status)

    def test_every_check_is_doctored_below(self):
        doctored = {int(name.split("_")[2]) for name in dir(Doctored)
                    if name.startswith("test_check_")}
        self.assertEqual(doctored, set(audit.CHECKS))


class Doctored(unittest.TestCase):
    def only(self, check, change, count=None):
        e = copy.deepcopy(good())
        change(e)
        complaints = audit.audit(e)
        self.assertEqual({number for number, _ in complaints}, {check}, complaints)
        if count is not None:
            self.assertEqual(len(complaints), count, complaints)

    def test_check_1_created_and_neither_in_state_nor_named(self):
        def change(e):
            failed(e)
            e.state_after_operation = {}
        self.only(1, change, 1)

    def test_check_1_the_plan_or_the_progress_does_not_count_as_telling(self):
        def change(e):
            failed(e)
            e.commands[0].output = f"+ id = \"{ONE}\"\n" + e.commands[0].output
            e.state_after_operation = {}
        self.only(1, change, 1)

    def test_check_1_it_left_the_state_and_exists(self):
        def change(e):
            deleting(e)
            del e.events[5]  # the DELETE had no effect …
            e.after_operation = {FOREIGN: "tf", ONE: "t1"}
            e.commands[0].status = 1
            e.commands[0].output += ("Error: Cannot delete\n\nIts answer was lost.\n\n"
                                     "What to do: run it again later")
            e.events += [effect(22, "DELETE mapping", ONE)]  # … and a later one had
        self.only(1, change, 1)

    def test_check_2_in_state_at_the_end_and_not_there(self):
        def change(e):
            e.state_after[OTHER] = {"id": TWO, "tenant_id": "t2", "tainted": False}
        self.only(2, change, 1)

    def test_check_2_all_is_well_and_it_is_not_there(self):
        def change(e):
            e.state_after_operation[OTHER] = {"id": TWO, "tenant_id": "t2", "tainted": False}
        self.only(2, change, 1)

    def test_check_3_a_write_that_no_plan_announced(self):
        def change(e):
            e.commands[0].output = "Apply complete!"
        self.only(3, change, 1)

    def test_check_3_a_write_by_a_plan(self):
        def change(e):
            e.commands[0].argv = ["plan"]
        self.only(3, change, 1)

    def test_check_3_a_write_after_all_commands(self):
        def change(e):
            e.addresses[OTHER] = TWO
            e.events.append(request(99, "DELETE", TWO + audit.VERSION_QUERY))
        self.only(3, change, 1)

    def test_check_3_wrong_casing_version_or_body(self):
        for old, new in (("Berlin", "berlin"), ("2017-06-01", "2018-06-01"),
                         (audit.VERSION_QUERY, "")):
            def change(e, old=old, new=new):
                e.events[3]["path"] = e.events[3]["path"].replace(old, new)
            self.only(3, change)
        for body in ('{"properties":{"tenantId":"t2"}}', "", "[]", '{"x":1}'):
            self.only(3, lambda e, body=body: e.events[3].update(body=body), 1)

    def test_check_3_twice_without_asking(self):
        def change(e):
            e.events.insert(4, {**e.events[3], "n": 13.5})
        self.only(3, change, 1)

    def test_check_3_twice_after_a_5xx_without_asking(self):
        def change(e):
            e.events[4:4] = [answer(13.2, 13, 503), {**e.events[3], "n": 13.5}]
        self.only(3, change, 1)

    def test_check_3_the_service_was_called_wrongly(self):
        self.only(3, lambda e: e.events.append(
            {"n": 33, "event": "REJECTED", "reason": "InvalidRequestUri"}), 1)

    def test_check_4_the_recovery_fails_or_leaves_something_to_do(self):
        def fails(e):
            e.commands[1].status = 1
            e.commands[1].output = ("Error: Cannot create\n\nIt is still not there.\n\n"
                                    "What to do: run it again")
        self.only(4, fails, 1)
        self.only(4, lambda e: setattr(e.commands[2], "status", 2), 1)
        self.only(4, lambda e: e.commands.pop(1), 1)

    def test_check_5_a_mapping_was_overwritten(self):
        def change(e):
            e.before[ONE] = "t9"
        self.only(5, change, 1)

    def test_check_5_another_subscription_lost_its_place(self):
        self.only(5, lambda e: e.events.insert(6, effect(15, "displaced", TWO)), 1)

    def test_check_5_a_foreign_mapping_changed(self):
        self.only(5, lambda e: e.after.update({FOREIGN: "t1"}), 1)
        self.only(5, lambda e: e.after.pop(FOREIGN), 1)

    def test_check_6_deleted_and_made_again(self):
        def change(e):
            e.events[8:8] = [effect(22, "DELETE mapping", ONE), effect(23, "PUT mapping", ONE)]
        self.only(6, change, 1)

    def test_check_6_even_if_the_recovery_announced_it(self):
        def change(e):
            e.commands[1].output = f"  # {ADDRESS} is tainted, so must be replaced\n"
            e.events[8:8] = [effect(22, "DELETE mapping", ONE), effect(23, "PUT mapping", ONE)]
        self.only(6, change, 1)

    def test_check_7_too_long(self):
        self.only(7, lambda e: setattr(e.commands[0], "seconds", 25.5), 1)

    def test_check_7_something_is_left(self):
        self.only(7, lambda e: e.leftovers.append("process 4711"), 1)

    def test_check_8_the_secret_in_each_form(self):
        data = SECRET.encode()
        for form in (data, data.hex().encode(), data.hex().upper().encode(),
                     urllib.parse.quote(SECRET).encode(),
                     urllib.parse.quote(SECRET, safe="").lower().encode(),
                     SECRET.replace('"', '\\"').encode(),
                     base64.b64encode(data), base64.b64encode(b"id:" + data),
                     base64.b64encode(b"x:" + data + b"more"),
                     base64.urlsafe_b64encode(b"user:" + data)):
            self.only(8, lambda e, form=form: e.texts.update(log=b"<<" + form + b">>"), 1)

    def test_check_8_somebody_else_was_called(self):
        self.only(8, lambda e: setattr(e, "second", '{"event":"CONNECT"}'), 1)

    def test_check_9_all_is_well_and_the_service_holds_something_else(self):
        def change(e):
            e.after_operation = {FOREIGN: "tf", ONE: "t2"}
        self.only(9, change, 1)

    def test_check_9_all_is_well_and_it_is_tainted(self):
        self.only(9, lambda e: e.state_after_operation[ADDRESS].update(tainted=True), 1)

    def test_check_9_the_deleted_one_still_exists(self):
        def change(e):
            e.addresses[OTHER] = TWO
            e.after_operation = {**e.after_operation, TWO: "t2"}
        self.only(9, change, 1)

    def test_check_9_the_last_plan_is_empty_and_wrong(self):
        self.only(9, lambda e: e.after.update({ONE: "t2"}), 1)

    def test_check_10_the_fault_did_not_fire(self):
        self.only(10, lambda e: e.events.pop(4), 1)

    def test_check_10_it_fired_too_late(self):
        self.only(10, lambda e: e.events.append({**e.events.pop(4), "n": 22}), 1)

    def test_check_11_a_crash_or_a_failure_without_a_word(self):
        self.only(11, lambda e: setattr(e.commands[0], "output", PLAN + "panic: a bug"), 1)
        self.only(11, lambda e: failed(e, "Error: no"), 1)


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False).result.wasSuccessful())
