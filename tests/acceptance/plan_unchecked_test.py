# A plan that Azure cannot be asked about says so once, with the cause and what to do about it;
# what the apply says then; and that no call waits for a dead service twice.
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

    def warned_once(self, *words, arm=None, sign_in=None, **environment):
        """The plan is made quickly, with one warning; it fails where checks are required;
        the apply fails with the same cause. Gives what the apply said."""
        if arm is not None:
            environment["ARM_RESOURCE_MANAGER_ENDPOINT"] = arm
        if sign_in is not None:
            environment["ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"] = sign_in
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

    def test_a_sign_in_service_that_refuses_connections(self):
        where = self.warned_once("token", "refused", "firewall", sign_in=self.unused_address())
        self.apply_one("token", "refused", **where)

    def test_a_name_that_does_not_resolve(self):
        where = self.warned_once("does not resolve", "DNS", arm="https://nobody.invalid")
        self.apply_one("does not resolve", "(tried", "DNS", **where)

    def test_an_authority_that_is_not_trusted(self):
        bundle = "/etc/ssl/certs/ca-certificates.crt"
        where = self.warned_once("is not trusted", "ca_bundle", SSL_CERT_FILE=bundle)
        self.apply_one("is not trusted", "ca_bundle", time_s=600, **where)

    def test_a_service_that_never_answers(self):
        self.emulator.fault("REGISTRATION#*", "hang")
        self.warned_once("waiting for the response")

    def test_metadata_that_no_host_returns(self):
        host = self.unused_address().removeprefix("https://")
        for name in ("ARM_RESOURCE_MANAGER_ENDPOINT", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"):
            self.workspace.environment.pop(name)
        self.warned_once("metadata_host", "refused", ARM_METADATA_HOSTNAME=host)

    def test_a_destroy_is_warned_of_without_the_service(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        reported = self.workspace.run("plan", "-no-color", "-destroy", "-refresh=false",
                                  ARM_RESOURCE_MANAGER_ENDPOINT=self.unused_address())
        self.assertIn(harness.SUBSCRIPTION, reported.text)


class NoHelp(Unchecked):
    """A proxy answers, and it is no answer."""

    def test_statuses(self):
        for status, code, words in ((500, "InternalServerError", "Azure had an internal error"),
                                    (503, "ServiceUnavailable", "Azure is temporarily unavailable"),
                                    (429, "TooManyRequests", "Azure is throttling"),
                                    (401, "InvalidAuthenticationTokenTenant", "tenant_id"),
                                    (403, "AuthorizationFailed", "registrations/read")):
            with self.subTest(status=status):
                self.emulator.reset_faults()
                self.emulator.control.ask("faults", [
                    {"match": f"{kind}#*", "what": "status", "status": status, "code": code}
                    for kind in ("REGISTRATION", "LIST")])
                self.warned_once(str(status), code, words)

    def test_a_page_in_place_of_the_answer(self):
        self.emulator.control.ask("faults", [{"match": f"{kind}#*", "what": "html"}
                                             for kind in ("REGISTRATION", "LIST")])
        self.warned_once("Azure could not be reached", "sign-in page")

    def test_a_list_that_is_refused_where_the_registration_is_shown(self):
        self.emulator.fault("LIST#*", "status", status=403, code="AuthorizationFailed")
        self.warned_once("customerSubscriptions", "AuthorizationFailed")

    def test_a_registration_that_is_refused_where_the_list_is_shown_is_no_news(self):
        self.emulator.fault("REGISTRATION#*", "status", status=403, code="AuthorizationFailed")
        for environment in ({}, REQUIRED):
            self.assertNotIn("Warning:", self.workspace.plan(expect=2, **environment).text)

    def test_locks_that_may_not_be_read(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.emulator.fault("LOCKS#*", "status", status=403, code="AuthorizationFailed")
        reported = self.workspace.plan("-destroy", expect=2,
                                   AZURESTACK_DESTROY_LOCK_CHECK_ENABLED="true")
        self.assertIn("locks", reported.text)


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
