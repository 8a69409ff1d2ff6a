# Arguments of the provider block that change what is asked.
# SPDX-License-Identifier: MPL-2.0
import harness

VERSION = "2022-06-01"


class ApiVersion(harness.Case):
    def test_every_call_has_the_version_that_was_asked_for(self):
        self.workspace.write(self.tenant(), provider=harness.provider_block(api_version=VERSION))
        self.workspace.apply()
        self.workspace.expect_settled()
        self.workspace.destroy()
        paths = [event["path"] for event in self.emulator.requests()]
        self.assertGreater(len(paths), 5)
        self.assertEqual([path for path in paths if f"api-version={VERSION}" not in path], [])

    def test_a_variable_sets_it_too_and_a_refusal_names_it(self):
        self.emulator.registration("berlin", multi_tenancy=False)
        self.workspace.write(self.tenant())
        self.workspace.apply(expect=1, AZURESTACK_API_VERSION=VERSION).says(
            f"API version: {VERSION}")


class NotKnownYet(harness.Case):
    """The provider block depends on a resource that is not applied yet."""

    ORIGIN = ('resource "terraform_data" "origin" {\n  input = "%s"\n  '
              'triggers_replace = "%s"\n}\n')

    def write(self, text, trigger="one"):
        self.workspace.write(self.ORIGIN % (harness.TENANT, trigger) + text,
                             provider='provider "azurestack" {\n'
                                      "  tenant_id = terraform_data.origin.output\n}\n")

    def test_what_is_new_is_planned_and_applied_in_one_run(self):
        self.write(self.tenant() + f'data "azurestack_registration" "hub" {{\n  id = "'
                   f'{harness.HUB.format("berlin")}"\n'
                   "  depends_on = [azurestack_customer_subscription.tenant]\n}\n")
        self.workspace.run("validate", "-no-color")
        self.workspace.plan(expect=2)
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.workspace.apply()
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.workspace.plan()

    def test_what_exists_cannot_be_read_and_stays_in_the_state(self):
        self.write(self.tenant())
        self.workspace.apply()
        self.write(self.tenant(), trigger="two")
        # terraform_data knows its output again only after it was replaced.
        self.emulator.mark()
        self.workspace.plan(expect=1).says("Provider configuration is not known yet", "-target", "known")
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.assertIn("azurestack_customer_subscription.tenant", self.workspace.resources())
        self.workspace.apply("-target=terraform_data.origin")
        self.workspace.plan()

    def test_a_data_source_says_what_it_waits_for(self):
        self.write(f'data "azurestack_registration" "hub" {{\n  id = "'
                   f'{harness.HUB.format("berlin")}"\n}}\n')
        self.workspace.plan(expect=1).says("Provider configuration is not known yet", "-target",
                                           "data.azurestack_registration")
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.workspace.apply("-target=terraform_data.origin")
        self.workspace.apply()
        self.workspace.plan()


class Locks(harness.Case):
    def test_the_plan_of_a_destroy_reports_a_lock_if_configured(self):
        checked = harness.provider_block(destroy_lock_check_enabled=True)
        self.workspace.write(self.tenant(), provider=checked)
        self.workspace.apply()
        self.emulator.registration("berlin", lock="CanNotDelete")
        for command in (("plan", "-destroy"), ("destroy", "-auto-approve")):
            self.workspace.run(*command, expect=1).says(
                '"RegistrationResourceLock"', harness.HUB.format("berlin"), "(1) Remove the lock")
        self.emulator.registration("berlin", lock="none")
        self.workspace.write(self.tenant())
        self.emulator.mark()
        self.workspace.destroy()
        self.assertFalse([call for call in self.emulator.calls() if "locks" in call])
