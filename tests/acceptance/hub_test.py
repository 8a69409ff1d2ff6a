# What is on a hub itself: how the provider finds its way there, by Entra and by AD FS, and what it
# says where it does not; which calls it makes, and which not. What a plan of a mapping asks a hub is in
# tests/exchanges/customer_subscription/check_hub*.
# SPDX-License-Identifier: MPL-2.0
import shutil
import tempfile

import harness
import sign_in
from harness import CLIENT, SECRET
from resource_test import (ADMINISTRATOR, CONTOSO, CONTOSO_ID, DIRECTORY, HUB_WORLD, OFFERS,
                           OTHER_TENANT, USER_WORLD, group_arguments, hub_provider, let_in,
                           subscription_arguments, user_provider)

TENANT_ROW = f'resource "azurestack_directory_tenant" "it" {{\n  domain_name = "{CONTOSO}"\n}}\n'
GROUP_ROW = f'resource "azurestack_user_resource_group" "it" {{\n{group_arguments()}}}\n'
USER_ROW = f'resource "azurestack_user_subscription" "it" {{\n{subscription_arguments()}}}\n'
WITH_CERTIFICATE = "66666666-6666-4666-8666-666666666666"
MUNICH = "00000000-1111-4000-8000-0000000000bb"
OWN_CREDENTIAL = {"AZURESTACK_HUB_CLIENT_ID": CLIENT, "AZURESTACK_HUB_CLIENT_SECRET": SECRET}


class Hub(harness.Case):
    emulator_config = {**HUB_WORLD, "hubs": [
        {"name": "berlin", "subscription_id": ADMINISTRATOR},
        {"name": "munich", "identity": "adfs", "subscription_id": MUNICH}],
        "directories": USER_WORLD["directories"]}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hub-")
        cls.certificate = sign_in.Certificate(cls.folder, "hub")
        cls.emulator_config = {**cls.emulator_config, "applications": [
            {"tenant_id": tenant, "client_id": CLIENT, "client_secret": SECRET, "role": "owner"}
            for tenant in (harness.TENANT, CONTOSO_ID, "adfs")] + [
            {"tenant_id": "adfs", "client_id": WITH_CERTIFICATE,
             "certificates": [cls.certificate.pem]}]}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    def write(self, text, hub="berlin", more=""):
        self.workspace.write(text, provider=hub_provider(self.emulator, hub, more))

    # --- signing in ---------------------------------------------------------------------------

    def test_entra_and_ad_fs(self):
        """By the hub's own metadata. AD FS with a secret: resource_test.py."""
        for switch in ("tenant", "bare"):
            with self.subTest(login=switch):
                self.emulator.reset()
                self.emulator.switch(hub_login=switch)
                self.write(USER_ROW, more="" if switch == "tenant"
                           else f'    tenant_id = "{harness.TENANT}"\n')
                self.workspace.apply().says("1 added")
                self.workspace.expect_settled()
                self.workspace.destroy()
        pfx = {"AZURESTACK_HUB_CLIENT_ID": WITH_CERTIFICATE,
               "AZURESTACK_HUB_CLIENT_CERTIFICATE_PATH": self.certificate.pem_with_key()}
        self.workspace.environment.update(pfx)
        self.write(USER_ROW.replace(OFFERS, OFFERS.replace(ADMINISTRATOR, MUNICH)), "munich")
        self.workspace.apply().says("1 added")
        self.workspace.expect_settled()
        self.workspace.destroy()

    def test_an_entra_credential_is_not_sent_to_an_ad_fs(self):
        self.write(USER_ROW, "munich")
        self.emulator.mark()
        self.workspace.apply(expect=1).says(
            "Cannot sign in to Azure Stack Hub", "uses AD FS",
            "does not send it to AD FS", "client_id and client_secret")
        self.assertEqual([call for call in self.emulator.calls(True) if "metadata" not in call], [])

    def test_an_ad_fs_has_one_directory(self):
        """Each object that is about others says so, before any token is asked for."""
        own = DIRECTORY.replace(ADMINISTRATOR, MUNICH).replace("berlin", "munich")
        given = (f'  administrator_subscription_id = "{MUNICH}"\n  location = "munich"\n'
                 '  resource_group_name = "system.munich"\n')
        group = given.replace('  location = "munich"\n', "")

        program, release = harness.product_of(self.host)
        can_query = program == "terraform" and release >= (1, 14)

        def data(kind, more=""):
            return f'data "azurestack_{kind}" "it" {{\n{more}}}\n'
        listed = ('list "azurestack_directory_tenant" "it" {{\n  provider = azurestack\n'
                  '  config {{\n{}  }}\n}}\n')
        for noun, text in (
                ("directory tenant", TENANT_ROW),
                ("directory tenant", TENANT_ROW.replace(
                    "}\n", f'{given}  tenant_id = "{CONTOSO_ID}"\n}}\n')),
                ("directory tenant", TENANT_ROW + "import {\n  to = azurestack_directory_tenant.it\n"
                 f'  id = "{own}"\n}}\n'),
                ("directory tenant", data("directory_tenants", '  location = "munich"\n')),
                ("directory tenant", data("directory_tenants", group)),
                ("directory tenant", data("directory_tenant", group
                                          + f'  domain_name = "{CONTOSO}"\n')),
                ("hub application", data("hub_applications")),
                ("identity health", data("identity_health")),
                ("identity health", data(
                    "identity_health", f'  administrator_subscription_id = "{MUNICH}"\n')),
                ("directory tenant", listed.format("")), ("directory tenant", listed.format(group))):
            for credential in ({}, OWN_CREDENTIAL):
                with self.subTest(text=text, credential=list(credential)):
                    query = text.startswith("list")
                    if query and not can_query:
                        continue
                    self.workspace.environment.update(credential)
                    self.workspace.put("all.tfquery.hcl", text if query else "")
                    self.write("" if query else text, "munich")
                    self.emulator.mark()
                    self.workspace.run("query" if query else "plan", "-no-color", expect=1).says(
                        f"Not supported by this Azure Stack Hub: {noun}", "AD FS", "What to do")
                    self.assertEqual({call.split("?")[0] for call in self.emulator.calls(True)},
                                     {"GET /metadata/endpoints"})
                    for name in credential:
                        del self.workspace.environment[name]

    # --- which authorities it trusts ------------------------------------------------------------

    def test_a_hub_with_a_certificate_of_an_enterprise(self):
        """Its authority is trusted for the hub and its AD FS, and for no other host."""
        public, enterprise = (self.emulator.file(name) for name in ("ca.pem", "hub-ca.pem"))
        self.workspace.environment.update(OWN_CREDENTIAL)
        self.workspace.tokens_each = 2  # one of Azure, one of the hub
        for hub, subscription in (("berlin", ADMINISTRATOR), ("munich", MUNICH)):
            with self.subTest(hub=hub):
                row = USER_ROW.replace(OFFERS, OFFERS.replace(ADMINISTRATOR, subscription))
                self.emulator.reset()
                self.emulator.switch(hub_ca="enterprise")
                self.emulator.mark()
                self.write(row, hub)
                self.workspace.apply(expect=1).says(
                    f"adminmanagement.{hub}.localhost", "is not trusted", "an enterprise's CA",
                    "ca_bundle of its hub block")
                self.assertEqual(self.emulator.calls(tokens=True), [])
                self.write(self.tenant() + row, hub, f'    ca_bundle = "{enterprise}"\n')
                self.workspace.apply().says("2 added")
                self.workspace.expect_settled()
                self.workspace.destroy()
                # The other way round: the hub's bundle has the authority that signed for public
                # Azure, and the machine knows none that did.
                self.emulator.switch(hub_ca="public")
                self.emulator.mark()
                self.workspace.environment["SSL_CERT_FILE"] = enterprise
                self.write(self.tenant(), hub, f'    ca_bundle = "{public}"\n')
                self.workspace.apply(expect=1).says("localhost", "is not trusted")
                # Only the hub itself is reached: the plan of a mapping asks it.
                self.assertEqual(self.emulator.writes(), [])
                self.assertFalse([call for call in self.emulator.calls(tokens=True)
                                  if "customerSubscriptions" in call])
                self.write(row, hub, f'    ca_bundle = "{public}"\n')
                if hub == "munich":  # whose AD FS is the hub's own
                    self.workspace.apply().says("1 added")
                    self.workspace.destroy()
                else:
                    self.workspace.apply(expect=1).says("localhost", "is not trusted")
                    self.assertEqual(self.emulator.writes(), [])
                self.workspace.environment["SSL_CERT_FILE"] = public

    # --- where there is none ------------------------------------------------------------------

    def test_a_hub_that_cannot_be_reached(self):
        for text, provider in ((TENANT_ROW, hub_provider(self.emulator)),
                               (GROUP_ROW, user_provider(self.emulator))):
            with self.subTest(text=text):
                self.workspace.write(text, provider=provider.replace("berlin.localhost",
                                                                     "nowhere.invalid"))
                self.workspace.plan(expect=2).says("Plan was not checked with Azure Stack Hub",
                                                   "management.nowhere.invalid")
        self.workspace.plan(expect=1, AZURESTACK_PLAN_CHECKS_REQUIRED="true")
        self.assertEqual(self.emulator.calls(True), [])

    # --- who is not asked ---------------------------------------------------------------------

    def test_a_mapping_asks_the_hub_of_its_provider_block_and_no_other(self):
        """Without a hub in the provider block only Azure is asked."""
        found = []
        for provider in ('provider "azurestack" {}\n', hub_provider(self.emulator)):
            self.emulator.reset()
            self.workspace.write(self.tenant(), provider=provider)
            self.workspace.tokens_each = 2 if found else 1
            self.emulator.mark()
            self.workspace.apply()
            self.workspace.plan()
            self.workspace.destroy()
            found.append(self.emulator.calls())
        own, with_hub = (sorted(calls) for calls in found)
        hub = [call for call in with_hub if "customerSubscriptions" not in call and call not in own]
        self.assertTrue([call for call in hub if "Microsoft.Subscriptions.Admin" in call])
        self.assertEqual([call for call in hub if not call.startswith("GET ")], [])
        self.assertEqual(own, [call for call in with_hub if call not in hub])
        self.assertFalse([call for call in own if "Admin" in call or "/metadata/" in call])

    # --- what a plan asks it ------------------------------------------------------------------

    def test_a_directory_that_the_same_run_lets_in(self):
        """It is no directory tenant of the hub yet, and that is no news."""
        def plan(owner):
            self.write(TENANT_ROW + 'resource "azurestack_user_subscription" "it" {\n'
                       + subscription_arguments(
                           more="  tenant_id = azurestack_directory_tenant.it.tenant_id\n").replace(
                           f"admin@{CONTOSO}", owner) + "}\n")
            return self.workspace.plan(expect=2)
        self.assertNotIn("Warning", plan(f"admin@{CONTOSO}").text)
        plan("a@other.example").says("The domain belongs to another directory", OTHER_TENANT)

    def test_a_subscription_that_the_same_run_makes_on_the_hub_is_not_azures(self):
        """No list of the hub has it yet."""
        self.write(USER_ROW + self.tenant().replace(
            f'"{harness.CUSTOMER.format(1)}"', "azurestack_user_subscription.it.subscription_id"))
        self.workspace.tokens_each = 2
        self.workspace.plan(expect=1).says("The subscription is on the hub", "Partner Center")

    # --- the tenant plane ---------------------------------------------------------------------

    def write_user(self, text, hub="berlin", **what):
        self.workspace.write(text, provider=user_provider(self.emulator, hub, **what))

    def test_a_tenant_plane_that_is_not_configured(self):
        self.emulator.mark()
        for provider in ("", hub_provider(self.emulator)):
            self.workspace.write(GROUP_ROW, provider=provider)
            self.workspace.plan(expect=1).says("The provider block is incomplete", "hub {", "user {",
                                               'tenant_id = "TENANT_ID"')
        self.assertEqual(self.emulator.calls(True), [])

    def test_a_tenant_plane_by_each_sign_in(self):
        """By the directory of the block, by that of the object, and by AD FS, which has one."""
        own = 'tenant_id = "{}"\n'.format(CONTOSO_ID)
        self.workspace.environment.update(OWN_CREDENTIAL)
        for hub, block, more, tenant in (
                ("berlin", own, "", CONTOSO_ID), ("berlin", "", "  " + own, CONTOSO_ID),
                ("berlin", f'tenant_id = "{OTHER_TENANT}"\n', "  " + own, CONTOSO_ID),
                ("munich", "", "", self.emulator.control.ask("hubs")[1]["tenant_id"])):
            with self.subTest(hub=hub, block=block, more=more):
                self.emulator.reset()
                let_in(self.emulator, hub, tenant)
                text = GROUP_ROW.replace("}\n", more + "}\n").replace('"berlin"', f'"{hub}"')
                self.write_user(text, hub, more=block)
                self.workspace.apply().says("1 added")
                self.workspace.expect_settled()
                self.workspace.destroy()
        self.write_user(text.replace("}\n", "  " + own + "}\n"), "munich", more="")
        self.workspace.plan(expect=1).says("AD FS", "only one directory")

    def test_a_tenant_plane_that_refuses(self):
        let_in(self.emulator)
        wrong = f'      client_id = "{CLIENT}"\n      client_secret = "not the secret"\n'
        for more, words in (
                (wrong, "AADSTS7000215"),
                (f'      tenant_id = "{harness.TENANT}"\n', "InvalidAuthenticationTokenTenant")):
            with self.subTest(more=more):
                self.write_user(GROUP_ROW, more=more if "tenant" in more else
                                more + f'      tenant_id = "{CONTOSO_ID}"\n')
                self.workspace.apply(expect=1).says(words)
        self.assertEqual(self.emulator.writes(), [])
        self.expects_rejections = True  # the wrong secret
