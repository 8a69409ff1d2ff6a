# What a plan says beforehand: whose place would be taken, two for one tenant, who pays then.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, TENANT

WITH_TENANT = f'  tenant_id = "{TENANT}"\n'
ALLOWED = WITH_TENANT + "  replace_existing_mapping = true\n"
PLACE = "Would overwrite an existing"


class AtStake:
    """The tenant is mapped to subscription 1 already, and the configuration names 2. 4 is of
    another tenant."""

    named = ""  # the argument tenant_id

    def setUp(self):
        super().setUp()
        for n in (1, 2, 3):
            self.emulator.subscription(CUSTOMER.format(n), tenant_id=TENANT)
        self.emulator.subscription(CUSTOMER.format(4), tenant_id=CUSTOMER.format(94))
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

    def test_two_new_ones_of_one_tenant(self):
        self.workspace.write(self.tenant("one", hub="munich", customer=2, more=self.named)
                             + self.tenant("two", hub="munich", customer=3, more=self.named))
        self.workspace.plan(expect=1).says(
            "Two customer subscription mappings for one tenant_id", self.id_of("munich", 2),
            self.id_of("munich", 3), "Keep one of them")


class Place(AtStake, harness.Case):
    named = WITH_TENANT

    def test_ones_own_mapping_is_no_conflict(self):
        self.emulator.unmap(self.id_of(customer=1))
        self.workspace.apply()
        other = "99999999-9999-4999-8999-999999999999"
        self.emulator.map(self.id_of(customer=2), other)
        # Planned to be created again in its own place.
        self.assertNotIn(PLACE, self.workspace.plan(expect=2).text)

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

    def test_another_hub_is_another_place(self):
        self.workspace.write(self.tenant(hub="munich", customer=2, more=WITH_TENANT))
        self.workspace.apply()
        self.assertEqual(len(self.emulator.mappings()), 2)


class LeftOut(AtStake, harness.Case):
    """tenant_id is left out, as most configurations do: Azure says whose subscription it is."""

    def plan(self, expect, **environment):
        self.emulator.mark()
        return self.workspace.plan(expect=expect, **environment).text

    def test_it_asks_whose_the_subscription_is_and_sends_no_secret_along(self):
        self.plan(1)
        self.assertEqual(self.emulator.tenant_questions(), [CUSTOMER.format(2)])
        for event in self.emulator.requests():
            if harness.is_tenant_question(event):
                self.assertNotIn("authorization", [name.lower() for name in event["headers"]])

    def test_another_tenant_is_no_conflict(self):
        self.workspace.write(self.tenant(customer=4))
        self.assertNotIn("Warning", self.plan(2))
        self.workspace.apply()
        self.assertEqual(len(self.emulator.mappings()), 2)

    def test_one_of_two_hubs_has_one_question_a_subscription(self):
        self.workspace.write(self.tenant("one", customer=4)
                             + self.tenant("two", hub="munich", customer=4))
        self.emulator.map(self.id_of("munich", 1), TENANT)
        self.plan(2)
        self.assertEqual(self.emulator.tenant_questions(), [CUSTOMER.format(4)])

    def test_no_question_where_nothing_is_in_doubt(self):
        for text in (self.tenant(hub="munich", customer=2),
                     self.tenant(customer=4, more=f'  tenant_id = "{CUSTOMER.format(94)}"\n')):
            self.workspace.write(text)
            self.plan(2)
            self.assertEqual(self.emulator.tenant_questions(), [])
        # What is in state is not asked about, and what replaces it has its place.
        self.emulator.unmap(self.id_of(customer=1))
        self.workspace.write(self.tenant(customer=2))
        self.workspace.apply()
        for text, status in ((self.tenant(customer=2), 0), (self.tenant(customer=3), 2)):
            self.workspace.write(text)
            self.plan(status)
            self.assertEqual(self.emulator.tenant_questions(), [])

    def test_a_service_that_does_not_name_the_tenant_is_one_warning(self):
        self.workspace.write("".join(self.tenant(f"t{n}", customer=n) for n in range(20, 40)))
        faults = (None, ("status", {"status": 429}), ("status", {"status": 500}),
                  ("status", {"status": 302}), ("rst", {}), ("hang", {}))
        for switch in ("common", "none"):
            for fault in faults:
                with self.subTest(switch=switch, fault=fault):
                    self.emulator.reset_faults()
                    self.emulator.switch(tenant_challenge=switch)
                    if fault is not None:
                        self.emulator.fault("SUBSCRIPTION#*", fault[0], **fault[1])
                    text = self.plan(2)
                    self.assertEqual(text.count("cannot check for overwrites"), 1)
                    self.assertIn("Set tenant_id", text)
                    self.assertLess(len(self.emulator.tenant_questions()), 12)


class Bills(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.apply()

    def test_a_destroy_says_who_pays_from_then_on(self):
        self.workspace.run("plan", "-no-color", "-destroy").says(
            "changes who pays", harness.SUBSCRIPTION, "destroy_warning_enabled = false")
        silent = self.workspace.run("plan", "-no-color", "-destroy",
                                    AZURESTACK_DESTROY_WARNING_ENABLED="false")
        self.assertNotIn("changes who pays", silent.text)

    def test_a_replacement_says_who_pays_meanwhile_and_how_to_avoid_it(self):
        gap, both = "leaves a gap in billing", "replace_existing_mapping = true"
        for text, words, absent in (
                (self.tenant(customer=2), ("create_before_destroy = true", both), "untaint"),
                (self.tenant(hub="munich"), ("can have a mapping",), both),
                (self.tenant(more=WITH_TENANT), ("have the same ID",), both)):
            self.workspace.write(text)
            reported = self.workspace.plan(expect=2).text
            for word in (gap, harness.SUBSCRIPTION, *words):
                self.assertIn(word, reported)
            self.assertEqual(reported.count(gap), 1)
            self.assertNotIn(absent, reported)
            silent = self.workspace.plan(expect=2, AZURESTACK_DESTROY_WARNING_ENABLED="false")
            self.assertNotIn(gap, silent.text)
        self.workspace.write(self.tenant())
        self.workspace.run("taint", "azurestack_customer_subscription.tenant")
        reported = self.workspace.plan(expect=2).text
        for word in (gap, "terraform untaint", harness.SUBSCRIPTION):
            self.assertIn(word, reported)
        self.workspace.run("untaint", "azurestack_customer_subscription.tenant")
        self.workspace.write(self.tenant(more='  timeouts {\n    read = "1m"\n  }\n'))
        self.assertNotIn(gap, self.workspace.plan(expect=2).text)

    def test_a_removed_block_forgets_and_leaves_the_mapping(self):
        self.workspace.write(
            "removed {\n  from = azurestack_customer_subscription.tenant\n"
            "  lifecycle {\n    destroy = false\n  }\n}\n")
        self.emulator.mark()
        self.workspace.apply()
        self.assertEqual(self.workspace.resources(), {})
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.assertNotIn("DELETE", self.emulator.kinds())

    def test_prevent_destroy_is_the_hosts_and_holds(self):
        self.workspace.write(self.tenant(
            customer=2, more="  lifecycle {\n    prevent_destroy = true\n  }\n"))
        self.workspace.plan(expect=1).says("prevent_destroy")
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])


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
