# What a user reads when it cannot work: at validate, at the sign-in, and from the service.
# SPDX-License-Identifier: MPL-2.0
import sys

import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class Validation(harness.Case):
    def refuse(self, registration, customer, *fragments, more=""):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "tenant" {\n'
            f'  registration_id          = "{registration}"\n'
            f'  customer_subscription_id = "{customer}"\n{more}}}\n')
        result = self.workspace.run("validate", "-no-color", expect=1)
        for fragment in fragments:
            self.assertIn(fragment, result.text)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_wrong_values_are_refused_offline_with_path_and_correction(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        hub, good = HUB.format("berlin"), CUSTOMER.format(1)
        upper = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"
        self.refuse(hub, upper, "Invalid customer_subscription_id", "on main.tf line",
                    f'Write "{upper.lower()}"')
        self.refuse(hub, "contoso", "is not a GUID")
        self.refuse(hub, "{" + good + "}", f'Write "{good}"')
        self.refuse(hub, f"/subscriptions/{good}", f'Write "{good}"')
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/azurestack"
        self.refuse(group, good, "Invalid registration_id", "the id of a resource group",
                    f"{group}/providers/Microsoft.AzureStack/registrations")
        self.refuse(self.id_of(), good, "the id of a customer subscription",
                    f'Write the id of what it belongs to: "{hub}"')
        self.refuse(hub[1:], good, f'Write "{hub}"')
        self.refuse(hub + "/", good, f'Write "{hub}"')
        self.refuse("https://management.azure.com" + hub, good, "web address")
        self.refuse("berlin", good, "is not a resource id")
        self.refuse(hub, good, "Invalid tenant_id", f'Write "{upper.lower()}"',
                    more=f'  tenant_id = "{upper}"\n')
        self.refuse(hub, good, "Invalid create", "is not a duration",
                    more='  timeouts {\n    create = "soon"\n  }\n')

    def test_the_provider_block(self):
        for block, fragment in [
                ('environment = "mars"', 'Possible values are "public" and "custom"'),
                ('endpoint = [{ resource_manager_endpoint = "http://localhost" }]',
                 "does not begin with https://"),
                ('subscription_id = "x"', "is not a GUID"),
                ('client_secret = ""', "It is empty"),
                ("endpoint = [{}, {}]", "Too many endpoints"),
        ]:
            self.workspace.write(self.tenant(), provider=f'provider "azurestack" {{\n{block}\n}}\n')
            if not self.emulator.position:
                self.workspace.init()
                self.emulator.position = 1
            result = self.workspace.run("validate", "-no-color", expect=1)
            self.assertIn(fragment, result.text)


class SignIn(harness.Case):
    expects_rejections = True

    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.init()

    def test_no_credential_is_told_when_the_service_is_needed(self):
        del self.workspace.environment["ARM_CLIENT_SECRET"]
        self.workspace.plan(expect=2)  # a plan needs nobody
        result = self.workspace.apply(expect=1)
        self.assertIn("client_secret", result.text)
        self.assertIn("ARM_CLIENT_SECRET", result.text)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_a_wrong_secret_is_explained_and_asked_once(self):
        self.workspace.environment["ARM_CLIENT_SECRET"] = "wrong"
        self.workspace.write(self.tenant() + self.tenant("other", customer=2))
        result = self.workspace.apply(expect=1)
        self.assertIn("AADSTS7000215", result.text)
        self.assertEqual(self.emulator.calls(tokens=True), ["TOKEN"])
        self.assertEqual(self.workspace.resources(), {})

    def test_a_name_that_does_not_resolve_is_told_at_once(self):
        self.workspace.environment["ARM_RESOURCE_MANAGER_ENDPOINT"] = "https://arm.invalid"
        result = self.workspace.apply(expect=1)
        self.assertIn("arm.invalid", result.text)
        self.assertIn("What to do", result.text)

    def test_an_unknown_authority_is_named_with_the_way_to_add_it(self):
        del self.workspace.environment["SSL_CERT_FILE"]
        result = self.workspace.apply(expect=1)
        self.assertIn("ca_bundle", result.text)
        self.assertIn("SSL_CERT_FILE", result.text)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_ca_bundle_argument(self):
        del self.workspace.environment["SSL_CERT_FILE"]
        self.workspace.write(self.tenant(), provider='provider "azurestack" {\n  ca_bundle = '
                             f'"{self.emulator.file("ca.pem")}"\n}}\n')
        self.workspace.apply()

    def test_arguments_come_before_variables(self):
        self.workspace.environment.update(ARM_TENANT_ID="wrong", ARM_CLIENT_ID="wrong",
                                          ARM_CLIENT_SECRET="wrong", ARM_ENVIRONMENT="mars",
                                          ARM_RESOURCE_MANAGER_ENDPOINT="https://arm.invalid",
                                          ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST="https://a.invalid")
        self.workspace.write(
            self.tenant() + 'variable "secret" {\n  sensitive = true\n}\n',
            provider=f'provider "azurestack" {{\n  tenant_id = "{harness.TENANT}"\n'
            f'  client_id = "{harness.CLIENT}"\n  client_secret = var.secret\n'
            f'  environment = "custom"\n  endpoint = [{{\n'
            f'    active_directory_authority_host = "{self.emulator.url}"\n'
            f'    resource_manager_endpoint = "{self.emulator.url}"\n'
            '    resource_manager_audience = "https://management.azure.com"\n  }]\n}\n')
        self.workspace.environment["TF_VAR_secret"] = harness.SECRET
        self.workspace.apply()
        self.workspace.run("plan", "-no-color", "-out=saved")

    def test_a_wrong_variable_is_named(self):
        result = self.workspace.apply(expect=1, ARM_ENVIRONMENT="mars")
        self.assertIn("ARM_ENVIRONMENT", result.text)

    def test_trace_shows_the_traffic_and_no_secret(self):
        result = self.workspace.apply(TF_LOG_PROVIDER="TRACE", TF_LOG="TRACE")
        self.assertIn("> PUT ", result.output)
        self.assertNotIn("Bearer ey", result.output)
        token = [e for e in self.emulator.events() if "token" in str(e.get("what", ""))]
        self.assertEqual([e for e in token if e.get("token") and
                          e["token"] in result.output], [])


class Refusals(harness.Case):
    expects_rejections = True

    def refuse(self, code, *fragments, **data):
        self.emulator.prepare_refusal(code)
        self.workspace.write(self.tenant())
        self.workspace.init()
        result = self.workspace.apply(expect=1)
        for fragment in (code, "What to do:", "HTTP status:", "Correlation ID:", "Request ID:",
                         "API version: 2017-06-01", *fragments):
            self.assertIn(fragment, result.text)
        self.assertEqual(self.workspace.resources(), {})
        self.assertEqual(self.emulator.mappings(), {})

    def test_unauthorized_csp_registration_prints_the_mail_filled_in(self):
        self.refuse("UnauthorizedCspRegistration", "azstcsp@microsoft.com", SUBSCRIPTION,
                    "resource group name azurestack", "registration name berlin",
                    "registration_id")

    def test_bad_customer_subscription_id(self):
        self.refuse("BadCustomerSubscriptionId", "same CSP")

    def test_invalid_csp_subscription(self):
        self.refuse("InvalidCSPSubscription", "Partner Center")

    def test_customer_subscriptions_not_allowed(self):
        self.refuse("CustomerSubscriptionsNotAllowed", "pay-as-you-use")

    def test_registration_not_found(self):
        self.refuse("RegistrationNotFound", 'name "berlin"')

    def test_a_lock_is_named_with_the_three_steps(self):
        self.workspace.write(self.tenant())
        self.workspace.init()
        self.workspace.apply()
        self.emulator.lock("berlin", "CanNotDelete")
        result = self.workspace.destroy(expect=1)
        for fragment in ("ScopeLocked", "RegistrationResourceLock", "(1)", "(2)", "(3)"):
            self.assertIn(fragment, result.text)
        self.assertIn("azurestack_customer_subscription.tenant", self.workspace.resources())
        self.emulator.lock("berlin", "none")
        self.workspace.destroy()


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
