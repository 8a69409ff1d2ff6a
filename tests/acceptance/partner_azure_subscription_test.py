# Money: one subscription is bought, whatever the host is asked to do. The life cycle is in
# resource_test.py; lost answers and kills are in tests/exchanges, tests/faults and tests/torture.
# SPDX-License-Identifier: MPL-2.0
import harness

ACCOUNT = ("99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_"
           "2019-05-31")
TENANT = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
SCOPE = f"/providers/Microsoft.Billing/billingAccounts/{ACCOUNT}/customers/{TENANT}"
ADDRESS = "azurestack_partner_azure_subscription.it"
NAME_TAKEN = "The customer already has a subscription with this name"
WORLD = {"applications": [
    {"tenant_id": tenant, "client_id": harness.CLIENT, "client_secret": harness.SECRET,
     "role": "owner"} for tenant in (harness.TENANT, TENANT)]}


class Purchase(harness.Case):
    emulator_config = WORLD

    def setUp(self):
        super().setUp()
        self.workspace.tokens_each = 2
        self.configure()

    def configure(self, *arguments, name="Contoso", more=""):
        body = "".join(f"  {argument}\n" for argument in arguments)
        self.workspace.write(f'resource "azurestack_partner_azure_subscription" "it" {{\n'
                             f'  billing_scope_id = "{SCOPE}"\n  display_name = "{name}"\n'
                             f'{body}}}\n{more}')
        self.workspace.init()

    def bought(self):
        return self.emulator.control.ask("bought")

    def alias(self):
        return self.workspace.resources()[ADDRESS]["alias"]

    def expect_one(self):
        """One was bought, and the state has it."""
        one, = self.bought()
        self.assertEqual(self.workspace.resources()[ADDRESS]["subscription_id"], one["id"])
        return one

    def repair(self):
        """Run until it succeeds, as its messages say; never buys a second one."""
        for _ in range(3):
            result = self.workspace.apply(expect=None)
            self.assertLessEqual(len(self.bought()), 1)
            if result.status == 0:
                break
            if "already exists" in result.text:
                alias = self.emulator.control.ask("aliases")[0]["id"]
                self.configure(more=f'import {{\n  to = {ADDRESS}\n  id = "{alias}"\n}}\n')
            elif ADDRESS in self.workspace.resources():
                self.workspace.run("untaint", ADDRESS, expect=None)
        self.assertEqual(result.status, 0, result.output)
        self.workspace.expect_settled()
        return self.expect_one()

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

    def test_a_token_of_the_partner_s_never_reads_the_subscription(self):
        self.emulator.mark()
        self.workspace.apply()
        self.workspace.plan()
        self.assertEqual([call for call in self.emulator.calls() if "/subscriptions/" in call], [])

    def test_neither_replace_nor_a_taint_buys(self):
        self.workspace.apply()
        for arguments in ((f"-replace={ADDRESS}",), ()):
            if not arguments:
                self.workspace.run("taint", ADDRESS)
            with self.subTest(arguments=arguments):
                self.workspace.apply(*arguments, expect=1).says("buys another one",
                                                                "terraform untaint")
                self.assertEqual(len(self.bought()), 1)
        self.workspace.run("untaint", ADDRESS)
        self.workspace.expect_settled()
        self.expect_one()

    def test_a_replacement_by_the_configuration_is_warned_of_and_buys_nothing(self):
        self.workspace.apply()
        self.configure('workload = "DevTest"')
        self.workspace.plan(expect=2).says("buys another one")
        self.workspace.apply(expect=1).says(NAME_TAKEN)
        self.assertEqual(len(self.bought()), 1)

    def two(self, alias, name):
        self.configure(f"alias = {alias[0]}", more=(
            'resource "terraform_data" "later" {\n  input = "one"\n}\n'
            'resource "azurestack_partner_azure_subscription" "two" {\n'
            f'  billing_scope_id = "{SCOPE}"\n  display_name = "{name}"\n'
            f"  alias = {alias[1]}\n}}\n"))

    def test_two_that_would_buy_one_are_refused(self):
        """What no plan knows, the apply finds: one is bought then."""
        later = "terraform_data.later.output"
        for alias, name, words in (
                (('"one"', '"one"'), "Contoso", "Two resources for one"),
                (('"one"', '"One"'), "Fabrikam", "Two resources for one"),
                (('"one"', '"two"'), "Contoso", "with one display_name"),
                (('"one"', '"two"'), "contoso", "with one display_name"),
                ((later, later), "Fabrikam", "Two resources for one"),
                ((later, '"two"'), "Contoso", "display_name")):
            with self.subTest(alias=alias, name=name):
                self.emulator.reset()
                self.workspace.put_state({"version": 4, "serial": 0, "resources": []})
                self.two(alias, name)
                is_known = later not in alias
                if is_known:
                    self.workspace.plan(expect=1).says(words)
                self.workspace.apply(expect=1).says(words)
                self.assertEqual(len(self.bought()), 0 if is_known else 1)

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
                    self.repair()
                    self.workspace.forget(ADDRESS)
                    self.configure()


class Billing(harness.Case):
    emulator_config = WORLD

    def test_accounts_customers_and_subscriptions(self):
        accounts = self.ask("billing_accounts")["billing_accounts"]
        self.assertEqual({one["name"]: one["agreement_type"] for one in accounts},
                         {ACCOUNT: "MicrosoftPartnerAgreement", "1234567": "EnterpriseAgreement"})
        account = {"billing_account_name": ACCOUNT}
        self.assertEqual(len(self.ask("billing_customers", **account)["customers"]), 2)
        for key in {"customer_tenant_id": TENANT.upper()}, {"display_name": "contoso"}:
            self.assertEqual(self.ask("billing_customer", **account, **key)["id"], SCOPE)
        self.emulator.control.ask("alias", {"alias": "a", "billing_scope": SCOPE,
                                            "display_name": "Contoso"})
        found, = self.ask("billing_subscriptions", billing_scope_id=SCOPE)["subscriptions"]
        self.assertEqual([found["status"], found["display_name"], found["sku_id"]],
                         ["Active", "Contoso", "0001"])

    def test_what_has_no_customers_is_refused_before_a_call(self):
        for table, name, value, words in (
                ("billing_customers", "billing_account_name", "1234567", "Enterprise Agreement"),
                ("billing_customers", "billing_account_name", TENANT, "a GUID alone"),
                ("billing_customers", "billing_account_name", SCOPE, "a billing account's customer"),
                ("billing_subscriptions", "billing_scope_id",
                 SCOPE.replace(ACCOUNT, "1234567"), "Enterprise Agreement"),
                ("billing_subscriptions", "billing_scope_id",
                 SCOPE.replace(TENANT, "contoso.onmicrosoft.com"), "must have a GUID")):
            with self.subTest(table=table, value=value):
                self.emulator.mark()
                self.ask(table, expect=1, **{name: value}).says(f"Invalid {name}", words)
                self.assertEqual(self.emulator.calls(), [])

    def test_missing_and_hidden_objects_are_reported(self):
        account = {"billing_account_name": ACCOUNT}
        self.ask("billing_customer", expect=1, display_name="Nobody", **account).says("Nobody")
        self.ask("billing_customer", expect=1, **account).says("customer_tenant_id")
        self.emulator.switch(billing_role=False)
        self.ask("billing_customers", expect=1, **account).says("Admin Agents", ACCOUNT)
