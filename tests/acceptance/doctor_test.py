# `doctor`: which line shows which fault. The program itself is run, without a host.
# SPDX-License-Identifier: MPL-2.0
import json
import os

import harness
from harness import CLIENT, HUB, PROVIDER, SUBSCRIPTION, TENANT

REGISTRATION = HUB.format("berlin")
GOOD = {"environment": "ok", "connection": "ok", "clock": "ok", "credential": "ok",
        "login service connection": "ok", "token": "ok", "registration": "ok",
        "billing model": "ok", "permissions": "ok", "locks": "ok", "mappings": "ok"}
NOWHERE = "https://no-such-host.invalid"


def control(what, **members):
    return lambda case: case.emulator.control.ask(what, members)


def switch(**values):
    return lambda case: case.emulator.switch(**values)


def registration(**members):
    return lambda case: case.emulator.registration("berlin", **members)


def fault(match, **members):
    return lambda case: case.emulator.fault(match, "status", **members)


def activation(what, **members):
    def change(case):
        one = next(hub for hub in case.emulator.control.ask("hubs") if hub["name"] == "berlin")
        case.emulator.control.ask(what, {
            "hub": "berlin", **members,
            "id": f"/subscriptions/{one['subscription_id']}/resourceGroups/azurestack-activation/"
            "providers/Microsoft.AzureBridge.Admin/activations/default"})
    return change


# (what is wrong, the environment besides, the line, its status, words of the text or of what to do)
FAULTS = (
    (None, {"ARM_ENVIRONMENT": "mars"}, "environment", "failed", ('"mars" is not supported',)),
    (None, {"ARM_CLIENT_SECRET": ""}, "azure: credential", "failed",
     ("client secret: set client_secret (ARM_CLIENT_SECRET)",)),
    (None, {"ARM_CLIENT_SECRET": "wrong"}, "azure: token", "failed", ("AADSTS7000215", "Set client_")),
    (None, {"ARM_CLIENT_SECRET": "", "ARM_CLIENT_ID": "", "ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT":
            lambda case: f"{case.emulator.machine}/metadata/identity/oauth2/token"},
     "azure: token", "failed", ("managed identity", "Identity not found", "system-assigned")),
    (None, {"ARM_TENANT_ID": SUBSCRIPTION}, "azure: token", "failed", ("AADSTS", "tenant")),
    (None, {"ARM_RESOURCE_MANAGER_ENDPOINT": NOWHERE}, "azure: DNS", "failed",
     ("no-such-host.invalid does not resolve", "this machine's DNS")),
    (None, {"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": NOWHERE}, "azure: login service DNS", "failed",
     ("no-such-host.invalid does not resolve",)),
    (None, {"HTTPS_PROXY": "http://127.0.0.1:9", "ARM_RESOURCE_MANAGER_ENDPOINT": NOWHERE},
     "azure: connection", "failed", ("HTTPS_PROXY names the proxy 127.0.0.1:9", "NO_PROXY")),
    (None, {"SSL_CERT_FILE": "/dev/null"}, "azure: certificate", "failed",
     ("is not trusted", "SSL_CERT_FILE names /dev/null", "save the authority's certificate")),
    (None, {"SSL_CERT_FILE": "/dev/null"}, "azure: credential", "ok", ("client secret",)),
    (None, {"ARM_METADATA_HOSTNAME": "no-such-host.invalid", "ARM_RESOURCE_MANAGER_ENDPOINT": "",
            "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": "", "AZURESTACK_PARTNER_TENANT_ID": ""},
     "azure: metadata", "failed",
     ("no-such-host.invalid",)),
    (switch(hub_clock_ahead_s=1800), {}, "hub: clock", "warning", ("ahead of this machine's", "Correct")),
    (None, {"AZURESTACK_HUB_ADMIN_ENDPOINT": "https://localhost:9"}, "hub: connection", "failed",
     ("Connection refused", "whether the service is running")),
    (switch(hub_ca="enterprise"), {}, "hub: certificate", "failed", ("is not trusted", "hub block")),
    (None, {"AZURESTACK_HUB_CLIENT_ID": CLIENT, "AZURESTACK_HUB_CLIENT_SECRET": "wrong"},
     "hub: token", "failed", ("AADSTS7000215",)),
    (activation("hub-forget"), {}, "hub: activation", "warning",
     ("The hub is not activated", "Register the hub")),
    (activation("hub-object", properties={"usageReportingEnabled": False}), {}, "hub: usage reporting", "warning",
     ("its usage is not billed", "Register the hub again")),
    (activation("hub-object", properties={
        "azureRegistrationResourceIdentifier": HUB.format("munich")}), {}, "azure: registration", "warning", ("The hub is registered as", "/munich")),
    (control("application", client_id=CLIENT, role="none"), {}, "hub: activation", "failed",
     ("Default Provider Subscription", "has a role")),
    (control("application", client_id=CLIENT, role="none"), {}, "azure: registration", "failed",
     ("AuthorizationFailed", "Assign a role")),
    (control("application", client_id=CLIENT, role="reader"), {}, "azure: permissions", "warning",
     ("customerSubscriptions/write, Microsoft.AzureStack/registrations/customerSubscriptions/delete",
      "such as Contributor")),
    (fault("PERMISSIONS#*", status=403, code="AuthorizationFailed"), {}, "azure: permissions",
     "warning", ("AuthorizationFailed",)),
    (registration(billing_model="Capacity"), {}, "azure: billing model", "failed",
     ("billing model Capacity", "pay-as-you-use")),
    (registration(lock="CanNotDelete"), {}, "azure: locks", "warning",
     ("RegistrationResourceLock", "prevents deleting mappings", "put it back")),
    (registration(lock="ReadOnly"), {}, "azure: locks", "warning", ("creating and deleting",)),
    (fault("LOCKS#*", status=403, code="AuthorizationFailed"), {}, "azure: locks", "warning",
     ("AuthorizationFailed",)),
    (fault("LIST#*", status=403, code="UnauthorizedCspRegistration"), {}, "azure: mappings", "failed",
     ("not approved for multi-tenancy", "azstcsp@microsoft.com")),
    (lambda case: case.emulator.forget_registration("berlin"), {}, "azure: registration", "failed",
     ('Azure has no registration "berlin"', "Check the ID")),
    (control("directory", tenant_id=harness.CONTOSO, domain="contoso.onmicrosoft.com"),
     {"AZURESTACK_HUB_USER_TENANT_ID": harness.CONTOSO}, "hub_user: token", "failed", ("AADSTS",)),
    (None, {}, "hub_user: subscriptions", "warning", ("role in no subscription", "owner")),
    (fault("PARTNER_CUSTOMERS#*", status=403), {}, "partner: customers", "failed",
     ("Partner Center returned an error", "Check the roles")),
    (None, {"AZURESTACK_PARTNER_ENDPOINT": ""}, "partner: configuration", "failed",
     ('environment "custom" has none', "AZURESTACK_PARTNER_ENDPOINT")),
    (None, {"AZURESTACK_PARTNER_REFRESH_TOKEN": "wrong"}, "partner: token", "failed", ("AADSTS",)),
)


class Doctor(harness.Case):
    expects_rejections = True    # an address without a path, to see whether it responds

    def setUp(self):
        super().setUp()
        self.emulator.fill_hub("berlin")
        self.planes = {
            "AZURESTACK_HUB_ADMIN_ENDPOINT": self.emulator.hub("berlin"),
            "AZURESTACK_HUB_USER_TENANT_ID": TENANT, **self.emulator.partner_center()}

    def run_it(self, *arguments, expect=0, **environment):
        run = self.workspace.execute(PROVIDER, "doctor", *arguments, status=expect, **environment)
        if expect is None:
            self.assertEqual(run.returncode, 1 - json.loads(run.stdout)["ok"], run.stdout)
        self.assertEqual(self.emulator.writes(), [])
        self.assertEqual(os.listdir(self.workspace.dir), [])
        return run.stdout

    def checks(self, *arguments, **more):
        """[("azure: token", status, text, what to do), …], and the same as lines."""
        report = json.loads(self.run_it("--json", *arguments, **more))
        self.assertEqual((report["version"], report["ok"]), (harness.VERSION, not any(
            one["status"] == "failed" for one in report["checks"])))
        return [(": ".join(filter(None, (one["service"], one["check"]))), one["status"],
                 one["text"], one["what_to_do"] or "") for one in report["checks"]]

    def test_each_fault_has_its_line(self):
        for number, (change, environment, name, status, words) in enumerate(FAULTS):
            with self.subTest(number, line=name, environment=environment):
                self.emulator.reset()
                self.emulator.reset_faults()
                self.emulator.fill_hub("berlin")
                if change:
                    change(self)
                found = self.checks(REGISTRATION, expect=None, **{
                    **self.planes, **{variable: value(self) if callable(value) else value
                                      for variable, value in environment.items()}})
                lines = [one for one in found if one[:2] == (name, status)]
                self.assertTrue(lines, found)
                for word in words:
                    self.assertTrue(any(word in " ".join(one[2:]) for one in lines), (word, lines))

    def test_a_good_environment(self):
        self.emulator.map(self.id_of())
        found = self.checks(REGISTRATION)
        self.assertEqual({name.split(": ")[-1]: status for name, status, _, _ in found
                          if status != "skipped"}, GOOD)
        self.assertEqual([name for name, status, _, _ in found if status == "skipped"],
                         ["hub: configuration", "hub_user: configuration",
                          "partner: configuration"])
        self.assertIn("1 customer subscription is mapped", str(found))
        self.assertIn("ARM_CLIENT_SECRET", found[0][2])
        lines = self.run_it(REGISTRATION, TF_LOG_PROVIDER="TRACE").splitlines()
        self.assertEqual(len(lines), len(found))
        self.assertTrue(lines[5].startswith("ok       azure: token: A token was issued for "), lines)

    def test_which_registration(self):
        def checked(**environment):
            return [text.split("/")[-1] for name, status, text, _ in self.checks(**environment)
                    if name == "azure: registration"]
        self.assertEqual(checked(**self.planes), ["berlin exists."])
        self.assertEqual(checked(ARM_SUBSCRIPTION_ID=SUBSCRIPTION),
                         ["berlin exists.", "munich exists."])
        self.assertIn("No registration was given", checked()[0])
        for wrong in ("nonsense", self.id_of()):
            self.assertIn("registrations/{registration}" if wrong == "nonsense" else REGISTRATION,
                          str(self.checks(wrong, expect=1)))

    def test_a_hub_of_adfs(self):
        found = self.checks(
            AZURESTACK_HUB_ADMIN_ENDPOINT=self.emulator.hub("munich"),
            AZURESTACK_HUB_CLIENT_ID=CLIENT, AZURESTACK_HUB_CLIENT_SECRET=harness.SECRET)
        self.assertEqual([status for name, status, _, _ in found if name.startswith("hub: ")],
                         ["ok"] * 6)
        self.assertIn(f"{HUB.format('munich')} exists", str(found))

    def test_an_option_that_is_none(self):
        for arguments in (("--verbose",), (REGISTRATION, REGISTRATION)):
            self.assertEqual(self.run_it(*arguments, expect=2), "")
        self.assertEqual(self.emulator.calls(tokens=True), [])
