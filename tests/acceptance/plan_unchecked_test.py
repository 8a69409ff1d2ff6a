# A plan that Azure cannot be asked about says so once, with the cause and what to do about it;
# what the apply says then; and that no call waits for a dead service twice. Each other cause is an exchange:
# tests/exchanges/customer_subscription/check_*.
# SPDX-License-Identifier: MPL-2.0
import time

import harness
from proxies import free_port
from harness import CLIENT, SECRET, TENANT

TITLE = "Plan was not checked with Azure"
REQUIRED = {"AZURESTACK_PLAN_CHECKS_REQUIRED": "true"}
MANY = 30  # three times as many as Terraform plans at once
PLAN_S = 25  # for a plan of MANY: 5 s of waiting, and the rest is the machine's


class Unchecked(harness.Case):
    """Several objects on two registrations, none of which is there yet."""

    expects_rejections = True

    def setUp(self):
        super().setUp()
        self.workspace.write(self.many())
        self.workspace.tokens_each = 20  # asked again while it is down

    def many(self):
        return "".join(self.tenant(f"tenant{n}", hub=("berlin", "munich")[n % 2], customer=n)
                       for n in range(MANY))

    def unused_address(self):
        return f"https://127.0.0.2:{free_port()}"

    def warned_once(self, *words, arm=None, **environment):
        """The plan is made quickly, with one warning; it fails where checks are required;
        the apply fails with the same cause. Gives what the apply said."""
        if arm is not None:
            environment["ARM_RESOURCE_MANAGER_ENDPOINT"] = arm
        begun = time.monotonic()
        reported = self.workspace.plan(expect=2, **environment)
        self.assertLess(time.monotonic() - begun, PLAN_S)
        self.assertEqual(reported.text.count(TITLE), 1, reported.output)
        self.assertEqual(reported.text.count("Warning:"), 1, reported.output)
        self.assertEqual(reported.text.count("What to do:"), 1, reported.output)
        reported.says(*words + ("The apply may fail if the cause persists",))
        self.assertNotIn("state rm", reported.text)
        failed = self.workspace.plan(expect=1, **environment, **REQUIRED)
        self.assertEqual(failed.text.count(f"Error: {TITLE}"), 1, failed.output)
        failed.says("AZURESTACK_PLAN_CHECKS_REQUIRED")
        self.assertEqual([kind for kind in self.emulator.kinds() if kind != "GET"], [])
        return environment

    def apply_one(self, *words, time_s=8, **environment):
        """Of the same cause, with one object. Without `time_s` it has the half hour that it has by
        default, and ends long before that."""
        limit = f'  timeouts {{\n    create = "{time_s}s"\n  }}\n' if time_s else ""
        self.workspace.write(self.tenant(more=limit))
        begun = time.monotonic()
        reported = self.workspace.apply(expect=1, **environment)
        self.assertLess(time.monotonic() - begun, (60 if time_s is None else 8) + PLAN_S)
        self.assertEqual(reported.text.count("Error:"), 1, reported.output)
        said = reported.text[reported.text.index("Error:"):]
        for word in words + ("Nothing was created",):
            self.assertIn(word, said)
        self.assertEqual(said.count("What to do:"), 1, reported.output)
        self.assertEqual(self.workspace.resources(), {})


class NoAnswer(Unchecked):
    def test_a_connection_that_is_refused(self):
        where = self.warned_once("refused", "firewall", arm=self.unused_address())
        self.apply_one("times in 60 s", "firewall", time_s=None, **where)

    def test_a_service_that_never_answers(self):
        self.emulator.fault("REGISTRATION#*", "hang")
        self.warned_once("waiting for the response")

    def test_metadata_that_no_host_returns(self):
        host = self.unused_address().removeprefix("https://")
        for name in ("ARM_RESOURCE_MANAGER_ENDPOINT", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"):
            self.workspace.environment.pop(name)
        self.warned_once("metadata_host", "refused", ARM_METADATA_HOSTNAME=host)

    def test_a_destroy_is_warned_of_without_the_service_and_without_its_locks(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.workspace.run("plan", "-no-color", "-destroy", "-refresh=false",
                           ARM_RESOURCE_MANAGER_ENDPOINT=self.unused_address()).says(
            harness.SUBSCRIPTION)
        self.emulator.fault("LOCKS#*", "status", status=403, code="AuthorizationFailed")
        self.workspace.plan("-destroy", expect=2,
                            AZURESTACK_DESTROY_LOCK_CHECK_ENABLED="true").says("locks")


class NoRole(Unchecked):
    """A credential that may read nothing."""

    emulator_config = {"applications": [{"tenant_id": TENANT, "client_id": CLIENT,
                                         "client_secret": SECRET, "role": "none"}]}

    def test_the_error_names_the_missing_role(self):
        where = self.warned_once("AuthorizationFailed", "Contributor has them")
        self.apply_one("AuthorizationFailed", "Contributor has them", **where)


class Passing(Unchecked):
    def test_an_outage_of_seconds_is_survived(self):
        self.workspace.write(self.tenant())
        self.emulator.fault("GET#1", "refuse", ms=8000)
        self.workspace.apply()
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])


class NoDoubt(harness.Case):
    """Without any of these doubts a plan asks what it asked before, and says nothing."""

    def test_one_question_for_each_registration_and_its_list(self):
        self.workspace.write("".join(
            self.tenant(f"tenant{n}", hub=("berlin", "munich")[n % 2], customer=n,
                        more=f'  tenant_id = "{n:08d}-1111-4222-8333-444455556666"\n')
            for n in range(6)))
        for environment in ({}, REQUIRED):
            self.emulator.mark()
            reported = self.workspace.plan(expect=2, **environment)
            self.assertNotIn("Warning", reported.text)
            self.assertEqual(
                sorted(self.emulator.calls(tokens=True)),
                sorted(["TOKEN"] + [f"GET {harness.HUB.format(hub)}{rest}" for hub in
                                    ("berlin", "munich")
                                    for rest in ("", "/customerSubscriptions")]))
