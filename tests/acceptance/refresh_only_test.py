# A refresh that finds nothing changed says so, whatever the state went through before: a nightly
# `plan -refresh-only -detailed-exitcode` ends with 0. In every form in which Azure answers:
# service_variants_test.py.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import HUB

# Letters, so that case shows.
LETTERS = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
TENANT = "abcdefab-1234-4abc-8def-abcdefabcdef"


class RefreshOnly(harness.Case):
    def write(self, more="", customer=LETTERS, hub=HUB.format("berlin")):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "tenant" {\n'
            f'  registration_id          = "{hub}"\n'
            f'  customer_subscription_id = "{customer}"\n{more}}}\n')

    def expect_silence(self):
        self.assertIn("No changes.", self.workspace.plan("-refresh-only").output)
        self.workspace.expect_settled()

    def test_with_a_tenant_and_without_one_and_with_every_other_argument(self):
        named = f'  tenant_id = "{TENANT}"\n'
        for more in ("", named, named + "  replace_existing_mapping = true\n",
                     "  replace_existing_mapping = false\n",
                     '  timeouts {\n    read = "90s"\n  }\n'):
            with self.subTest(more=more):
                self.emulator.reset()
                self.emulator.subscription(LETTERS, tenant_id=TENANT)
                self.write(more)
                self.workspace.apply()
                self.expect_silence()
                self.workspace.destroy()

    def test_a_registration_id_in_another_case(self):
        for hub in (HUB.format("BERLIN"),
                    HUB.format("berlin").replace("azurestack/", "AzureStack/"),
                    HUB.format("berlin").replace("resourceGroups", "resourcegroups")):
            with self.subTest(registration=hub):
                self.write(hub=hub)
                self.workspace.apply()
                self.expect_silence()
                self.workspace.destroy()

    def test_of_a_state_without_an_identity_and_without_what_came_later(self):
        for names in (("identity", "identity_schema_version"),
                      ("replace_existing_mapping", "timeouts")):
            with self.subTest(without=names):
                self.emulator.reset()
                self.write()
                self.workspace.apply()
                state = self.workspace.state()
                instance = state["resources"][0]["instances"][0]
                for name in names:
                    instance.pop(name, None)
                    instance["attributes"].pop(name, None)
                self.workspace.put_state(state)
                self.expect_silence()
                self.workspace.destroy()
