# A mapping that is to become another one, and one that changed behind Terraform's back.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER

ADDRESS = "azurestack_customer_subscription.tenant"


class Replace(harness.Case):
    def test_another_tenant_replaces_the_same_id_although_the_service_is_slow(self):
        self.emulator.switch(gone_after_gets=2, visible_after_gets=1)
        first = self.emulator.tenant_of(CUSTOMER.format(1))
        self.workspace.write(self.tenant())
        self.workspace.apply()
        other = "99999999-9999-4999-8999-999999999999"
        self.assertNotEqual(first, other)
        self.workspace.write(self.tenant(more=f'  tenant_id = "{other}"\n'))
        self.workspace.apply()
        self.assertEqual(self.emulator.mappings(), {self.id_of(): other})
        self.workspace.expect_settled()


class Drift(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.apply()

    def test_a_registration_that_cannot_be_seen_takes_nothing_out_of_state(self):
        self.emulator.forget_registration("berlin")
        self.workspace.plan(expect=1).says("RegistrationNotFound", 'name "berlin"',
                                           "terraform state rm")
        self.assertIn(ADDRESS, self.workspace.resources())
        self.workspace.destroy(expect=1)
        self.assertIn(ADDRESS, self.workspace.resources())


class SameTenantTwice(harness.Case):
    """One subscription per tenant: the second one takes the place of the first."""

    def test_replacing_in_either_order_leaves_the_new_one(self):
        for displaced_delete in ("204", "404", "removes_mapping"):
            for before in (False, True):
                with self.subTest(displaced_delete=displaced_delete, create_before_destroy=before):
                    self.emulator.reset()
                    self.emulator.switch(displaced_delete=displaced_delete)
                    for n in (1, 2):
                        self.emulator.subscription(CUSTOMER.format(n), tenant_id=harness.TENANT)
                    # Overwriting has to be allowed: Azure says that the tenant is the same.
                    rule = ("  replace_existing_mapping = true\n"
                            "  lifecycle {\n    create_before_destroy = true\n  }\n"
                            if before else "")
                    self.workspace.write(self.tenant(customer=1, more=rule))
                    self.workspace.apply()
                    self.workspace.write(self.tenant(customer=2, more=rule))
                    self.workspace.apply()
                    self.assertEqual(list(self.emulator.mappings()), [self.id_of(customer=2)])
                    self.workspace.expect_settled()
                    self.workspace.destroy()
