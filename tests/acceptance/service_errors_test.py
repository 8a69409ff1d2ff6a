# What a user reads when the service says no, and what is refused before anybody is asked. The texts
# in full are proven by tests/exchanges and tests/unit.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class Refusals(harness.Case):
    def refuse(self, code, *fragments):
        self.workspace.write(self.tenant())
        self.emulator.mark()
        self.workspace.apply(expect=1).says(code, "What to do:", "HTTP status:", "Correlation ID:",
                                            "Request ID:", "API version: 2017-06-01", *fragments)
        self.assertEqual(self.workspace.resources(), {})
        self.assertEqual(self.emulator.mappings(), {})
        self.assertLessEqual(self.emulator.kinds().count("PUT"), 1, "a no is a no")

    def test_the_code_decides_whatever_the_status_and_the_mail_is_filled_in(self):
        self.emulator.registration("berlin", multi_tenancy=False)
        for status in (403, 400, 404, 409):
            with self.subTest(status=status):
                self.emulator.switch(error_status={"UnauthorizedCspRegistration": status})
                self.refuse("UnauthorizedCspRegistration", "azstcsp@microsoft.com", SUBSCRIPTION,
                            "resource group name azurestack", "registration name berlin",
                            "registration_id")

    def test_customer_subscriptions_not_allowed(self):
        self.emulator.registration("berlin", billing_model="Capacity")
        self.workspace.write(self.tenant())
        for operations in ("put", "all"):
            with self.subTest(not_allowed_on=operations):
                self.emulator.switch(not_allowed_on=operations)
                # The plan can see it, and so nothing has to be tried.
                for result in (self.workspace.plan(expect=1), self.workspace.apply(expect=1)):
                    result.says("Capacity", "pay-as-you-use", "registration_id")
        self.assertNotIn("PUT", self.emulator.kinds())

    def test_a_resolver_that_stays_down_is_reported_at_the_timeout(self):
        self.emulator.subscription(CUSTOMER.format(1), resolver="down")
        self.workspace.write(self.tenant(more='  timeouts {\n    create = "3s"\n  }\n'))
        self.workspace.apply(expect=1).says("MetadataResolverBadGatewayError")
        self.assertEqual((self.workspace.resources(), self.emulator.mappings()), ({}, {}))

    def test_a_role_that_is_too_small(self):
        self.emulator.control.ask("application", {"client_id": harness.CLIENT, "role": "reader"})
        self.refuse("AuthorizationFailed", "customerSubscriptions/write")

    def test_a_lock_is_named_with_the_three_steps(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.emulator.registration("berlin", lock="CanNotDelete")
        self.workspace.destroy(expect=1).says("ScopeLocked", "RegistrationResourceLock",
                                              "(1) Remove the lock", "(2) Apply again",
                                              "(3) Put the lock back")
        self.assertIn("azurestack_customer_subscription.tenant", self.workspace.resources())
        self.assertIn(self.id_of(), self.emulator.mappings())
        self.emulator.registration("berlin", lock="none")
        self.workspace.destroy()


class Validation(harness.Case):
    def refuse(self, *words, customer=CUSTOMER.format(1), registration=HUB.format("berlin"),
               more="", block=""):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "tenant" {\n'
            f'  registration_id          = "{registration}"\n'
            f'  customer_subscription_id = "{customer}"\n{more}}}\n',
            provider=f'provider "azurestack" {{\n{block}\n}}\n')
        self.workspace.run("validate", "-no-color", expect=1).says(*words)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_wrong_values_are_refused_offline_with_path_and_correction(self):
        upper = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"
        self.refuse("Invalid customer_subscription_id", "on main.tf line",
                    f'Use lower case: "{upper.lower()}"', customer=upper)
        self.refuse("the ID of a customer subscription",
                    f'Use the ID of its parent: "{HUB.format("berlin")}"',
                    registration=self.id_of())
        self.refuse("Invalid timeouts.create", "is not a duration",
                    more='  timeouts {\n    create = "soon"\n  }\n')

    def test_the_provider_block(self):
        self.refuse('Possible values are "public", "usgovernment", "china" and "custom"',
                    block='environment = "mars"')
        self.refuse("Too many endpoints", block="endpoint = [{}, {}]")
        # Empty, it switches the environment variable off.
        self.workspace.write(self.tenant(),
                             provider='provider "azurestack" {\nclient_secret = ""\n}\n')
        self.workspace.run("validate", "-no-color")
