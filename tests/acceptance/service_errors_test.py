# What a user reads when the service says no.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, SUBSCRIPTION


class Refusals(harness.Case):
    def refuse(self, code, *fragments):
        self.workspace.write(self.tenant())
        self.emulator.mark()
        self.workspace.apply(expect=1).says(code, "What to do:", "HTTP status:", "Correlation ID:",
                                            "Request ID:", "API version: 2017-06-01", *fragments)
        self.assertEqual(self.workspace.resources(), {})
        self.assertEqual(self.emulator.mappings(), {})
        self.assertLessEqual(self.emulator.kinds().count("PUT"), 1, "a no is a no")

    def test_unauthorized_csp_registration_prints_the_mail_filled_in(self):
        self.emulator.registration("berlin", multi_tenancy=False)
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

    def test_a_resolver_that_is_down_is_asked_again(self):
        self.emulator.fault("PUT#1", "status", status=502, code="MetadataResolverBadGatewayError")
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.assertEqual(self.emulator.kinds().count("PUT"), 2)
        self.workspace.expect_settled()

    def test_a_resolver_that_stays_down_is_told_when_the_time_is_over(self):
        self.emulator.subscription(CUSTOMER.format(1), resolver="down")
        self.workspace.write(self.tenant(more='  timeouts {\n    create = "3s"\n  }\n'))
        self.workspace.apply(expect=1).says("MetadataResolverBadGatewayError")
        self.assertEqual((self.workspace.resources(), self.emulator.mappings()), ({}, {}))

    def test_a_role_that_is_too_small(self):
        self.emulator.control.ask("application", {"client_id": harness.CLIENT, "role": "reader"})
        self.refuse("AuthorizationFailed", "customerSubscriptions/write")

    def test_a_subscription_of_another_tenant(self):
        self.emulator.registration("berlin", tenant_id=CUSTOMER.format(9))
        self.refuse("InvalidAuthenticationTokenTenant", CUSTOMER.format(9))

    def test_a_lock_is_named_with_the_three_steps(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.emulator.registration("berlin", lock="CanNotDelete")
        self.workspace.destroy(expect=1).says("ScopeLocked", "RegistrationResourceLock", "(1)",
                                              "(2)", "(3)")
        self.assertIn("azurestack_customer_subscription.tenant", self.workspace.resources())
        self.assertIn(self.id_of(), self.emulator.mappings())
        self.emulator.registration("berlin", lock="none")
        self.workspace.destroy()
