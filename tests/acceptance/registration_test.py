# The registration of a hub: what is lost with it, whose token it was made with, and that no log or state shows
# that. What every resource has is in resource_test.py.
# SPDX-License-Identifier: MPL-2.0
import os

import harness
from harness import SUBSCRIPTION, registration_token

CLOUD, ELSEWHERE = "abababab-1212-4343-8565-cdcdcdcdcdcd", "efefefef-1212-4343-8565-cdcdcdcdcdcd"
TOKEN, CAPACITY = registration_token(CLOUD), registration_token(CLOUD, "Capacity")
FOREIGN, EXPIRED = registration_token(ELSEWHERE), registration_token(CLOUD, expires_on=1)
ADDRESS = "azurestack_registration.hub"


class Registration(harness.Case):
    emulator_config = {"registrations": [
        {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": "berlin",
         "cloud_id": ELSEWHERE}]}

    def write(self, *arguments, token="  registration_token = var.token\n"):
        self.workspace.write(
            'variable "token" {\n  type      = string\n  ephemeral = true\n}\n'
            'resource "azurestack_registration" "hub" {\n  name = "hamburg"\n'
            f'  resource_group_name = "azurestack"\n  subscription_id = "{SUBSCRIPTION}"\n{token}'
            + "".join(f"  {argument}\n" for argument in arguments) + "}\n")
        self.workspace.init()

    def apply(self, token=TOKEN, expect=0, **environment):
        return self.workspace.apply(expect=expect, TF_VAR_token=token, **environment)

    def names(self):
        return [one["name"] for one in self.emulator.registrations()]


class WriteOnly(Registration):
    def setUp(self):
        super().setUp()
        self.need("a write-only argument", terraform=(1, 11), tofu=(1, 11))
        self.workspace.secrets += [TOKEN, CAPACITY, FOREIGN, EXPIRED]
        self.workspace.environment["TF_VAR_token"] = TOKEN

    def test_a_lock_is_explained(self):
        self.write()
        self.apply()
        self.emulator.registration("hamburg", lock="CanNotDelete")
        self.emulator.mark()
        self.workspace.destroy(expect=1).says("ScopeLocked", "RegistrationResourceLock",
                                              "stays in the state")
        self.emulator.mark()
        self.workspace.destroy(expect=1, AZURESTACK_DESTROY_LOCK_CHECK_ENABLED="true").says(
            "A resource lock prevents deleting the registration", "Remove the lock")
        self.assertEqual(self.emulator.writes(), [])
        self.assertEqual(self.names(), ["berlin", "hamburg"])

    def test_no_trace_shows_the_token(self):
        log = os.path.join(self.workspace.dir, "trace.log")
        self.write()
        for arguments in (("plan", "-out=saved"), ("apply", "saved")):
            self.workspace.run(arguments[0], "-no-color", arguments[1], TF_LOG="TRACE",
                               TF_LOG_PATH=log)
        self.assertIn("> PUT ", harness.read(log))
        # tearDown looks into the outputs, the log, the state and the saved plan.

    def test_a_mapping_waits_for_a_registration_that_the_same_run_makes_or_changes(self):
        refused = "The registration does not support this resource"
        mapping = self.tenant().replace(f'"{harness.HUB.format("berlin")}"', f"{ADDRESS}.id")
        self.workspace.put("mapping.tf", mapping)
        self.write("registration_token_version = 1")
        self.assertNotIn("Warning", self.workspace.plan(expect=2).text)
        self.workspace.put("mapping.tf", "")
        self.apply(CAPACITY)
        self.workspace.put("mapping.tf", mapping)
        self.write("registration_token_version = 1", 'tags = { a = "b" }')
        self.workspace.plan(expect=1).says(refused)
        self.write("registration_token_version = 2")
        self.workspace.plan(expect=2).says("1 to add, 1 to change")

    def test_a_mapping_that_the_same_plan_deletes_is_not_lost_with_the_registration(self):
        self.workspace.put("mapping.tf", self.tenant().replace(
            f'"{harness.HUB.format("berlin")}"', f"{ADDRESS}.id"))
        self.write()
        self.apply()
        planned = self.workspace.plan("-destroy", expect=2).says("2 to destroy")
        self.assertNotIn("The apply will fail while they exist", planned.text)

    def test_a_new_mapping_of_a_registration_that_the_same_plan_deletes(self):
        self.write()
        self.apply()
        self.workspace.write(self.tenant(hub="hamburg"))
        self.workspace.plan(expect=1).says("One plan deletes the registration and creates",
                                           harness.HUB.format("hamburg"))


class InState(Registration):
    def test_a_token_in_the_state_is_shown_nowhere_else(self):
        log = os.path.join(self.workspace.dir, "trace.log")
        for token, counts in ((TOKEN, "1 added"), (CAPACITY, "1 changed")):
            self.write(token='  registration_token_in_state = var.token\n')
            text = self.workspace.read("main.tf").replace("ephemeral = true", "sensitive = true")
            self.workspace.put("main.tf", text)
            reported = self.apply(token, TF_LOG="TRACE", TF_LOG_PATH=log)
            reported.says(counts)
            self.assertEqual(
                self.workspace.resources()[ADDRESS]["registration_token_in_state"], token)
            for secret in (TOKEN, CAPACITY):
                self.assertNotIn(secret, reported.output)
            self.workspace.environment["TF_VAR_token"] = token
            self.workspace.expect_settled()
        shown = [line for line in harness.read(log).split("\n") if TOKEN in line
                 and "provider.terraform-provider-azurestack" in line]
        self.assertEqual(shown, [])
        self.workspace.destroy()
