# Partner Center: who signs in there, what a killed run leaves, and what only a host shows. What its data
# sources find, and what it refuses, is in tests/exchanges/partner_*.
# SPDX-License-Identifier: MPL-2.0
import os
import shutil
import signal

import harness
from harness import CLIENT, SECRET, TENANT, hcl, wait_for

CONTOSO = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
PLAN = "0a4ce58a-6f96-4273-8035-d9c7d31b9ba4"
ACTIVE, CANCELLED = "ab01cd23-1111-4222-8333-444444444444", "ab01cd23-1111-4222-8333-555555555555"
REFRESH = "1.emulator-refresh-token"
CUSTOMER = {"customer_tenant_id": CONTOSO}
# What each needs to be asked.
KINDS = {"partner_customer": CUSTOMER, "partner_customers": {}, "partner_relationships": {},
         "partner_azure_plans": CUSTOMER,
         "partner_azure_entitlements": {**CUSTOMER, "plan_id": PLAN},
         "partner_customer_agreements": CUSTOMER}


def memory_of(pid):
    """What the process has in memory that it can write to, in use or freed."""
    found = []
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            first, end = (int(one, 16) for one in place.split("-"))
            # A mapping of a gigabyte is one that a sanitizer has reserved.
            if rights.startswith("rw") and "[v" not in line and end - first < 1 << 30:
                memory.seek(first)
                found.append(memory.read(end - first))
    return b"".join(found)


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.environment.update(self.emulator.partner_center())
        self.workspace.secrets += [REFRESH, "1.rotated", "=;;n.=s9Z-canary"]

    def put(self, what, **members):
        """As another client: partner-customer, …"""
        return self.emulator.control.ask(f"partner-{what}", members)

    def customers(self):
        return self.emulator.control.ask("partner-customers")

    def begin(self, **switches):
        """With one customer, and no state."""
        self.emulator.reset()
        self.workspace.lose_state()
        self.put("customer", tenant_id=CONTOSO, domain="contoso.onmicrosoft.com")
        self.emulator.switch(**switches)

    def write_it(self, kind, rows, more=""):
        self.workspace.write(f'resource "azurestack_partner_{kind}" "it" {{\n{hcl(rows)}{more}}}\n')

    def kill_at(self, request, when, look=lambda pid: None):
        """An apply, while it waits for the answer to this request; after a look at each process."""
        self.emulator.fault(f"{request}#1", "hang", when=when)
        self.emulator.mark()
        process = self.workspace.start("apply", "-no-color", "-auto-approve")
        wait_for("the request", lambda: self.emulator.events("FAULT"))
        found = [look(pid) for pid in self.workspace.processes()]
        os.killpg(process.pid, signal.SIGKILL)
        for pid in self.workspace.processes():
            os.kill(int(pid), signal.SIGKILL)
        self.emulator.reset_faults()
        self.workspace.finish(process)
        wait_for("the provider to go", lambda: not list(self.workspace.processes()))
        for name in os.listdir(self.workspace.tmp):   # what a killed provider could not remove
            path = os.path.join(self.workspace.tmp, name)
            (shutil.rmtree if os.path.isdir(path) else os.remove)(path)
        return found

    def as_person(self, token=REFRESH):
        self.workspace.environment["AZURESTACK_PARTNER_REFRESH_TOKEN"] = token


class Partner(Case):
    """One customer with one Azure plan, under which there are two Azure subscriptions."""

    def setUp(self):
        super().setUp()
        self.begin()
        self.put("plan", tenant_id=CONTOSO, id=PLAN, entitlements=[
            {"id": ACTIVE, "name": "One"}, {"id": CANCELLED, "name": "Two", "status": "deleted"}])

    # --- what holds for each ----------------------------------------------------------------

    def test_each_is_read_the_same_in_every_form_of_answers(self):
        self.as_person()
        self.put("agreement", tenant_id=CONTOSO)
        for kind, arguments in KINDS.items():
            found = []
            for switches in ({}, {"partner_case": "upper"},
                             {"partner_bom": False, "partner_error_form": "number"}):
                with self.subTest(kind=kind, switches=switches):
                    self.emulator.switch(**switches)
                    found.append(self.ask(kind, **arguments))
            self.assertEqual(found, [found[0]] * 3)

    def test_each_says_which_block_is_missing(self):
        del self.workspace.environment["AZURESTACK_PARTNER_TENANT_ID"]
        for kind, arguments in KINDS.items():
            with self.subTest(kind=kind):
                self.ask(kind, expect=1, **arguments).says(
                    "The provider block is incomplete", 'partner { tenant_id = "PARTNER_TENANT_ID" }',
                    "AZURESTACK_PARTNER_TENANT_ID")
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_a_cloud_without_an_address_of_partner_center_says_so(self):
        del self.workspace.environment["AZURESTACK_PARTNER_ENDPOINT"]
        self.ask("partner_customers", expect=1).says(
            "The provider block is incomplete", 'environment "custom" has none',
            "AZURESTACK_PARTNER_ENDPOINT")

    # --- who signs in -----------------------------------------------------------------------

    def test_a_refresh_token_that_is_refused_says_why_and_is_not_shown(self):
        self.as_person()
        for number, words in ((700082, "was not used for too long"), (50173, "was revoked"),
                              (50076, "multi-factor authentication (MFA)"), (65001, "has not consented")):
            with self.subTest(number=number):
                self.emulator.switch(refresh_token_refusal=number)
                self.ask("partner_customers", expect=1).says(
                    f"AADSTS{number}", words, "AZURESTACK_PARTNER_REFRESH_TOKEN")

    def test_a_person_without_a_second_factor_gets_an_error(self):
        self.emulator.control.ask("refresh-token", {
            "refresh_token": "1.without-mfa", "tenant_id": TENANT, "client_id": CLIENT,
            "mfa": False})
        self.as_person("1.without-mfa")
        self.workspace.secrets.append("1.without-mfa")
        self.ask("partner_customers", expect=1).says("Multi-factor authentication is required",
                                                     "multi-factor authentication (MFA)")

    def test_half_of_a_sign_in_is_not_another_one(self):
        """A refresh token without the application's secret is no reason to go without it."""
        self.as_person()
        del self.workspace.environment["ARM_CLIENT_SECRET"]
        self.ask("partner_customers", expect=1).says("client_secret or client_certificate_path")
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_secrets_of_the_block_are_not_in_the_state(self):
        self.workspace.environment.update(TF_VAR_token=REFRESH, TF_VAR_secret=SECRET)
        provider = "".join(f'variable "{name}" {{\n  type      = string\n  sensitive = true\n}}\n'
                           for name in ("token", "secret"))
        provider += ('provider "azurestack" {\n  partner {\n    refresh_token = var.token\n'
                     f'    client_id = "{CLIENT}"\n    client_secret = var.secret\n  }}\n}}\n')
        self.put("agreement", tenant_id=CONTOSO)
        found = self.ask("partner_customer_agreements", provider=provider, **CUSTOMER)
        self.assertEqual(len(found["agreements"]), 1)

    # --- what is left alone -----------------------------------------------------------------

    def test_mappings_alone_make_the_calls_that_they_made_before(self):
        """Whether or not the block, and a refresh token, are there."""
        calls = []
        for variables in ({}, dict(self.workspace.environment,
                                   AZURESTACK_PARTNER_REFRESH_TOKEN=REFRESH)):
            self.emulator.reset()
            self.emulator.mark()
            environment = {name: text for name, text in self.workspace.environment.items()
                           if not name.startswith("AZURESTACK_PARTNER_")}
            self.workspace.environment = {**environment, **variables}
            self.workspace.write(self.tenant())
            self.workspace.apply()
            self.workspace.destroy()
            calls.append(self.emulator.calls(tokens=True))
        self.assertEqual(calls[0], calls[1])
        self.assertNotIn("/oauth2/token", str(calls))


class Customer(Case):
    """What only a customer does; its life cycle is a row of resource_test.py."""

    def write(self, **changes):
        rows = {"domain_name": "contoso.onmicrosoft.com", "company_name": "Contoso",
                "culture": "en-US", "email": "a@b.example", "language": "en", **changes}
        lines = {"country": "DE", "city": "Berlin", "address_line_1": "Example 1",
                 "postal_code": "10115", "first_name": "A", "last_name": "B"}
        self.write_it("customer", rows, f"  default_address = {{\n{hcl(lines, '    ')}  }}\n")

    def test_the_first_password_is_nowhere_in_the_memory_after_the_create(self):
        """Neither in use nor freed, in the provider and the host, while the new customer is read."""
        self.write()
        try:
            found = self.kill_at("PARTNER_CUSTOMER", "before", memory_of)
        except PermissionError:
            self.skipTest("the memory of another process cannot be read here")
        self.assertTrue(any(b"contoso.onmicrosoft.com" in one for one in found), "the memory was not read")
        self.assertFalse(any(b"s9Z-canary" in one for one in found))
        self.assertEqual(len(self.customers()), 1)

    def test_the_end_of_a_relationship_takes_a_person_and_is_found_in_each_form(self):
        self.write(destroy_behavior="remove_relationship")
        self.workspace.apply()
        self.workspace.destroy(expect=1).says("Partner Center requires a user sign-in")
        self.assertEqual(self.customers()[0]["relationship"], "reseller")
        self.as_person()
        for shown in ("403", "404", "none"):
            with self.subTest(shown=shown):
                self.emulator.switch(partner_ended_shows=shown)
                self.workspace.apply()
                self.emulator.fault("PARTNER_PATCH_CUSTOMER#1", "rst", when="after")
                self.workspace.destroy().says("suspends every subscription")
                self.assertEqual(self.customers()[0]["relationship"], "none")
                self.emulator.reset()


class Plan(Case):
    """What only an Azure plan does; its life cycle is a row of resource_test.py."""

    def setUp(self):
        super().setUp()
        self.begin()

    def begin(self, **switches):
        super().begin(**switches)
        self.put("agreement", tenant_id=CONTOSO)

    def write(self, **changes):
        self.write_it("azure_plan", {"customer_tenant_id": CONTOSO, **changes})

    def plans(self):
        customer, = self.customers()
        return customer["plans"]

    def test_no_moment_of_a_kill_orders_twice(self):
        for request, when, is_ordered in (
                ("PARTNER_POST_CART", "after", False), ("PARTNER_CHECKOUT", "before", False),
                ("PARTNER_CHECKOUT", "after", True), ("PARTNER_PLAN", "after", True)):
            with self.subTest(request=request, when=when):
                self.begin()
                self.write()
                self.kill_at(request, when)
                held, known = self.plans(), self.workspace.resources()
                self.assertEqual((len(held), known), (int(is_ordered), {}))
                again = self.workspace.apply(expect=int(is_ordered))
                self.assertEqual(len(self.plans()), 1)
                if is_ordered:
                    again.says("already exists", held[0]["id"])

    def order_and_kill(self, **switches):
        """The order that a killed run placed, and that no list of subscriptions shows yet."""
        self.begin(partner_order_shows_after=99, **switches)
        self.write()
        self.kill_at("PARTNER_CHECKOUT", "after")
        self.assertEqual((len(self.plans()), self.workspace.resources()), (1, {}))
        return self.customers()[0]["orders"][0]

    def show_after(self, times):
        for plan in self.plans():
            self.put("plan", tenant_id=CONTOSO, id=plan["id"], hidden=times)

    def test_an_order_of_a_killed_run_is_not_placed_again_before_its_plan_shows(self):
        """Partner Center does not remember the request; its orders are listed."""
        for status in ("completed", "pending"):
            with self.subTest(status=status):
                order = self.order_and_kill(partner_order_status=status, partner_idempotent=False)
                plan = f'id = "/v1/customers/{CONTOSO}/subscriptions/{order["plan"]}"'
                for run in (self.workspace.plan, self.workspace.apply):
                    told = run(expect=1).says("The Azure plan is already ordered", order["id"], status)
                    self.assertEqual(plan in told.text, status == "completed")
                self.assertEqual(len(self.plans()), 1)
                self.show_after(0)    # the 15 minutes are over
                self.workspace.apply(expect=1).says("already exists", plan)

    def test_a_repeated_order_is_the_same_one_as_long_as_partner_center_remembers_it(self):
        """Neither list shows it. The cart is that of the killed run, and one cart is one order."""
        for again in ("same", "refused"):
            with self.subTest(again=again):
                order = self.order_and_kill(partner_orders_show_after=99, partner_checkout_again=again)
                self.show_after(3)
                self.workspace.apply()
                plan, = self.plans()
                self.assertEqual(plan["id"], order["plan"])
                found, = self.workspace.resources().values()
                self.assertEqual(found["plan_id"], plan["id"])
                self.workspace.plan()

    def test_what_partner_center_remembers_does_not_prevent_a_later_order(self):
        """A refusal, a cart that expired, another cart, and a plan that was suspended."""
        for place, switches, changes in (
                ("cart", {"partner_remembers_refusals": True}, {}),
                ("checkout", {"partner_cart_minutes": 0}, {}),
                ("checkout", {}, {"friendly_name": "Renamed"})):
            with self.subTest(place=place, switches=switches, changes=changes):
                self.begin(partner_agreement_checked_at=place, **switches)
                self.put("forget-agreements", tenant_id=CONTOSO)
                self.write()
                self.workspace.apply(expect=1).says("13605")
                self.put("agreement", tenant_id=CONTOSO)
                self.write(**changes)
                self.workspace.apply()
                self.workspace.plan()

        for stays, is_listed in ((True, True), (True, False), (False, True)):
            self.begin(partner_suspended_plan_stays=stays,
                       partner_orders_show_after=0 if is_listed else 99)
            self.write(destroy_behavior="forget")
            self.workspace.apply()
            plan, = self.plans()
            self.put("plan" if stays else "forget-plan", tenant_id=CONTOSO, id=plan["id"],
                     **({"status": "suspended"} if stays else {}))
            self.workspace.destroy()
            self.write(order_beside_suspended_plan=True)
            self.workspace.apply()
            self.assertEqual([one["status"] for one in self.plans()][-1], "active")
            self.assertNotEqual(self.plans()[-1]["order"], plan["order"])


class Agreement(Case):
    """What only an agreement does; its life cycle is a row of resource_test.py."""

    def setUp(self):
        super().setUp()
        self.as_person()
        self.begin()

    def write(self, customer=f'"{CONTOSO}"', date="2026-01-02T03:04:05Z", **contact):
        lines = {"first_name": "A", "last_name": "B", "email": "a@b.example", **contact}
        self.write_it("customer_agreement", {"date_agreed": date},
                      f"  customer_tenant_id = {customer}\n"
                      f"  primary_contact = {{\n{hcl(lines, '    ')}  }}\n")

    def agreements(self):
        return self.customers()[0]["agreements"]

    def test_an_application_cannot_confirm_and_the_plan_says_so(self):
        del self.workspace.environment["AZURESTACK_PARTNER_REFRESH_TOKEN"]
        for customer in (f'"{CONTOSO}"', "terraform_data.it.output"):
            self.write(customer)
            if customer.startswith("t"):
                self.workspace.put("more.tf", 'resource "terraform_data" "it" {\n  input = "x"\n}\n')
            self.workspace.plan(expect=1).says("Partner Center requires a user sign-in",
                                               "refresh_token")
        self.assertEqual(self.emulator.calls(), [], "Partner Center was asked")

    def test_a_later_agreement_is_shown_and_never_replaced(self):
        self.write()
        self.workspace.apply()
        self.put("agreement", tenant_id=CONTOSO, date="2026-03-04T05:06:07Z", contact={
            "firstName": "C", "lastName": "D", "email": "c@d.example"})
        self.workspace.plan("-refresh-only", expect=2).says("c@d.example")
        self.workspace.plan(expect=1).says("Cannot replace customer agreement", "Undo the change")
        self.write(date="2026-03-04T05:06:07Z", first_name="C", last_name="D", email="C@D.example")
        self.workspace.apply()
        self.workspace.expect_settled()
        self.workspace.plan("-replace=azurestack_partner_customer_agreement.it", expect=1).says(
            "Cannot replace customer agreement", "terraform untaint")
        self.workspace.destroy().says("stays confirmed in Partner Center")
        self.assertEqual(len(self.agreements()), 2)
