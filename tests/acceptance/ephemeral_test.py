# Ephemeral resources: the value reaches what takes it, and stands in no plan, no state and no log.
# SPDX-License-Identifier: MPL-2.0
import os
import re
import subprocess

import harness
from harness import CLIENT, HUB, SECRET, SUBSCRIPTION, TENANT

CLOUD_ID = "12121212-3434-4565-8787-909090909090"
KEY = f"activation-key.berlin.{CLOUD_ID}"  # as the emulator makes it
OTHER_CLIENT = "44444444-4444-4444-8444-555555555555"

# An application whose secret is the key: it signs in only if the key arrives.
SIGNS_IN = """
provider "azurestack" {
  alias         = "other"
  client_id     = "%s"
  client_secret = ephemeral.azurestack_registration_activation_key.berlin.activation_key
}
data "azurestack_registration" "munich" {
  provider = azurestack.other
  id       = "%s"
}
""" % (OTHER_CLIENT, HUB.format("munich"))

AZ_REST = """#!/usr/bin/env python3
import argparse, json, os, ssl, urllib.request
parser = argparse.ArgumentParser()
for name in ("verb", "--method", "--query", "--output", "--url"):
    parser.add_argument(name)
given = parser.parse_args()
assert (given.verb, given.output) == ("rest", "tsv")
request = urllib.request.Request(
    given.url.replace("https://management.azure.com", os.environ["SERVICE"]),
    method=given.method.upper(), headers={"Authorization": "Bearer " + os.environ["TOKEN"]})
context = ssl.create_default_context(cafile=os.environ["CA"])
print(json.load(urllib.request.urlopen(request, context=context))[given.query])
"""


def opens(identity=f'"{HUB.format("berlin")}"'):
    return ('ephemeral "azurestack_registration_activation_key" "berlin" {\n'
            f"  registration_id = {identity}\n}}\n")


class ActivationKey(harness.Case):
    emulator_config = {
        "applications": [
            {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET},
            {"tenant_id": TENANT, "client_id": OTHER_CLIENT, "client_secret": KEY},
        ],
        "registrations": [
            {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": name,
             "cloud_id": CLOUD_ID} for name in ("berlin", "munich")
        ],
    }

    def setUp(self):
        super().setUp()
        self.need("an ephemeral resource", terraform=(1, 10), tofu=(1, 11))
        self.workspace.secrets.append(KEY)
        self.workspace.tokens_each = 2  # one for each provider block

    def keys_asked(self):
        return [call for call in self.emulator.calls() if call.endswith("/getactivationkey")]

    def test_it_reaches_a_provider_block_and_nothing_else(self):
        self.workspace.write(opens() + SIGNS_IN)
        log = os.path.join(self.workspace.dir, "trace.log")
        self.workspace.run("plan", "-no-color", "-out=saved", TF_LOG="TRACE", TF_LOG_PATH=log)
        self.workspace.run("apply", "-no-color", "saved", TF_LOG="TRACE", TF_LOG_PATH=log)
        # OpenTofu opens nothing in an apply that has nothing to do.
        self.assertEqual(set(self.keys_asked()), {f"POST {HUB.format('berlin')}/getactivationkey"})
        self.assertIn("/getactivationkey", harness.read(log))
        self.assertEqual([r["type"] for r in self.workspace.state()["resources"]], ["azurestack_registration"])
        # tearDown looks for the key in the outputs, the log, the plan and the state.

    def test_the_command_for_other_hosts_prints_the_key(self):
        """`az rest` as its manual has it: a request with a token of the signed-in account."""
        page = harness.read(harness.TOP, "docs", "ephemeral-resources", "registration_activation_key.md")
        command = re.search(r"^```shell\n(.*?)^```", page, re.M | re.S)[1]
        for word, value in (("SUBSCRIPTION", SUBSCRIPTION), ("GROUP", "azurestack"), ("NAME", "berlin")):
            command = command.replace(word, value)
        folder = os.path.join(self.workspace.root, "tools")
        os.mkdir(folder)
        harness.write(os.path.join(folder, "az"), AZ_REST)
        os.chmod(os.path.join(folder, "az"), 0o755)
        token = self.emulator.control.ask("access-token", {"tenant_id": TENANT, "client_id": CLIENT})
        found = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True,
                               env={"PATH": f"{folder}:{os.environ['PATH']}", "SERVICE": self.emulator.url,
                                    "TOKEN": token["access_token"], "CA": self.emulator.file("ca.pem")})
        self.assertEqual(found.stdout.strip(), KEY)

    def test_an_id_that_the_plan_does_not_know_is_opened_at_apply(self):
        self.check_asked_at_apply(f'resource "terraform_data" "hub" {{\n  input = "{HUB.format("berlin")}"\n}}\n',
                                  "terraform_data.hub.output", len(KEY))

    def test_a_registration_that_the_same_run_makes_is_asked_at_apply(self):
        hub = {"name": "hamburg", "resource_group_name": "azurestack", "subscription_id": SUBSCRIPTION,
               "registration_token_in_state": harness.registration_token(CLOUD_ID)}
        self.check_asked_at_apply(f'resource "azurestack_registration" "hub" {{\n{harness.hcl(hub)}}}\n',
                                  "azurestack_registration.hub.id", len(KEY) + 1)

    def check_asked_at_apply(self, parent, registration_id, length):
        self.workspace.write(parent + opens(registration_id) + 'resource "terraform_data" "uses" {\n  provisioner "local-exec" {\n'
            '    command     = "printf %s \\"$KEY\\" | wc -c >length"\n    environment = {\n'
            "      KEY = ephemeral.azurestack_registration_activation_key.berlin.activation_key\n    }\n  }\n}\n")
        self.workspace.run("plan", "-no-color", "-out=saved")
        self.assertEqual(self.keys_asked(), [])
        self.workspace.run("apply", "-no-color", "saved")
        self.assertEqual((len(self.keys_asked()), int(self.workspace.read("length"))), (1, length))
