# Money: one subscription is bought, whatever the host is asked to do. The life cycle is in resource_test.py; lost
# answers, kills and what billing accounts hold are in tests/exchanges, tests/faults and tests/torture.
# SPDX-License-Identifier: MPL-2.0
import harness

ACCOUNT = ("99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_"
           "2019-05-31")
TENANT = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
SCOPE = f"/providers/Microsoft.Billing/billingAccounts/{ACCOUNT}/customers/{TENANT}"
ADDRESS = "azurestack_partner_azure_subscription.it"


class Purchase(harness.Case):
    emulator_config = {"applications": [
        {"tenant_id": tenant, "client_id": harness.CLIENT, "client_secret": harness.SECRET,
         "role": "owner"} for tenant in (harness.TENANT, TENANT)]}

    def setUp(self):
        super().setUp()
        self.workspace.tokens_each = 2
        self.configure()

    def configure(self, argument="", more="", name="Contoso"):
        self.workspace.write(f'resource "azurestack_partner_azure_subscription" "it" {{\n'
                             f'  billing_scope_id = "{SCOPE}"\n  display_name = "{name}"\n'
                             f'  {argument}\n}}\n{more}')
        self.workspace.init()

    def bought(self):
        return self.emulator.control.ask("bought")

    def expect_one(self):  # One was bought, and the state has it.
        one, = self.bought()
        self.assertEqual(self.workspace.resources()[ADDRESS]["subscription_id"], one["id"])
        return one

    def test_the_subscription_goes_straight_into_a_mapping(self):
        hub = harness.HUB.format("berlin")
        self.configure(more=(
            f'resource "azurestack_customer_subscription" "it" {{\n  registration_id = "{hub}"\n'
            f"  customer_subscription_id = {ADDRESS}.subscription_id\n"
            f"  tenant_id = {ADDRESS}.customer_tenant_id\n}}\n"))
        self.emulator.switch(tenant_id_supplied="stored")
        self.workspace.apply()
        self.workspace.expect_settled()
        one = self.expect_one()
        self.assertEqual(self.emulator.mappings(),
                         {f"{hub}/customerSubscriptions/{one['id']}": TENANT})
        self.workspace.destroy()
        self.assertEqual(self.bought()[0]["state"], "Enabled")

    def test_neither_replace_nor_a_taint_buys(self):
        self.workspace.apply()
        replace, words = f"-replace={ADDRESS}", ("buys another one", "terraform untaint")
        self.workspace.apply(replace, expect=1).says(*words)
        self.workspace.run("taint", ADDRESS)
        self.workspace.apply(expect=1).says(*words)
        self.workspace.run("untaint", ADDRESS)
        self.workspace.expect_settled()
        self.configure(name="Fabrikam")  # of which another alias would be made
        self.workspace.apply()
        for argument in "", 'workload = "DevTest"', 'workload = "DevTest"\n  cancel_on_destroy = true':
            self.configure(argument, name="Fabrikam")
            self.workspace.apply(*[replace][bool(argument):], expect=1).says("has a subscription with this name")
        self.expect_one()

    def test_two_whose_alias_is_known_at_the_apply_only_buy_one(self):
        self.configure("alias = terraform_data.later.output", more=(
            'resource "terraform_data" "later" {\n  input = "one"\n}\n'
            'resource "azurestack_partner_azure_subscription" "two" {\n'
            f'  billing_scope_id = "{SCOPE}"\n  display_name = "Fabrikam"\n'
            "  alias = terraform_data.later.output\n}\n"))
        self.workspace.apply(expect=1).says("Two resources for one")
        self.assertEqual(len(self.bought()), 1)

    def test_every_form_of_what_the_alias_shows(self):
        for form in ("full", "short_scope", "bare"):
            for early in (False, True):
                with self.subTest(form=form, early=early):
                    self.emulator.reset()
                    self.emulator.switch(alias_form=form, alias_tells_early=early, alias_polls=3)
                    self.workspace.apply()
                    self.workspace.expect_settled()
                    self.expect_one()
                    self.workspace.forget(ADDRESS)
