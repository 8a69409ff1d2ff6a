# Importing a mapping: what people write as its ID, and which case the service holds.
# resource_test.py has the import of any resource.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION

ADDRESS = "azurestack_customer_subscription.tenant"
LETTERS = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"  # so that case shows


class Command(harness.Case):
    def adopt(self, given, expect=0):
        return self.workspace.run("import", "-no-color", ADDRESS, given, expect=expect)

    def test_what_means_the_same_id(self):
        self.workspace.write(self.tenant())
        self.emulator.map(self.id_of(), self.emulator.tenant_of(CUSTOMER.format(1)))
        for given in (self.id_of()[1:], self.id_of() + "/",
                      self.id_of().replace("resourceGroups", "RESOURCEGROUPS").replace(
                          "Microsoft.AzureStack", "microsoft.azurestack"),
                      self.id_of().replace("berlin", "BERLIN")):
            with self.subTest(given=given):
                self.adopt(given)
                self.workspace.expect_settled()
                self.workspace.forget(ADDRESS)

    def test_what_is_no_such_id(self):
        self.workspace.write(self.tenant())
        for given, words in ((HUB.format("berlin"), "it is the ID of a resource of type "
                              "Microsoft.AzureStack/registrations"),
                             (f"{self.id_of()}\n", "white space or quotation marks"),
                             (CUSTOMER.format(1), 'expected "subscriptions"')):
            with self.subTest(given=given):
                self.adopt(given, expect=1).says("Invalid import ID", words)
        self.assertEqual(self.emulator.calls(), [])
        self.adopt(self.id_of(customer=7), expect=1).says("Customer subscription mapping not found")

    def test_a_mapping_in_upper_case_is_adopted_and_deleted_as_azure_holds_it(self):
        stored = f"{HUB.format('berlin')}/customerSubscriptions/{LETTERS.upper()}"
        for rule in ("insensitive", "exact"):
            with self.subTest(case_rule=rule):
                self.emulator.switch(case_rule=rule)
                self.emulator.map(stored, self.emulator.tenant_of(LETTERS).upper())
                self.workspace.write(self.tenant().replace(CUSTOMER.format(1), LETTERS))
                self.adopt(stored.replace(LETTERS.upper(), LETTERS))
                self.workspace.expect_settled()
                state = self.workspace.resources()[ADDRESS]
                self.assertEqual((state["id"], state["customer_subscription_id"]),
                                 (stored, LETTERS))
                self.emulator.mark()
                self.workspace.destroy()
                self.assertIn(f"DELETE {stored}", self.emulator.calls())
                self.assertEqual(self.emulator.mappings(), {})


class Identity(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("resource identity", terraform=(1, 12), tofu=(1, 12))

    def identity(self, **changed):
        return {"registration_subscription_id": SUBSCRIPTION, "resource_group_name": "azurestack",
                "registration_name": "berlin", "customer_subscription_id": CUSTOMER.format(1),
                **changed}

    def block(self, **changed):
        members = "".join(f'    {name} = "{text}"\n'
                          for name, text in self.identity(**changed).items())
        return f"import {{\n  to = {ADDRESS}\n  identity = {{\n{members}  }}\n}}\n"

    def test_the_identity_keeps_the_case_of_the_service(self):
        self.emulator.map(self.id_of().replace(CUSTOMER.format(1), LETTERS.upper()),
                          self.emulator.tenant_of(LETTERS).upper())
        self.workspace.write(self.block(customer_subscription_id=LETTERS))
        self.workspace.plan("-generate-config-out=generated.tf", expect=2)
        self.workspace.apply().says("1 imported, 0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()
        self.assertEqual(self.workspace.instance()["identity"],
                         self.identity(customer_subscription_id=LETTERS.upper()))

    def test_a_wrong_part_is_named_and_nothing_is_asked(self):
        for name, text in (("customer_subscription_id", "contoso"), ("registration_name", "")):
            with self.subTest(part=name):
                self.workspace.write(self.tenant() + self.block(**{name: text}))
                self.workspace.plan(expect=1).says(name)
        self.assertEqual(self.emulator.kinds(), [])
