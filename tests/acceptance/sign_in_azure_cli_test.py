# Signing in as the Azure CLI is: a script in its place that answers, is slow, fails, never ends.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import signal
import sys
import time

import harness
import sign_in
from harness import CLIENT, TENANT, wait_for

SCRIPT = """#!/bin/sh
echo "$*" >> '{folder}/calls'
env > '{folder}/environment'
{more}
cat '{folder}/answer'
"""

FRESH = f"""
import json, sys
sys.path.insert(0, {os.path.join(os.path.dirname(harness.HERE), "emulator")!r})
from control import Control
token = Control(sys.argv[1]).ask("access-token", {{"tenant_id": {TENANT!r}, "client_id": {CLIENT!r}}})
print(json.dumps({{"accessToken": token["access_token"], "expires_on": token["expires_on"]}}))
"""


class CliCase(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        self.bin = os.path.join(self.workspace.root, "bin")
        os.mkdir(self.bin)
        self.file("calls", "")
        self.workspace.environment.update(
            ARM_USE_CLI="true", PATH=f"{self.bin}:{self.workspace.environment['PATH']}")
        # A person's own machine: the CLI knows who it is.
        del self.workspace.environment["ARM_CLIENT_ID"]

    def az(self, more="", answer=None):
        """Puts the script in place, and what it answers."""
        path = os.path.join(self.bin, "az")
        harness.write(path, SCRIPT.format(folder=self.workspace.root, more=more))
        os.chmod(path, 0o755)
        self.file("answer", json.dumps(answer or self.answer()))

    def answer(self, **changes):
        token = self.emulator.control.ask("access-token", {"tenant_id": TENANT,
                                                           "client_id": CLIENT})
        ends = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.localtime(token["expires_on"]))
        answer = {"accessToken": token["access_token"], "expiresOn": ends,
                  "expires_on": token["expires_on"], "subscription": harness.SUBSCRIPTION,
                  "tenant": TENANT, "tokenType": "Bearer", **changes}
        return {name: value for name, value in answer.items() if value is not None}

    def read(self, name):
        return harness.read(self.workspace.root, name)

    def calls(self):
        return self.read("calls").splitlines()

    def applies(self, **environment):
        """Plans and applies: two processes, one call of the CLI each; Entra is not asked."""
        self.workspace.environment.update(environment)
        self.workspace.run("plan", "-no-color", "-out=saved")
        self.assertEqual(len(self.calls()), 1)
        self.workspace.run("apply", "-no-color", "saved")
        self.assertEqual(len(self.calls()), 2)
        self.assertNotIn("TOKEN", self.emulator.calls(tokens=True))
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.expect_a_trace()


class Answers(CliCase):
    def test_the_newer_form(self):
        self.az()
        self.applies()
        for call in self.calls():
            words = call.split()
            self.assertEqual(words[:2], ["account", "get-access-token"])
            self.assertEqual(words[words.index("--resource") + 1], "https://management.azure.com")
            self.assertEqual(words[words.index("--tenant") + 1], TENANT)

    def test_it_is_asked_again_for_a_renewal(self):
        # A new token each time, as the real one gives when the old one is near its end.
        self.az(f"exec '{sys.executable}' '{self.file('az.py', FRESH)}' '{self.emulator.dir}'")
        self.renews()
        self.assertEqual(len(self.calls()), 3)

    def test_without_a_tenant_the_cli_chooses(self):
        self.az()
        del self.workspace.environment["ARM_TENANT_ID"]
        self.applies()
        self.assertNotIn("--tenant", self.calls()[0])

    def test_our_secrets_are_not_in_its_environment(self):
        self.az()
        # Incomplete as they are, none of them is a credential.
        hidden = {"ARM_CLIENT_SECRET": harness.SECRET,
                  "ARM_CLIENT_CERTIFICATE_PASSWORD": "canary-1",
                  "ARM_OIDC_TOKEN": "canary-2", "ARM_OIDC_REQUEST_TOKEN": "canary-3",
                  "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary-4", "SYSTEM_ACCESSTOKEN": "canary-5",
                  "TF_VAR_secret": "canary-6", "TF_TOKEN_app_terraform_io": "canary-7"}
        self.workspace.secrets += list(hidden.values())
        self.applies(**hidden)
        seen = self.read("environment")
        for name in ("PATH", "HOME", "ARM_TENANT_ID"):
            self.assertIn(f"{name}=", seen)
        for name, value in hidden.items():
            self.assertNotIn(name, seen)
            self.assertNotIn(value, seen + self.read("calls"))

    def test_the_switch(self):
        self.az()
        self.fails("Azure CLI: use_cli (ARM_USE_CLI) is false", ARM_USE_CLI="false")
        self.assertEqual(self.calls(), [])


class Failures(CliCase):
    def test_the_azure_cli_is_not_signed_in(self):
        self.az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
        self.workspace.write("".join(self.tenant(f"t{n}", customer=n) for n in range(1, 11)))
        result = self.fails("Please run 'az login' to setup account", "Sign in with `az login`")
        # By the plan; there is no apply.
        self.assertEqual(len(self.calls()), 1)
        self.assertEqual(result.text.count("to setup account"), 1)
        self.assertEqual(result.text.count("Another error of this run"), 0)

    def test_an_endless_one_of_the_doctor_ends_with_ctrl_c(self):
        self.az('kill -INT "$PPID"; sleep 1000 & sleep 1000')
        self.expects_rejections = True   # addresses without a path
        for how in (signal.SIG_BLOCK, signal.SIG_UNBLOCK):   # what starts the provider may block it
            signal.pthread_sigmask(how, [signal.SIGINT])
            self.workspace.execute(harness.PROVIDER, "doctor", status=-signal.SIGINT)
        self.assertEqual(len(self.calls()), 2)   # tearDown checks that no program is left

    def test_an_endless_one_ends_with_ctrl_c(self):
        self.az()
        self.workspace.run("plan", "-no-color", "-out=saved")
        # A child of its own too, which has to go with it.
        self.az("sleep 1000 & sleep 1000")
        process = self.workspace.start("apply", "-no-color", "saved")
        wait_for("the second call", lambda: len(self.calls()) == 2)
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        result = self.workspace.finish(process)
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(result.status, 1)
        self.assertEqual(self.emulator.kinds(), [])
        self.assertEqual(self.workspace.resources(), {})
        # tearDown waits for every process from here to be gone, `az` and its child too.
