# A mapping that exists already, or that two resources describe: reported by the plan, and never where
# the same plan takes it away.
# SPDX-License-Identifier: MPL-2.0
import time

import harness
from harness import CUSTOMER, TENANT

EXISTS = "Customer subscription mapping already exists"
TWO = "Two resources for one customer subscription"
ORDER = "One plan deletes and creates the same"
ADDRESS = "azurestack_customer_subscription.tenant"
CBD = "  lifecycle {\n    create_before_destroy = true\n  }\n"


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        for n in (1, 2, 3):
            self.emulator.subscription(CUSTOMER.format(n), tenant_id=CUSTOMER.format(n + 90))

    def begin(self, *parts):
        self.workspace.write("".join(parts))

    def plan(self, *arguments, expect=2):
        self.emulator.mark()
        shown = self.workspace.plan(*arguments, expect=expect)
        self.assertEqual([kind for kind in self.emulator.kinds() if kind != "GET"], [])
        return shown.text

    def import_of(self, customer=1, to=ADDRESS):
        return f'import {{\n  id = "{self.id_of(customer=customer)}"\n  to = {to}\n}}\n'

    def each(self, keys):
        return ('resource "azurestack_customer_subscription" "each" {\n'
                f"  for_each = {keys}\n"
                f'  registration_id = "{harness.HUB.format("berlin")}"\n'
                "  customer_subscription_id = each.value\n}\n")


class Exists(Case):
    def test_many_one_by_one_do_not_wait_each_for_itself(self):
        """With -parallelism=1 nothing can go on while one waits: the second would wait in vain."""
        keys = {f"t{n}": CUSTOMER.format(n) for n in range(1, 31)}
        for customer in keys.values():
            self.emulator.map(harness.HUB.format("berlin") + f"/customerSubscriptions/{customer}",
                              TENANT[:-2] + customer[-2:])
        self.begin(self.each(str(keys).replace(":", " =").replace("'", '"')))
        began = time.monotonic()
        text = self.plan("-parallelism=1", expect=1)
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(text.count(EXISTS), 30)

    def test_what_another_state_manages_exists(self):
        self.begin(self.tenant())
        self.workspace.apply()
        self.workspace.run("workspace", "new", "other")
        self.assertIn(EXISTS, self.plan(expect=1))


class NotIfItGoes(Case):
    """The plan that takes it away is no error, in whichever order the host asks."""

    def setUp(self):
        super().setUp()
        self.begin(self.tenant())
        self.workspace.apply()

    def expect_none(self, *arguments, expect=2):
        text = self.plan(*arguments, expect=expect)
        for words in (EXISTS, TWO, "already exist"):
            self.assertNotIn(words, text)
        return text

    def test_replaced_by_request(self):
        for rule in ("", CBD):
            self.workspace.write(self.tenant(more=rule))
            self.assertIn("1 to add, 0 to change, 1 to destroy",
                          self.expect_none(f"-replace={ADDRESS}"))
            self.expect_none(f"-replace={ADDRESS}", "-refresh=false")
        self.workspace.write(self.tenant())
        self.workspace.apply(f"-replace={ADDRESS}")
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.workspace.expect_settled()

    def test_tainted(self):
        self.workspace.run("taint", ADDRESS)
        self.expect_none()
        self.expect_none("-refresh=false")
        self.workspace.apply()
        self.workspace.expect_settled()

    def test_moved(self):
        self.workspace.write(self.tenant("renamed") + f"moved {{\n  from = {ADDRESS}\n"
                             "  to   = azurestack_customer_subscription.renamed\n}\n")
        self.assertNotIn(ORDER, self.expect_none())

    def test_renamed_without_a_moved_block(self):
        self.workspace.write(self.tenant("renamed"))
        for _ in range(5):
            self.assertIn(ORDER, self.expect_none())
        self.assertIn(ORDER, self.expect_none("-refresh=false"))

    def test_keys_renamed_without_moved_blocks(self):
        old = {f"t{n}": CUSTOMER.format(n) for n in range(2, 14)}
        new = {f"u{n}": CUSTOMER.format(n) for n in range(2, 14)}
        form = lambda keys: self.each(str(keys).replace(":", " =").replace("'", '"'))
        self.workspace.write(self.tenant() + form(old))
        self.workspace.apply()
        self.workspace.write(self.tenant() + form(new))
        self.assertIn("12 to add, 0 to change, 12 to destroy", self.expect_none())

    def test_destroyed_and_forgotten(self):
        self.expect_none("-destroy")
        self.workspace.write("removed {\n  from = azurestack_customer_subscription.tenant\n"
                             "  lifecycle {\n    destroy = false\n  }\n}\n")
        self.need("removed blocks", terraform=(1, 7), tofu=(1, 7))
        self.workspace.plan(expect=None)

    def test_targeted_and_refreshed_only(self):
        self.expect_none(f"-target={ADDRESS}", expect=0)
        self.expect_none("-refresh-only", expect=0)


class Two(Case):
    def test_one_in_state_and_one_that_creates_it(self):
        self.begin(self.tenant())
        self.workspace.apply()
        self.workspace.write(self.tenant() + self.tenant("two"))
        for arguments in ((), ("-refresh=false",), (f"-replace={ADDRESS}",)):
            self.assertIn(TWO, self.plan(*arguments, expect=1))

    def test_two_in_state(self):
        self.begin(self.tenant(), self.import_of(), self.tenant("two"),
                   self.import_of(to="azurestack_customer_subscription.two"))
        self.emulator.map(self.id_of(), TENANT)
        self.assertIn(TWO, self.plan(expect=1))
        # And where an older version has let them in.
        self.workspace.write(self.tenant() + self.import_of())
        self.workspace.apply()
        self.workspace.write(self.tenant())
        self.copy_in_state()
        self.workspace.write(self.tenant() + self.tenant("two"))
        text = self.plan(expect=1)
        for words in (TWO, "Both are in the state"):
            self.assertIn(words, text)
        self.workspace.write(self.tenant())  # destroys the other one, and the mapping with it
        self.assertIn(TWO, self.plan(expect=1))
        # The way out.
        self.need("removed blocks", terraform=(1, 7), tofu=(1, 7))
        self.workspace.write(self.tenant() + "removed {\n"
                             "  from = azurestack_customer_subscription.two\n"
                             "  lifecycle {\n    destroy = false\n  }\n}\n")
        self.workspace.apply()
        self.assertEqual(list(self.workspace.resources()), [ADDRESS])
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])

    def copy_in_state(self):
        state = self.workspace.state()
        state["resources"].append({**state["resources"][0], "name": "two"})
        self.workspace.put_state(state)

    def test_known_at_the_apply_only(self):
        self.need("terraform_data", terraform=(1, 4), tofu=(1, 6))
        self.begin('resource "terraform_data" "customer" {\n'
                   f'  input = "{CUSTOMER.format(1)}"\n}}\n', self.tenant("one"),
                   self.tenant("two").replace(f'"{CUSTOMER.format(1)}"',
                                              "terraform_data.customer.output"))
        self.plan()
        self.workspace.apply(expect=1).says(TWO)
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
