# What a plan says beforehand: which mapping would be overwritten, and who pays then. What it asks for that,
# and every answer to it, is in tests/exchanges/customer_subscription/check_*.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, TENANT

WITH_TENANT = f'  tenant_id = "{TENANT}"\n'
ALLOWED = WITH_TENANT + "  replace_existing_mapping = true\n"
PLACE = "Would overwrite an existing"


class AtStake:
    """The tenant is mapped to subscription 1 already, and the configuration names 2."""

    named = ""  # the argument tenant_id

    def setUp(self):
        super().setUp()
        for n in (1, 2):
            self.emulator.subscription(CUSTOMER.format(n), tenant_id=TENANT)
        self.emulator.map(self.id_of(customer=1), TENANT)
        self.workspace.write(self.tenant(customer=2, more=self.named))

    def nothing_was_written(self):
        self.assertEqual([kind for kind in self.emulator.kinds() if kind != "GET"], [])
        self.assertEqual(self.emulator.mappings(), {self.id_of(customer=1): TENANT})

    def test_the_plan_fails_and_names_the_mapping_at_stake(self):
        self.workspace.plan(expect=1).says(
            PLACE, self.id_of(customer=1), "replace_existing_mapping = true",
            "with azurestack_customer_subscription.tenant", "tenant")
        self.workspace.apply(expect=1)
        self.nothing_was_written()

    def test_what_came_after_the_plan_is_seen_before_the_write(self):
        self.emulator.unmap(self.id_of(customer=1))
        self.workspace.plan("-out=saved", expect=2)
        self.emulator.map(self.id_of(customer=1), TENANT)
        self.workspace.run("apply", "-no-color", "saved", expect=1).says(PLACE)
        self.nothing_was_written()

    def test_who_allows_it_is_warned_and_gets_it(self):
        self.workspace.write(self.tenant(
            customer=2, more=self.named + "  replace_existing_mapping = true\n"))
        self.workspace.plan(expect=2).says("Overwrites an existing", self.id_of(customer=1))
        self.workspace.apply()
        self.assertEqual(self.emulator.mappings(), {self.id_of(customer=2): TENANT})
        self.workspace.expect_settled()


class Place(AtStake, harness.Case):
    named = WITH_TENANT

    def test_a_replacement_in_the_default_order_overwrites_nothing(self):
        self.workspace.write(self.tenant(customer=1, more=WITH_TENANT) +
                             f'import {{\n  id = "{self.id_of(customer=1)}"\n'
                             '  to = azurestack_customer_subscription.tenant\n}\n')
        self.workspace.apply()
        self.workspace.write(self.tenant(customer=2, more=WITH_TENANT))
        self.assertNotIn(PLACE, self.workspace.plan(expect=2).text)
        self.emulator.mark()
        self.workspace.apply()
        self.assertEqual([kind for kind in self.emulator.kinds() if kind != "GET"],
                         ["DELETE", "PUT"])
        self.assertEqual(self.emulator.mappings(), {self.id_of(customer=2): TENANT})
        self.workspace.expect_settled()

    def test_in_the_other_order_it_does_and_is_refused_before_the_write(self):
        rule = WITH_TENANT + "  lifecycle {\n    create_before_destroy = true\n  }\n"
        self.workspace.write(self.tenant(customer=1, more=rule) +
                             f'import {{\n  id = "{self.id_of(customer=1)}"\n'
                             '  to = azurestack_customer_subscription.tenant\n}\n')
        self.workspace.apply()
        self.workspace.write(self.tenant(customer=2, more=rule))
        self.emulator.mark()
        self.workspace.apply(expect=1).says(PLACE)
        self.nothing_was_written()



class LeftOut(AtStake, harness.Case):
    """tenant_id is left out, as most configurations do: Azure says whose subscription it is."""


class Bills(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.apply()

    def test_a_destroy_and_a_replacement_say_who_pays_unless_switched_off(self):
        off = {"AZURESTACK_DESTROY_WARNING_ENABLED": "false"}
        gap, both = "leaves a gap in billing", "replace_existing_mapping = true"
        self.workspace.plan("-destroy", expect=2).says("changes who pays",
                                                       "destroy_warning_enabled = false")
        self.assertNotIn("pays", self.workspace.plan("-destroy", expect=2, **off).text)
        for text, words in ((self.tenant(customer=2), ("create_before_destroy = true", both)),
                            (self.tenant(hub="munich"), ("can have a mapping",)),
                            (self.tenant(more=WITH_TENANT), ("have the same ID",))):
            self.workspace.write(text)
            reported = self.workspace.plan(expect=2).says(gap, harness.SUBSCRIPTION, *words).text
            self.assertEqual((reported.count(gap), both in reported), (1, both in words))
            self.assertNotIn("untaint", reported)
            self.assertNotIn(gap, self.workspace.plan(expect=2, **off).text)
        self.workspace.write(self.tenant())
        self.workspace.run("taint", "azurestack_customer_subscription.tenant")
        self.workspace.plan(expect=2).says(gap, "terraform untaint", harness.SUBSCRIPTION)

    def test_a_removed_block_forgets_and_leaves_the_mapping(self):
        self.workspace.write(
            "removed {\n  from = azurestack_customer_subscription.tenant\n"
            "  lifecycle {\n    destroy = false\n  }\n}\n")
        self.emulator.mark()
        self.workspace.apply()
        self.assertEqual(self.workspace.resources(), {})
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.assertNotIn("DELETE", self.emulator.kinds())



class Changeover(harness.Case):
    """A tenant gets another subscription, and is mapped at every moment."""

    def test_create_before_destroy_with_the_opt_in(self):
        rule = ALLOWED + "  lifecycle {\n    create_before_destroy = true\n  }\n"
        for overwritten_delete in ("204", "404", "removes_mapping"):
            with self.subTest(overwritten_delete=overwritten_delete):
                self.emulator.reset()
                self.emulator.switch(overwritten_delete=overwritten_delete)
                for n in (1, 2):
                    self.emulator.subscription(CUSTOMER.format(n), tenant_id=TENANT)
                self.workspace.write(self.tenant(customer=1, more=rule))
                self.workspace.apply()
                self.workspace.write(self.tenant(customer=2, more=rule))
                self.emulator.mark()
                self.workspace.apply()
                # The overwritten one is read first, and not deleted: it is not known what that
                # would take away.
                self.assertNotIn("DELETE", self.emulator.kinds())
                self.assertEqual(self.emulator.mappings(), {self.id_of(customer=2): TENANT})
                self.workspace.expect_settled()
                self.workspace.destroy()
