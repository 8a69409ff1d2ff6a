# Every file under examples/ is used as it is written, so that none of it can rot.
# SPDX-License-Identifier: MPL-2.0
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import time

import docs_test
import harness
from harness import CONTOSO, CUSTOMER, HUB, SUBSCRIPTION, TOP

EXAMPLES = os.path.join(TOP, "examples")
# A configuration each, whole, with whatever lies beside it; and how many mappings it makes.
SCENARIOS = {"check-blocks": 2, "guest-directory": 1, "many-hubs": 4, "quickstart": 6,
             "tenants-from-csv": 4, "unattributed-usage": 0, "uncovered-tenants": 0}
EXAMPLE_ID = (HUB.format("example-hub")
              + "/customerSubscriptions/11111111-2222-4333-8444-555555555555")
TOKEN = harness.registration_token("12345678-1234-4234-8234-123456789abc")
ADMINISTRATOR = "00000000-0000-4000-8000-000000000009"
USER = (f"/subscriptions/{ADMINISTRATOR}/providers/Microsoft.Subscriptions.Admin/subscriptions/"
        "77777777-7777-4777-8777-777777777777")
PARTNERS_CUSTOMER = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
EXAMPLE_TENANT = "22222222-3333-4444-8555-666666666666"


def files(pattern):
    return sorted(glob.glob(os.path.join(EXAMPLES, pattern)))


def hcl_of(*page):
    """The blocks of HCL of a page."""
    return re.findall(r"^```hcl\n(.*?)^```", harness.read(TOP, *page), re.M | re.S)


class Examples(harness.Case):
    emulator_config = {
        "registrations": [
            {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": name}
            for name in ("berlin", "munich", "example-hub")
        ],
        "hubs": [{"name": "berlin", "subscription_id": ADMINISTRATOR}],
        "directories": [{"tenant_id": EXAMPLE_TENANT, "domain": "contoso.onmicrosoft.com",
                         "consent": "current"}],
        "applications": [{"tenant_id": tenant, "client_id": harness.CLIENT,
                          "client_secret": harness.SECRET, "role": "owner"}
                         for tenant in (harness.TENANT, EXAMPLE_TENANT)],
    }

    def setUp(self):
        super().setUp()
        self.workspace.environment.update(
            self.emulator.partner_center(),
            AZURESTACK_PARTNER_REFRESH_TOKEN="1.emulator-refresh-token",
            AZURESTACK_HUB_ADMIN_ENDPOINT=self.emulator.hub("berlin"),
            AZURESTACK_HUB_USER_TENANT_ID=harness.TENANT)
        # Azure, and the hub that the environment names: a mapping's plan asks it, too.
        self.workspace.tokens_each = 2

    def clear(self):
        for name in os.listdir(self.workspace.dir):
            path = os.path.join(self.workspace.dir, name)
            if name.startswith(".terraform"):
                continue  # what init wrote: the next init is quicker with it
            (shutil.rmtree if os.path.isdir(path) else os.remove)(path)

    def use(self, paths, **texts):
        """A configuration of these files, and of these texts."""
        self.clear()
        for path in paths:
            name = os.path.relpath(path, EXAMPLES).replace(os.sep, "-")
            shutil.copy(path, os.path.join(self.workspace.dir, name))
        for name, text in texts.items():
            self.workspace.write(text, name=name + ".tf")
        self.workspace.init()

    def use_scenario(self, name):
        self.clear()
        shutil.copytree(os.path.join(EXAMPLES, name), self.workspace.dir, dirs_exist_ok=True)
        for path in os.listdir(self.workspace.dir):  # tfvars are found under their own name only
            self.assertFalse(path.startswith("terraform.tfstate"), "it was run in place")
        # Azure, the hub's operator and the customer's directory have tokens of their own.
        self.workspace.tokens_each = 3 if name == "guest-directory" else 2
        self.workspace.init()

    def expect_same(self):
        self.assertEqual({r["id"] for r in self.workspace.resources().values()
                          if "/customerSubscriptions/" in r["id"]},
                         set(self.emulator.mappings()))

    def run_through(self, count=None):
        self.workspace.apply(TF_VAR_registration_token=TOKEN)
        self.workspace.expect_settled()
        self.expect_same()
        if count is not None:
            self.assertEqual(len(self.emulator.mappings()), count)
        if re.search("azurestack_partner_(customer|azure_plan)[.]", str(list(self.workspace.resources()))):
            self.workspace.destroy(expect=1).says('destroy_behavior is "refuse"')
            return
        if "azurestack_user_subscription" in str(list(self.workspace.resources())):
            self.workspace.destroy(expect=1).says("set delete_with_resources = true")
            return
        self.workspace.destroy()
        self.assertEqual(self.emulator.mappings(), {})

    def make(self, path):
        """What the example imports exists."""
        folder = os.path.dirname(path)
        with open(os.path.join(folder, "import.sh"), encoding="utf-8") as stream:
            identity = stream.readline().split()[-1]
        name = identity.rsplit("/", 1)[1]
        if identity.startswith(f"/subscriptions/{USER[-36:]}/"):
            self.make_on_hub(USER)
            place = f"/subscriptions/{USER[-36:]}"
            self.emulator.control.ask("hub-object", {
                "hub": "berlin", "id": identity, "name": name, "location": "berlin",
                **({"properties": {
                    "principalId": "0b1ec700-0000-4000-8000-000000000001", "scope": place,
                    "roleDefinitionId": f"{place}/providers/Microsoft.Authorization/"
                    "roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}
                   if "roleAssignments" in identity else {})})
            return
        if identity.startswith("/v1/customers/"):
            customer = {"tenant_id": identity.split("/")[3]}
            self.emulator.control.ask("partner-customer", {
                **customer, "domain": "contoso-hub.onmicrosoft.com"})
            if "/subscriptions/" in identity:
                self.emulator.control.ask("partner-plan", {
                    **customer, "id": name, "name": "Contoso"})
            elif name != customer["tenant_id"]:
                self.emulator.control.ask("partner-agreement", {
                    **customer, "date": "2026-01-02T00:00:00", "contact": {
                        "firstName": "Example", "lastName": "Person",
                        "email": "person@contoso.example", "phoneNumber": "+49301234567"}})
            return
        if "Microsoft.Subscriptions.Admin" in identity:
            self.make_on_hub(identity)
            return
        if "/customerSubscriptions/" in identity:
            self.emulator.map(identity, EXAMPLE_TENANT)
            return
        if "/registrations/" in identity:
            self.emulator.registration(name, subscription_id=SUBSCRIPTION,
                                       resource_group="azurestack", tags={"site": "berlin"})
            return
        with open(os.path.join(folder, "resource.tf"), encoding="utf-8") as stream:
            text = stream.read()
        self.emulator.control.ask("alias", {
            "alias": name,
            "billing_scope": re.search(r'billing_scope_id = "(.*)"', text)[1],
            "display_name": re.search(r'display_name +\= "(.*)"', text)[1]})

    def make_on_hub(self, identity):
        admin = f"/subscriptions/{ADMINISTRATOR}"
        self.emulator.control.ask("hub-object", {
            "hub": "berlin", "id": identity, "location": "berlin",
            "properties": {"tenantId": EXAMPLE_TENANT}} if "directoryTenants" in identity else {
            "hub": "berlin", "id": identity, "subscriptionId": identity.rsplit("/", 1)[1],
            "displayName": "Contoso", "owner": "admin@contoso.onmicrosoft.com",
            "offerId": f"{admin}/resourceGroups/offers/providers/Microsoft.Subscriptions.Admin/"
            "offers/standard", "delegatedProviderSubscriptionId": ADMINISTRATOR,
            "tenantId": harness.TENANT, "state": "Enabled",
            "routingResourceManagerType": "Default"})

    def fill_partner_center(self):
        """One customer, whose agreement is confirmed, with an Azure plan."""
        customer = {"tenant_id": PARTNERS_CUSTOMER}
        for what, members in (("customer", {"domain": "contoso.onmicrosoft.com"}),
                              ("agreement", {}),
                              ("plan", {"id": "0a4ce58a-6f96-4273-8035-d9c7d31b9ba4",
                                        "entitlements": [{"id": CUSTOMER.format(1)}]})):
            self.emulator.control.ask(f"partner-{what}", {**customer, **members})

    def test_every_resource_with_the_provider_block(self):
        provider = files("provider/*.tf")
        resources = files("resources/*/resource.tf")
        self.assertTrue(provider and resources)
        for path in resources:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                if "user_" in path:
                    self.make_on_hub(USER)
                if "azure_plan" in path:
                    self.fill_partner_center()
                    self.emulator.control.ask("partner-forget-plan", {
                        "tenant_id": PARTNERS_CUSTOMER,
                        "id": "0a4ce58a-6f96-4273-8035-d9c7d31b9ba4"})
                if "agreement" in path:
                    self.emulator.control.ask("partner-customer", {
                        "tenant_id": PARTNERS_CUSTOMER, "domain": "contoso.onmicrosoft.com"})
                    self.emulator.control.ask("partner-forget-agreements", {
                        "tenant_id": PARTNERS_CUSTOMER})
                self.use(provider + [path])
                self.run_through()

    def test_every_import_command(self):
        commands = files("resources/*/import.sh")
        self.assertEqual([os.path.dirname(path) for path in commands],
                         [os.path.dirname(path) for path in files("resources/*/resource.tf")])
        tools = os.path.join(self.workspace.root, "tools")
        os.mkdir(tools)
        os.symlink(self.host, os.path.join(tools, "terraform"))
        path_of_tools = tools + os.pathsep + self.workspace.environment["PATH"]
        for path in commands:
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                self.use(files("provider/*.tf") + [path.replace("import.sh", "resource.tf")])
                self.make(path)
                self.script("sh", path, PATH=path_of_tools)
                self.workspace.expect_settled()

    def test_every_import_block(self):
        blocks = files("resources/*/import-by-*.tf")
        self.assertTrue(blocks)
        for path in blocks:
            if path.endswith("identity.tf") and harness.product_of(self.host)[1] < (1, 12):
                continue
            with self.subTest(example=os.path.relpath(path, EXAMPLES)):
                self.emulator.reset()
                self.make(path)
                self.use(files("provider/*.tf")
                         + [path, os.path.join(os.path.dirname(path), "resource.tf")])
                self.assertIn("1 imported", self.workspace.apply().text)
                self.workspace.expect_settled()
                self.expect_same()

    def test_every_data_source(self):
        sources = files("data-sources/*/data-source.tf")
        self.assertTrue(sources)
        self.emulator.map(EXAMPLE_ID)
        self.emulator.map(HUB.format("example-hub") + "/customerSubscriptions/" + CUSTOMER.format(9))
        self.workspace.tokens_each = 3
        self.emulator.fill_hub("berlin")
        self.emulator.control.ask("directory", {"tenant_id": CONTOSO, "consent": "current",
                                                "domain": "contoso.onmicrosoft.com"})
        self.fill_partner_center()
        self.use(files("provider/*.tf") + sources)
        self.workspace.apply()
        self.workspace.expect_settled()
        outputs = self.workspace.outputs()
        self.assertEqual(outputs["partner_customer_tenant_id"], PARTNERS_CUSTOMER)
        self.assertEqual(outputs["customer_subscription_ids"], [CUSTOMER.format(1)])
        self.assertEqual(outputs["is_confirmed"], True)
        scope = outputs["billing_scope_id"]
        tenant = scope.rsplit("/", 1)[1]
        self.assertEqual(outputs["billing_account_names"], [scope.split("/")[4]])
        self.assertEqual(outputs["billing_scopes"][tenant], scope)
        self.assertEqual(outputs["bought"], {})
        self.assertEqual(outputs["registration_id"], HUB.format("example-hub"))
        self.assertEqual(outputs["takes_tenants"], True)
        self.assertEqual(set(outputs["hubs"]), {"berlin", "munich", "example-hub"})
        self.assertEqual(outputs["tenant_id"], self.emulator.mappings()[EXAMPLE_ID])
        self.assertEqual(outputs["missing"], ["11111111-2222-4333-8444-666666666666"])
        self.assertEqual(outputs["unmanaged"], [CUSTOMER.format(9)])

    def test_every_ephemeral_resource(self):
        examples = files("ephemeral-resources/*/ephemeral-resource.tf")
        self.assertTrue(examples)
        self.need("an ephemeral resource", terraform=(1, 10), tofu=(1, 11))
        self.emulator.registration("example-hub", cloud_id="12121212-3434-4565-8787-909090909090")
        key = "activation-key.example-hub.12121212-3434-4565-8787-909090909090"
        self.workspace.secrets.append(key)
        self.use(files("provider/*.tf") + examples)
        path = os.path.join(self.workspace.dir, "activate-hub")
        harness.write(path, '#!/bin/sh\nprintf %s "$ACTIVATION_KEY" | sha256sum >digest\n')
        os.chmod(path, 0o755)
        self.workspace.apply()
        self.workspace.plan()
        self.assertEqual(self.workspace.read("digest").split()[0],
                         hashlib.sha256(key.encode()).hexdigest())

    def test_every_function(self):
        functions = files("functions/*/function.tf")
        self.assertTrue(functions)
        self.use(files("provider/*.tf") + functions)
        self.workspace.apply()
        self.workspace.expect_settled()
        outputs = self.workspace.outputs()
        self.assertEqual(outputs["customer_subscription_id"], EXAMPLE_ID)
        self.assertEqual(outputs["registration_id"], HUB.format("example-hub"))
        self.assertEqual(outputs["normalized"], "11111111-2222-4333-8444-abcdefabcdef")
        self.assertEqual(outputs["parts_of_a_customer_subscription"]["registration_name"],
                         "example-hub")
        self.assertEqual(outputs["parts_of_a_registration"]["name"], "example-hub")
        self.assertEqual(outputs["mail"]["to"], "azstcsp@microsoft.com")
        for line in (f"Registration subscription ID: {SUBSCRIPTION}",
                     "Resource group name: azurestack", "Registration name: example-hub"):
            self.assertIn(line, outputs["mail"]["body"].split("\n"))
        self.assertEqual(self.emulator.calls(tokens=True), [], "a function sent a request")

    def test_every_list_resource(self):
        queries = files("list-resources/*/list-resource.tfquery.hcl")
        self.assertTrue(queries)
        self.need("terraform query", terraform=(1, 14))
        self.emulator.map(EXAMPLE_ID)
        for name in ("partner_azure_plan", "partner_azure_subscription", "user_resource_group"):
            self.make(files(f"resources/azurestack_{name}/import.sh")[0])
        self.use(files("provider/*.tf") + queries)
        self.workspace.tokens_each = 4  # one for each service
        self.workspace.run("query", "-no-color").says(
            "11111111-2222-4333-8444-555555555555",
            self.emulator.control.ask("aliases")[0]["name"])

    def test_every_scenario(self):
        for name, count in SCENARIOS.items():
            with self.subTest(example=name):
                self.emulator.reset()
                self.use_scenario(name)
                self.run_through(count)

    def test_a_check_that_fails_is_a_warning(self):
        self.use_scenario("check-blocks")
        self.workspace.apply()
        self.assertNotIn("Check block", self.workspace.plan().text)
        self.emulator.map(self.id_of(customer=9))
        text = self.workspace.plan().text
        self.assertIn(f"not in this configuration: {CUSTOMER.format(9)}", text)
        self.assertIn("Warning: Check block assertion failed", text)

    def test_who_is_not_covered_is_found(self):
        self.emulator.map(self.id_of("berlin", 1))
        self.emulator.map(self.id_of("munich", 9))
        self.use_scenario("uncovered-tenants")
        self.workspace.apply()
        outputs = self.workspace.outputs()
        missing, group = outputs["missing"], "azurestack/"
        self.assertEqual(missing[group + "berlin"], [CUSTOMER.format(2)])
        self.assertEqual(missing[group + "munich"], [CUSTOMER.format(1), CUSTOMER.format(2)])
        self.assertEqual(outputs["unmanaged"],
                         {group + "berlin": [], group + "munich": [CUSTOMER.format(9)],
                          group + "example-hub": []})

    def test_the_tests_of_the_module(self):
        self.use_scenario("terraform-test")
        self.workspace.run("test", "-no-color").says("2 passed, 0 failed")
        path = os.path.join(self.workspace.dir, "main.tf")
        text = harness.read(path)
        harness.write(path, text.replace("length(customer.hubs) > 0", "true"))
        self.workspace.run("test", "-no-color", expect=1)
        self.assertEqual(self.emulator.calls(tokens=True), [], "a mocked provider sent a request")

    def script(self, *words, **more):
        done = self.workspace.execute(*words, **more)
        return done.stdout + done.stderr

    def test_a_run_with_the_emulator_in_azures_place(self):
        self.use_scenario("many-hubs")
        environment = {"HOST": self.host, "ID": self.id_of("berlin", 1),
                       "ARM_CLIENT_SECRET": "of-the-real-azure"}
        wrapper = os.path.join(EXAMPLES, "offline", "with-emulator")
        said = self.script(
            wrapper, "sh", "-ec", '"$HOST" apply -no-color -auto-approve\n'
            '"$HOST" plan -no-color -detailed-exitcode\n'
            '"$AZURESTACK_CONTROL" unmap id="$ID"\n'
            'status=0; "$HOST" plan -no-color -detailed-exitcode || status=$?\n'
            'test "$status" -eq 2', **environment)
        self.assertIn("4 added, 0 changed", said)
        self.assertIn("1 to add, 0 to change", said)
        self.script(wrapper, "sh", "-c", "exit 3", status=3, **environment)
        self.assertEqual(self.emulator.calls(tokens=True), [], "another emulator was meant")

    def test_what_changes_in_azure_never_plans_a_destroy(self):
        changes = {"capacity": lambda: self.emulator.registration("munich",
                                                                  billing_model="Capacity"),
                   "another": lambda: self.emulator.registration(
                       "vienna", subscription_id=SUBSCRIPTION, resource_group="azurestack")}
        for scenario in SCENARIOS:
            for name, change in changes.items():
                with self.subTest(scenario=scenario, change=name):
                    self.emulator.reset()
                    self.use_scenario(scenario)
                    self.workspace.apply()
                    change()
                    found_text = self.workspace.plan("-out=saved", expect=None)
                    self.assertIn(found_text.status, (0, 2), found_text.output)
                    shown = json.loads(self.workspace.run("show", "-json", "saved").output)
                    self.assertEqual([change["address"] for change in shown.get("resource_changes", [])
                                      if "delete" in change["change"]["actions"]], [])
                    if scenario == "many-hubs":
                        self.assertIn({"capacity": "use capacity billing",
                                       "another": "missing in var.hubs"}[name], found_text.text)

    def test_a_file_without_tenants_is_an_error(self):
        self.use_scenario("tenants-from-csv")
        self.workspace.apply()
        self.workspace.put("tenants.csv", self.workspace.read("tenants.csv").split("\n")[0] + "\n")
        self.workspace.plan(expect=1).says("contains no tenant")

    def test_the_nightly_drift_check(self):
        self.use_scenario("quickstart")
        self.workspace.apply()
        nightly = os.path.join(EXAMPLES, "drift", "nightly")
        self.workspace.environment["TERRAFORM"] = self.host
        self.script(nightly)
        self.emulator.unmap(self.id_of("berlin", 1))
        said = self.script(nightly, status=2)
        self.assertIn("has been deleted", said)
        self.assertIn("1 to add, 0 to change, 0 to destroy", said)
        shutil.copy(files("data-sources/azurestack_registrations/*.tf")[0], self.workspace.dir)
        self.workspace.apply()
        self.script(nightly)
        self.script(nightly, status=1, ARM_ENVIRONMENT="nowhere")
        self.assertEqual(self.emulator.kinds().count("PUT"), 7, "it changed something")

    def test_the_nightly_look_at_who_pays(self):
        self.use_scenario("unattributed-usage")
        self.workspace.apply()
        nightly = os.path.join(self.workspace.dir, "nightly")
        self.workspace.environment["TERRAFORM"] = self.host
        self.script(nightly)
        self.emulator.fill_hub("berlin")
        yesterday = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() - 86400))
        self.emulator.control.ask("hub-usage", {"hub": "berlin", "rows": [
            {"subscription_id": harness.HUB_SUBSCRIPTION, "reported": yesterday,
             "meter_id": "f271a8a388c44d93956a063e1d2fa80b", "quantity": "0.1"}] * 3})
        said = self.script(nightly, status=2)
        for words in (f"no mapping on {HUB.format('berlin')}", CONTOSO,
                      "0.3 IP addresses*hours of Static IP Address Usage"):
            self.assertIn(words, " ".join(said.replace("\u2502", " ").split()))
        self.emulator.map(self.id_of("berlin", 1), CONTOSO)
        self.script(nightly)
        self.script(nightly, status=1, AZURESTACK_HUB_ADMIN_ENDPOINT="")
        self.assertEqual(self.emulator.writes(), [])

    def test_the_scripts_and_workflows_name_what_is_there(self):
        for path in (files("offline/*") + files("drift/*") + files("quickstart/run") + files("first-run/run")
                     + files("unattributed-usage/nightly")):
            subprocess.run(["sh", "-n", path], check=True)
            self.assertTrue(os.access(path, os.X_OK), path)
        workflows, known = files("ci/*/*.yml"), harness.read(TOP, "docs", "index.md")
        self.assertEqual(len(workflows), 2)
        for path in workflows:
            text = harness.read(path)
            for named in re.findall(r"(?:examples|docs)/[\w./-]+\w", text):
                self.assertTrue(os.path.exists(os.path.join(TOP, named)), f"{path}: {named}")
            for variable in re.findall(r"^ +((?:ARM|SYSTEM)_\w+):", text, re.M):
                self.assertIn(f"`{variable}`", known, path)

    def test_all_of_a_hub_is_imported_as_the_guide_says(self):
        text = next(block for block in hcl_of("docs", "guides", "importing.md")
                    if "for_each = local" in block)
        self.emulator.map(self.id_of(customer=1))
        self.emulator.map(HUB.format("berlin") + "/customerSubscriptions/"
                          + "aaaaaaaa-2222-4333-8444-555555555502".upper())
        before = self.emulator.mappings()
        hub = f'variable "registration_id" {{\n  default = "{HUB.format("berlin")}"\n}}\n'
        self.use(files("provider/*.tf"), guide=text + hub)
        self.workspace.apply().says("2 imported, 0 added, 0 changed")
        self.workspace.expect_settled()
        self.assertEqual(self.emulator.mappings(), before)

    def test_the_configuration_of_the_guide_to_onboarding(self):
        blocks = [block for block in hcl_of("docs", "guides", "onboarding.md")
                  if "required_providers" in block]
        self.assertEqual(len(blocks), 1)
        self.clear()
        self.workspace.put("main.tf", blocks[0])  # word by word
        self.workspace.init()
        self.workspace.apply()
        self.assertEqual(self.workspace.outputs()["contoso_tenant_id"],
                         self.emulator.mappings()[self.id_of("berlin", 1)])
        self.workspace.expect_settled()

    def test_the_configuration_of_the_guide_to_directories(self):
        text = docs_test.with_stand_ins("\n".join(hcl_of("docs", "guides", "guest_directory.md")))
        text = text.replace('    admin_endpoint = "https://adminmanagement.berlin.example.com"\n', "")
        values = {"registration_id": HUB.format("berlin"), "customer_tenant_id": EXAMPLE_TENANT,
                  "customer_subscription_id": EXAMPLE_ID.rsplit("/", 1)[1],
                  "partner_client_id": harness.CLIENT,
                  "administrators_object_id": "0b1ec700-0000-4000-8000-000000000001"}
        self.use([], guide=text + "".join(f'variable "{name}" {{\n  default = "{value}"\n}}\n'
                                          for name, value in values.items()))
        self.workspace.tokens_each = 3
        self.run_through(1)
        resources = self.workspace.resources()
        for what, count in (("resource_service_principal_hub", 5), ("app_role_assignment_hub", 2),
                            ("permission_grant_hub", 2), ("user_resource_group.proof", 1),
                            ("user_role_assignment.administrators", 1)):
            self.assertEqual(len([name for name in resources if what in name]), count, what)

    def test_the_configuration_of_the_guide_to_partner_center(self):
        self.use([], guide="\n".join(hcl_of("docs", "guides", "partner_center.md")))
        self.workspace.environment["AZURESTACK_PARTNER_REFRESH_TOKEN"] = "1.emulator-refresh-token"
        self.workspace.apply()
        self.workspace.expect_settled()
        customer, = self.emulator.control.ask("partner-customers")
        self.assertEqual((len(customer["agreements"]), len(customer["orders"])), (1, 1))
        self.workspace.destroy(expect=1).says('destroy_behavior is "refuse"')

    def test_the_configuration_of_the_readme(self):
        blocks = [block for block in hcl_of("README.md")
                  if "azurestack_customer_subscription" in block]
        self.assertEqual(len(blocks), 1)
        self.use([], readme=blocks[0])
        self.run_through()

    def test_every_mapping_names_its_tenant(self):
        """Only with it the plan shows what it overwrites without having to ask."""
        paths = (glob.glob(os.path.join(EXAMPLES, "**", "*.tf"), recursive=True)
                 + glob.glob(os.path.join(TOP, "docs", "**", "*.md"), recursive=True)
                 + [os.path.join(TOP, "README.md")])
        count = 0
        for path in paths:
            blocks = re.findall(r'^resource "azurestack_customer_subscription" .*?^}',
                                harness.read(path), re.M | re.S)
            count += len(blocks)
            for block in blocks:
                self.assertRegex(block, r"\n  tenant_id +=", path)
        self.assertGreater(count, 15)

    def test_nothing_else_is_left_untried(self):
        tried = ("provider/provider.tf", r"resources/\w+/resource\.tf",
                 r"resources/\w+/import-by-[\w-]+\.tf", r"data-sources/\w+/data-source\.tf",
                 r"ephemeral-resources/\w+/ephemeral-resource\.tf",
                 r"functions/\w+/function\.tf",
                 r"list-resources/\w+/list-resource\.tfquery\.hcl",
                 "(" + "|".join(SCENARIOS) + r")/[^/]+", r"terraform-test/.+",
                 r"(onboarding|customer-invites-partner)/.+")  # onboarding_test.py
        found = [os.path.relpath(path, EXAMPLES) for path in
                 glob.glob(os.path.join(EXAMPLES, "**", "*.tf*"), recursive=True)
                 if ".terraform" not in path and "tfstate" not in path]
        rest = [path for path in found if not any(re.fullmatch(pattern, path) for pattern in tried)]
        self.assertEqual(rest, [], "an example that no test uses")
