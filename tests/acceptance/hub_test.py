# What is on a hub itself: how the provider finds its way there, by Entra and by AD FS, and what it
# says where it does not; which calls it makes, and which not.
# SPDX-License-Identifier: MPL-2.0
import shutil
import sys
import tempfile

import harness
import sign_in
from harness import CLIENT, SECRET
from resource_test import (ADMIN, ADMINISTRATOR, ASSIGNED, CONTOSO, CONTOSO_ID, CUSTOMERS, DIRECTORY,
                           GROUP, HUB_WORLD, OFFERS, OTHER_TENANT, OWN, USER_WORLD,
                           assignment_arguments, group_arguments, hub_provider, hub_put,
                           let_in, subscription_arguments, user_provider)

TENANT_ROW = f'resource "azurestack_directory_tenant" "it" {{\n  domain_name = "{CONTOSO}"\n}}\n'
ROLE_ROW = ('resource "azurestack_user_role_assignment" "it" {\n'
            f'{assignment_arguments(name="")}}}\n')
GROUP_ROW = f'resource "azurestack_user_resource_group" "it" {{\n{group_arguments()}}}\n'
USER_ROW = f'resource "azurestack_user_subscription" "it" {{\n{subscription_arguments()}}}\n'
ACTIVATION = (f"/subscriptions/{ADMINISTRATOR}/resourceGroups/azurestack-activation/providers/"
              "Microsoft.AzureBridge.Admin/activations/default")
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
        self.workspace.init()

    # --- signing in ---------------------------------------------------------------------------

    def test_entra_and_ad_fs(self):
        """An operator's subscription on both kinds of hub, by the hub's own metadata."""
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
        for credential in (OWN_CREDENTIAL, pfx):
            with self.subTest(credential=list(credential)):
                self.workspace.environment.update(credential)
                self.write(USER_ROW.replace(OFFERS, OFFERS.replace(ADMINISTRATOR, MUNICH)),
                           "munich")
                self.workspace.apply().says("1 added")
                self.workspace.expect_settled()
                self.workspace.destroy()
                for name in credential:
                    del self.workspace.environment[name]

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

    def test_a_credential_that_is_refused(self):
        wrong = f'    client_id = "{CLIENT}"\n    client_secret = "not the secret"\n'
        unknown = wrong.replace(CLIENT, OTHER_TENANT)
        for hub, more, *words in (
                ("berlin", wrong, "AADSTS7000215"),
                ("munich", wrong, "MSIS9622", "AZURESTACK_HUB_CLIENT_SECRET"),
                ("munich", unknown, "MSIS9607", "AZURESTACK_HUB_CLIENT_ID")):
            with self.subTest(hub=hub, words=words):
                self.write(USER_ROW, hub, more)
                self.workspace.plan(expect=1).says(*words)
                self.workspace.apply(expect=1).says(*words)
        self.assertEqual(self.emulator.writes(), [])

    expects_rejections = True  # the wrong secrets

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

    def test_a_hub_that_is_not_configured(self):
        self.workspace.write(TENANT_ROW)
        self.workspace.init()
        self.emulator.mark()
        self.workspace.plan(expect=1).says(
            "The provider block is incomplete", "hub {",
            'admin_endpoint = "https://adminmanagement.REGION.FQDN"')
        self.assertEqual(self.emulator.calls(True), [])

    def test_a_hub_that_cannot_be_reached(self):
        text = (f'provider "azurestack" {{\n  hub {{\n    admin_endpoint = '
                '"https://adminmanagement.nowhere.invalid"\n  }\n}\n')
        self.workspace.write(TENANT_ROW, provider=text)
        self.workspace.init()
        reported = self.workspace.plan(expect=2)
        reported.says("Plan was not checked with Azure Stack Hub", "adminmanagement.nowhere.invalid")
        reported = self.workspace.plan(expect=1, AZURESTACK_PLAN_CHECKS_REQUIRED="true")
        self.assertEqual(self.emulator.calls(True), [])

    def test_an_address_that_is_no_hub(self):
        self.workspace.write(TENANT_ROW, provider=(
            f'provider "azurestack" {{\n  hub {{\n    admin_endpoint = "{self.emulator.url}"\n'
            '  }\n}\n'))
        self.workspace.init()
        self.emulator.mark()
        self.workspace.plan(expect=1).says("hub.admin_endpoint", "Check the address")
        self.assertNotIn("TOKEN", self.emulator.calls(True))

    # --- who is not asked ---------------------------------------------------------------------

    def test_a_mapping_asks_the_hub_of_its_provider_block_and_no_other(self):
        """Without a hub in the provider block only Azure is asked."""
        found = []
        for provider in ('provider "azurestack" {}\n', hub_provider(self.emulator)):
            self.emulator.reset()
            self.workspace.write(self.tenant(), provider=provider)
            self.workspace.init()
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

    def check_mapping(self, customer, hub="berlin", expect=2, more="", **environment):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "it" {\n  registration_id = '
            f'"{harness.HUB.format(hub)}"\n  customer_subscription_id = "{customer}"\n}}\n',
            provider=hub_provider(self.emulator, more=more))
        self.workspace.init()
        self.workspace.tokens_each = 2
        self.emulator.mark()
        return self.workspace.plan(expect=expect, **environment)

    def test_a_subscription_of_the_hub_is_no_customers(self):
        hub_put(self.emulator, id=ADMIN.format("") + "/subscriptions/" + OWN, subscriptionId=OWN)
        for more in ("", f'    subscription_id = "{ADMINISTRATOR}"\n'):
            for customer in (OWN, ADMINISTRATOR):
                with self.subTest(more=more, customer=customer):
                    self.check_mapping(customer, expect=1, more=more).says(
                        "The subscription is on the hub", "customer_subscription_id", customer,
                        "Partner Center")
        reported = self.check_mapping(harness.CUSTOMER.format(1))
        self.assertNotIn("Warning", reported.text)

    def test_the_registration_is_the_hubs(self):
        self.check_mapping(harness.CUSTOMER.format(1), hub="munich").says(
            "The hub has another registration", harness.HUB.format("munich"),
            harness.HUB.format("berlin"), "azurestack_activation")
        hub_put(self.emulator, id=ACTIVATION, properties={"usageReportingEnabled": False})
        self.check_mapping(harness.CUSTOMER.format(1)).says("The hub does not report usage")
        hub_put(self.emulator, id=ACTIVATION, properties={
            "azureRegistrationResourceIdentifier": harness.HUB.format("BERLIN").upper(),
            "usageReportingEnabled": True})
        reported = self.check_mapping(harness.CUSTOMER.format(1))
        self.assertNotIn("Warning", reported.text)
        self.emulator.control.ask("hub-forget", {"hub": "berlin", "id": ACTIVATION})
        reported = self.check_mapping(harness.CUSTOMER.format(1), hub="munich")
        self.assertNotIn("Warning", reported.text)

    def test_a_hub_that_cannot_be_asked_forbids_no_mapping(self):
        """One warning for each cause, and the mapping is planned."""
        for match, rule, more, words in (
                ("HUB_LIST", {"what": "status", "status": 403}, "", "403"),
                ("HUB_METADATA", {"what": "status", "status": 500}, "", "could not be reached"),
                ("", {}, f'    client_id = "{CLIENT}"\n    client_secret = "wrong"\n',
                 "AADSTS7000215")):
            with self.subTest(match=match, words=words):
                self.emulator.reset()
                if match:
                    self.emulator.fault(match + "#1+", **rule)
                self.check_mapping(harness.CUSTOMER.format(1), more=more).says(
                    "Plan was not checked with Azure Stack Hub", words, "1 to add")
                self.emulator.reset_faults()
        self.emulator.switch(hub_default_subscription="none")
        self.check_mapping(harness.CUSTOMER.format(1)).says(
            "Plan was not checked with Azure Stack Hub", "Default Provider Subscription",
            "1 to add")

    def test_the_offer_and_the_directory_of_a_subscription(self):
        def write(more="", offer="standard", owner=f"admin@{CONTOSO}"):
            self.write(f'resource "azurestack_user_subscription" "it" {{\n'
                       + subscription_arguments(offer=offer, more=more).replace(
                           f"admin@{CONTOSO}", owner) + "}\n" + directory)
        directory = ""
        for offer, words in (("missing", "The offer does not exist"),
                             ("retired", "The offer is decommissioned")):
            write(offer=offer)
            self.workspace.plan(expect=1).says(words, "offer_id", OFFERS + offer)
        own = f'  tenant_id = "{CONTOSO_ID}"\n'
        write(own, "trial")
        self.workspace.plan(expect=2).says("is not a directory tenant of the hub", CONTOSO_ID,
                                           "azurestack_directory_tenant")
        directory = TENANT_ROW
        write("  tenant_id = azurestack_directory_tenant.it.tenant_id\n", "trial")
        reported = self.workspace.plan(expect=2)
        self.assertNotIn("Warning", reported.text)
        write("  tenant_id = azurestack_directory_tenant.it.tenant_id\n", owner="a@other.example")
        self.workspace.plan(expect=2).says("The domain belongs to another directory", OTHER_TENANT)
        directory = ""
        write(f'  tenant_id = "{harness.TENANT}"\n', owner="a@berlin.onmicrosoft.com")
        reported = self.workspace.plan(expect=2)
        self.assertNotIn("Warning", reported.text)

    # --- what the hub returns -----------------------------------------------------------------

    def test_the_default_subscription_that_is_not_one(self):
        for how, words in (("none", "returns no object whose displayName"), ("several", "has more than one")):
            with self.subTest(how=how):
                self.emulator.switch(hub_default_subscription=how)
                self.write(TENANT_ROW)
                self.workspace.plan(expect=1).says(
                    "Cannot determine the Default Provider Subscription", words,
                    "AZURESTACK_HUB_SUBSCRIPTION_ID")
                self.write(TENANT_ROW, more=f'    subscription_id = "{ADMINISTRATOR}"\n')
                self.workspace.apply().says("1 added")
                self.workspace.destroy()

    def test_domains_and_directories(self):
        self.write(TENANT_ROW.replace("}\n", f'  tenant_id = "{OTHER_TENANT}"\n}}\n'))
        self.workspace.plan(expect=1).says("The domain belongs to another directory", CONTOSO_ID)
        self.write(TENANT_ROW.replace(CONTOSO, "nobody.example"))
        self.workspace.plan(expect=1).says("Directory not found", "nobody.example")
        hub_put(self.emulator, id=DIRECTORY.replace(CONTOSO, "contoso.example"), location="berlin",
                properties={"tenantId": CONTOSO_ID})
        self.write(TENANT_ROW)
        self.workspace.plan(expect=1).says("Another directory tenant has this tenant_id",
                                           "contoso.example")

    def test_what_a_destroy_of_a_directory_tenant_costs(self):
        """Its subscriptions, as the hub lists them, and what is left in the directory."""
        health = {"tenant_id": CONTOSO_ID, "domain": CONTOSO}
        self.write(TENANT_ROW)
        self.workspace.apply().says("1 added")
        for own, tenant in ((OWN, CONTOSO_ID.upper()), (CUSTOMERS, harness.TENANT)):
            hub_put(self.emulator, id=ADMIN.format("") + "/subscriptions/" + own,
                    subscriptionId=own, displayName="Shop", tenantId=tenant, state="Enabled",
                    routingResourceManagerType="Default", offerId="", owner="")
        for consent, words in (("current", "shows 4 service"), ("outdated", "shows 3 service"),
                               ("none", "shows no service principal")):
            with self.subTest(consent=consent):
                self.emulator.control.ask("directory", {**health, "consent": consent})
                told = self.workspace.plan("-destroy", expect=2)
                told.says("locks the customer out", "has 1 user subscription on the hub", f"Shop ({OWN})",
                          words)
                self.assertNotIn(CUSTOMERS, told.text)
        self.emulator.control.ask("directory", {**health, "consent": "current"})
        for match, words in (("HUB_LIST", "the list"), ("HUB_POST", "Cannot check directory tenant")):
            with self.subTest(match=match):
                self.emulator.fault(match + "#1+", what="status", status=403,
                                    code="AuthorizationFailed")
                told = self.workspace.plan("-destroy", expect=2)
                told.says("Plan was not checked", words, "locks the customer out",
                          "First delete the hub's service principals")
                self.emulator.reset_faults()
        self.emulator.mark()
        self.workspace.plan("-destroy", "-refresh=false", expect=2,
                            AZURESTACK_DESTROY_WARNING_ENABLED="false")
        self.assertEqual([call for call in self.emulator.calls() if "metadata" not in call], [])

    def test_other_cases_and_other_subscriptions_in_answers(self):
        for switches in ({"hub_case": "other"}, {"hub_id_subscription": "other"},
                         {"hub_async": "all"}):
            with self.subTest(switches=switches):
                self.emulator.reset()
                self.emulator.switch(**switches)
                self.write(TENANT_ROW + USER_ROW)
                self.workspace.apply().says("2 added")
                self.workspace.expect_settled()
                self.workspace.destroy()

    def test_operations_that_go_on(self):
        short = USER_ROW.replace("}\n", '  timeouts {\n    create = "3s"\n  }\n}\n')
        for more, words in (
                ({"headers": "status"}, None),
                ({"headers": "location", "polls": 2}, None),
                ({"headers": "none"}, None),
                ({"host": "other"}, None),
                ({"result": "Failed"}, ["OperationNotAllowed", "The operation ended as Failed."]),
                ({"result": "Canceled", "headers": "location"}, ["The operation ended as Canceled."]),
                ({"polls": 1000}, ["did not finish before the timeout", "untaint"])):
            with self.subTest(more=more):
                self.emulator.reset()
                self.emulator.mark()
                self.emulator.switch(hub_async="all", hub_retry_after_s=0,
                                     **{"hub_async_" + name: more[name] for name in more})
                self.write(TENANT_ROW + USER_ROW if words is None else short)
                if words is None:
                    self.workspace.apply().says("2 added")
                    self.workspace.expect_settled()
                else:
                    self.workspace.apply(expect=1).says(*words)
                    self.assertEqual(len(self.workspace.resources()), int("polls" in more))
                    self.emulator.switch(hub_async="none")
                    self.workspace.apply()
                polls = [call for call in self.emulator.calls() if "/operationsStatus/" in call]
                self.assertEqual(bool(polls), "none" not in more.values() and "host" not in more)
                self.workspace.destroy()

    def test_a_subscription_goes_slowly_and_never_by_accident(self):
        guarded = USER_ROW.replace("delete_with_resources = true", "delete_with_resources = false")
        self.emulator.switch(hub_deleting_reads=3)
        self.write(guarded)
        self.workspace.apply().says("1 added")
        self.emulator.mark()
        self.workspace.destroy(expect=1).says("Deleting this user subscription is not allowed")
        self.write(guarded.replace(f"admin@{CONTOSO}", f"other@{CONTOSO}"))
        self.workspace.apply(expect=1).says("Deleting this user subscription is not allowed")
        self.assertEqual(self.emulator.writes(), [])
        self.write(USER_ROW)
        self.workspace.apply().says("1 changed")
        self.workspace.destroy()

    def test_many_subscriptions_cost_the_pages_of_one_list(self):
        ids = [f"77777777-7777-4777-8777-{number:012d}" for number in range(200)]
        base = ADMIN.format("") + "/subscriptions/"
        for own in ids:
            hub_put(self.emulator, id=base + own, subscriptionId=own, displayName=own,
                    delegatedProviderSubscriptionId=ADMINISTRATOR, offerId=OFFERS + "standard",
                    owner=f"admin@{CONTOSO}", tenantId=harness.TENANT, state="Enabled",
                    routingResourceManagerType="Default")
        self.emulator.switch(hub_page_size=100)
        names = ", ".join(f'"{own}"' for own in ids)
        self.write(f'''locals {{
  ids = toset([{names}])
}}
import {{
  for_each = local.ids
  to       = azurestack_user_subscription.all[each.key]
  id       = "{base}${{each.key}}"
}}
resource "azurestack_user_subscription" "all" {{
  for_each        = local.ids
  display_name    = each.key
  subscription_id = each.key
  offer_id        = "{OFFERS}standard"
  owner           = "admin@{CONTOSO}"
}}
''')
        self.workspace.apply().says("200 imported")
        self.emulator.mark()
        self.workspace.plan()
        reads = [call for call in self.emulator.calls() if "/subscriptions/" in call]
        self.assertLessEqual(len(reads), 4, reads[:10])

    # --- the tenant plane ---------------------------------------------------------------------

    def write_user(self, text, hub="berlin", **what):
        self.workspace.write(text, provider=user_provider(self.emulator, hub, **what))
        self.workspace.init()

    def test_a_tenant_plane_that_is_not_configured(self):
        self.emulator.mark()
        for provider in ("", hub_provider(self.emulator)):
            self.workspace.write(GROUP_ROW, provider=provider)
            self.workspace.init()
            self.workspace.plan(expect=1).says("The provider block is incomplete", "hub {", "user {",
                                               'tenant_id = "TENANT_ID"')
        self.assertEqual(self.emulator.calls(True), [])

    def test_a_tenant_plane_that_cannot_be_reached(self):
        self.workspace.write(GROUP_ROW, provider=user_provider(self.emulator).replace(
            "berlin.localhost", "nowhere.invalid"))
        self.workspace.init()
        self.workspace.plan(expect=2).says("Plan was not checked with Azure Stack Hub",
                                         "management.nowhere.invalid")

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

    def test_a_resource_group_is_not_deleted_with_what_is_in_it(self):
        let_in(self.emulator)
        self.write_user(GROUP_ROW)
        self.workspace.apply().says("1 added")
        disk = GROUP + "/providers/Microsoft.Compute/disks/data"
        hub_put(self.emulator, id=disk, name="data")
        self.workspace.destroy(expect=1).says("Deleting the resource group deletes its resources",
                                              "1 resource in it", "data",
                                              "delete_with_resources = true")
        self.write_user(GROUP_ROW.replace("}\n", "  delete_with_resources = true\n}\n"))
        self.workspace.apply().says("1 changed")
        self.workspace.destroy()
        self.assertNotIn(disk, str(self.emulator.control.ask("hub-objects")))

    def test_a_resource_group_of_the_same_name_is_being_deleted(self):
        """It is nothing to import: the create waits until it is gone."""
        let_in(self.emulator)
        self.write_user(GROUP_ROW)
        hub_put(self.emulator, id=GROUP, name="proof", location="berlin",
                properties={"provisioningState": "Deleting"}, _reads_left=5)
        self.workspace.plan(expect=2)
        self.workspace.apply().says("1 added")
        self.workspace.expect_settled()
        self.workspace.destroy()
        hub_put(self.emulator, id=GROUP, name="proof", location="berlin",
                properties={"provisioningState": "Deleting"})
        self.write_user(GROUP_ROW.replace("}\n", '  timeouts {\n    create = "2s"\n  }\n}\n'))
        self.workspace.apply(expect=1).says("Nothing was created", "is gone", "timeout")
        self.assertEqual(self.workspace.resources(), {})

    def test_a_role_is_assigned_once(self):
        """By the role's name, under a name that each run makes in the same way; the principal is new too."""
        self.emulator.switch(hub_principal_lag=2)
        let_in(self.emulator)
        self.write_user(ROLE_ROW)
        self.workspace.apply().says("1 added")
        self.workspace.expect_settled()
        made, = self.workspace.resources().values()
        self.workspace.forget("azurestack_user_role_assignment.it")
        self.emulator.mark()
        self.workspace.plan(expect=1).says("already exists", made["id"])
        self.write_user(ROLE_ROW.replace("}\n", f'  name = "{ASSIGNED}"\n}}\n'))
        self.workspace.plan(expect=1).says("The role assignment already exists", made["id"],
                                           "import {")
        self.write_user(ROLE_ROW.replace('"Owner"', '"Ownr"'))
        self.workspace.plan(expect=1).says("Cannot determine the role", "Ownr")
        self.assertEqual(self.emulator.writes(), [])

    def test_a_role_in_a_subscription_of_the_same_run(self):
        """The plan cannot ask for the role yet; the apply can."""
        self.workspace.tokens_each = 3  # of both planes, and of none where the user is let in
        text = (USER_ROW.replace("}\n", f'  tenant_id = "{CONTOSO_ID}"\n'
                                 "  depends_on = [azurestack_directory_tenant.it]\n}\n")
                + TENANT_ROW + ROLE_ROW.replace(f'"{CUSTOMERS}"',
                                                "azurestack_user_subscription.it.subscription_id"))
        self.write_user(text)
        self.workspace.apply().says("3 added")
        self.workspace.expect_settled()
        self.workspace.destroy()


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
