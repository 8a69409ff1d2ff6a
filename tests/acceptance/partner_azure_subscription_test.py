# Money: whatever happens, one subscription is bought, and what is left of it can be found. The life
# cycle that every resource has is in resource_test.py.
# SPDX-License-Identifier: MPL-2.0
import os
import shutil
import signal
import sys

import harness
from data_sources_test import DataSource
from harness import wait_for

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

    def test_cancelled_where_it_is_wanted(self):
        self.configure("cancel_on_destroy = true")
        self.workspace.apply()
        self.workspace.destroy().says("is cancelled")
        self.assertEqual([one["state"] for one in self.bought()], ["Disabled"])
        self.assertEqual(self.emulator.control.ask("aliases"), [])

    def test_one_that_is_warned_after_a_cancel_is_not_in_the_way(self):
        self.emulator.switch(cancelled_state="Warned")
        self.configure("cancel_on_destroy = true")
        self.workspace.apply()
        self.emulator.fault("DELETE_ALIAS#*", "status", status=403, code="AuthorizationFailed")
        self.workspace.destroy(expect=1)
        self.emulator.reset_faults()
        self.workspace.destroy().says("The subscription was not cancelled again")
        self.assertEqual([one["state"] for one in self.bought()], ["Warned"])
        self.assertEqual(self.emulator.control.ask("aliases"), [])

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

    def test_an_alias_that_failed_is_tried_again(self):
        self.emulator.switch(alias_result="Failed")
        self.workspace.apply(expect=1).says("SubscriptionCreationFailed")
        self.emulator.switch(alias_result="Succeeded")
        self.workspace.apply()
        self.expect_one()

    def test_what_lives_without_its_alias_is_named(self):
        self.workspace.apply()
        one = self.expect_one()
        self.emulator.control.ask("forget-alias", {"alias": self.alias()})
        self.workspace.apply(expect=1).says(NAME_TAKEN, one["id"])
        self.assertEqual(len(self.bought()), 1)
        self.configure("allow_duplicate_display_name = true")
        self.workspace.apply()
        self.assertEqual(len(self.bought()), 2)

    def test_two_objects_with_one_name_are_reported(self):
        self.configure(more=(
            f'resource "azurestack_partner_azure_subscription" "two" {{\n'
            f'  billing_scope_id = "{SCOPE}"\n  display_name = "Contoso"\n}}\n'))
        self.workspace.plan(expect=1).says("Two resources for one", "set alias")

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

    def test_the_refusals_say_what_to_do(self):
        for switches, fault, words in (
                ({"billing_role": False}, None, "Admin Agents"),
                ({}, {"code": "InvalidAuthenticationTokenTenant", "status": 401},
                 "partner's own tenant")):
            with self.subTest(words=words):
                self.emulator.reset()
                self.emulator.switch(**switches)
                if fault:
                    self.emulator.fault("PUT_ALIAS#*", "status", **fault)
                self.workspace.apply(expect=1).says(words)
                self.assertEqual(self.bought(), [])

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

    def test_no_answer_of_a_put_buys_twice(self):
        for what, when in (("rst", "after"), ("rst", "before"), ("half", "after"),
                           ("hang", "after")):
            with self.subTest(what=what, when=when):
                self.emulator.reset()
                self.emulator.fault("PUT_ALIAS#1", what, when=when)
                self.configure('timeouts {\n    create = "20s"\n  }')
                self.workspace.apply(expect=None)
                self.assertLessEqual(len(self.bought()), 1)
                self.repair()
                self.workspace.forget(ADDRESS)
                self.configure()

    def sweep(self):
        """What a killed provider could not remove."""
        for name in os.listdir(self.workspace.tmp):
            path = os.path.join(self.workspace.tmp, name)
            (shutil.rmtree if os.path.isdir(path) else os.remove)(path)

    def test_no_moment_of_a_kill_buys_twice(self):
        for kind in ("PUT_ALIAS", "GET_ALIAS"):
            for number in (signal.SIGKILL, signal.SIGINT):
                with self.subTest(kind=kind, signal=number):
                    self.emulator.reset()
                    self.configure()
                    self.emulator.switch(latency_ms=700, latency_on=kind, alias_polls=3)
                    process = self.workspace.start("apply", "-no-color", "-auto-approve")
                    wait_for("the purchase", lambda: self.bought() or process.poll() is not None)
                    os.killpg(process.pid, number)
                    if number == signal.SIGKILL:
                        for pid in self.workspace.processes():
                            os.kill(int(pid), number)
                    self.workspace.finish(process)
                    wait_for("the provider to go", lambda: not list(self.workspace.processes()))
                    self.sweep()
                    self.emulator.switch(latency_ms=0)
                    self.repair()
                    self.workspace.forget(ADDRESS)


class Billing(DataSource):
    emulator_config = WORLD

    def test_accounts_customers_and_subscriptions(self):
        accounts = self.ask("billing_accounts")["billing_accounts"]
        self.assertEqual({one["name"]: one["agreement_type"] for one in accounts},
                         {ACCOUNT: "MicrosoftPartnerAgreement", "1234567": "EnterpriseAgreement"})
        account = f'billing_account_name = "{ACCOUNT}"'
        customers = self.ask("billing_customers", account)["customers"]
        self.assertEqual(len(customers), 2)
        for key in (f'customer_tenant_id = "{TENANT.upper()}"', 'display_name = "contoso"'):
            self.assertEqual(self.ask("billing_customer", account, key)["id"], SCOPE)
        self.emulator.control.ask("alias", {"alias": "a", "billing_scope": SCOPE,
                                            "display_name": "Contoso"})
        found, = self.ask("billing_subscriptions", f'billing_scope_id = "{SCOPE}"')["subscriptions"]
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
                self.ask(table, f'{name} = "{value}"', expect=1).says(f"Invalid {name}", words)
                self.assertEqual(self.emulator.calls(), [])

    def test_missing_and_hidden_objects_are_reported(self):
        account = f'billing_account_name = "{ACCOUNT}"'
        self.ask("billing_customer", account, 'display_name = "Nobody"', expect=1).says("Nobody")
        self.ask("billing_customer", account, expect=1).says("customer_tenant_id")
        self.emulator.switch(billing_role=False)
        self.ask("billing_customers", account, expect=1).says("Admin Agents", ACCOUNT)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
