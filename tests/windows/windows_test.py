# What Windows does in its own way: az.cmd, Ctrl-C, paths, the port, the end of processes.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import re
import shutil
import signal
import time

import harness
import sign_in
import sign_in_methods_test
from harness import CLIENT, TENANT, wait_for

ADDRESS = "azurestack_customer_subscription.tenant"
TOKENS = "C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens"
FOREIGN = "Контосо ünd Söhne & Co (東京)"


def windows_path(path):
    return "Z:" + path.replace("/", "\\")


class SignIn(sign_in.SignInCase):
    def az(self, folder, answer, more=""):
        """The Azure CLI as Windows has it: a batch file."""
        os.makedirs(folder)
        harness.write(os.path.join(folder, "answer"), answer)
        for name in "az", "az.ps1":  # which are beside it, and which Windows does not start
            harness.write(os.path.join(folder, name), "exit 9")
        with open(os.path.join(folder, "az.cmd"), "w", encoding="utf-8", newline="\r\n") as stream:
            stream.write(f'@echo off\necho %*>>"%~dp0calls"\nset >>"%~dp0environment"\n{more}\n'
                         'type "%~dp0answer"\n')
        self.workspace.environment.update(ARM_USE_CLI="true", WINEPATH=windows_path(folder))
        self.workspace.environment.pop("ARM_CLIENT_ID", None)

    def answer(self):
        token = self.emulator.control.ask("access-token", {"tenant_id": TENANT, "client_id": CLIENT})
        return json.dumps({"accessToken": token["access_token"], "expires_on": token["expires_on"],
                           "tenant": TENANT, "tokenType": "Bearer"})

    def test_az_cmd(self):
        for i, name in enumerate(("bin", "Program Files (x86)", "R&D %PATH", FOREIGN)):
            with self.subTest(folder=name):
                folder = os.path.join(self.workspace.root, name)
                self.az(folder, self.answer())
                self.workspace.environment.update(
                    {f"NOT_SECRET_{i}": str(i) for i in range(40)},
                    ARM_CLIENT_SECRET="canary-of-the-environment")
                if "%" in name:
                    self.workspace.plan(expect=1).says("Windows runs a batch file with cmd.exe")
                    continue
                self.workspace.plan(expect=2)
                calls = harness.read(folder, "calls")
                self.assertIn(f'"--tenant" "{TENANT}"', calls)
                self.assertIn("https://management.azure.com", calls)
                with open(os.path.join(folder, "environment"), "rb") as stream:  # cmd's code page
                    names = re.findall(rb"NOT_SECRET_(\d+)=\1\s|(canary)", stream.read())
                self.assertEqual(set(names), {(b"%d" % i, b"") for i in range(40)})

    def test_az_cmd_fails(self):
        self.az(os.path.join(self.workspace.root, "bin"), "", more="echo Please run 'az login' 1>&2\nexit /b 1")
        self.workspace.plan(expect=1).says("Azure CLI", "az.cmd", "Please run 'az login'")

    def test_az_cmd_that_never_ends_ends_with_the_run(self):
        self.az(os.path.join(self.workspace.root, "bin"), self.answer(),
                more="ping -n 600 127.0.0.1 >nul")
        process = self.workspace.start("plan", "-no-color")
        wait_for("az.cmd", lambda: os.path.exists(os.path.join(self.workspace.root, "bin", "calls")))
        os.killpg(process.pid, signal.SIGINT)
        self.assertNotEqual(self.workspace.finish(process).status, 0)

    def test_certificate_in_a_folder_with_a_foreign_name(self):
        folder = os.path.join(self.workspace.root, FOREIGN)
        os.mkdir(folder)
        path = os.path.join(folder, "ours.pfx")
        shutil.copy(self.ours.pfx(sign_in.PASSWORD), path)
        self.signs_in("client certificate", ARM_CLIENT_CERTIFICATE_PATH=windows_path(path),
                      ARM_CLIENT_CERTIFICATE_PASSWORD=sign_in.PASSWORD)


class AzureArc(sign_in_methods_test.AzureArc):
    def name_key(self, name):
        self.emulator.control.ask("identity", {"place": "azure_arc", "client_id": CLIENT,
                                               "key_file": name})

    def put_key(self, *folders):
        """In this folder of the agent's, and its path as Windows has it."""
        agent = os.path.join(os.environ["WINEPREFIX"], "drive_c", "ProgramData",
                             "AzureConnectedMachineAgent")
        inner = os.path.join(agent, "Tokens", *folders)
        os.makedirs(inner)
        self.addCleanup(shutil.rmtree, agent)
        harness.write(os.path.join(inner, "a.key"), sign_in.ARC_KEY)
        return "\\".join((TOKENS, *folders, "a.key"))

    def test_a_machine_signs_in_with_the_key_of_its_agent(self):
        self.name_key(self.put_key().replace("ProgramData", "PROGRAMDATA"))  # a case is as good
        self.workspace.tokens_each = 2
        self.signs_in("managed identity, azure_arc")

    def test_a_file_of_another_user_is_not_sent(self):
        self.put_key("inner")
        for name in ("inner\\a.key", "inner/a.key", "..\\a.key", "a.txt:a.key", ".key"):
            with self.subTest(name):
                self.name_key(f"{TOKENS}\\{name}")
                self.fails("The Azure Arc", f"is not a .key file in {TOKENS}", asks=True)
                self.expect_nothing_sent("authorization")


class Drift(harness.Case):
    def test_drift_is_shown_and_repaired_and_an_import_is_settled(self):
        self.workspace.write(self.tenant())
        self.workspace.apply()
        self.emulator.unmap(self.id_of())
        self.workspace.plan(expect=2).says("1 to add")
        self.workspace.apply()
        self.workspace.expect_settled()
        self.workspace.forget(ADDRESS)
        self.workspace.run("import", "-no-color", ADDRESS, self.id_of())
        self.workspace.expect_settled()


class Paths(harness.Case):
    def test_the_system_s_certificate_store_does_not_know_the_emulator(self):
        """Without SSL_CERT_FILE the store of Windows decides: it is read, and this is not in it."""
        del self.workspace.environment["SSL_CERT_FILE"]
        self.workspace.write(self.tenant())
        self.workspace.apply(expect=1).says("the certificate store of Windows")

    def test_a_long_and_foreign_path(self):
        inner = os.path.join(self.workspace.root, FOREIGN, *["a folder with a rather long name"] * 8)
        os.makedirs(inner)
        bundle = os.path.join(inner, "ca.pem")
        shutil.copy(self.emulator.file("ca.pem"), bundle)
        self.assertGreater(len(windows_path(bundle)), 260)
        self.workspace.write(self.tenant())
        self.workspace.environment["SSL_CERT_FILE"] = windows_path(bundle)
        self.workspace.apply()
        del self.workspace.environment["SSL_CERT_FILE"]
        self.workspace.write(self.tenant(), provider='provider "azurestack" {\n  ca_bundle = '
                             f'{json.dumps(windows_path(bundle), ensure_ascii=False)}\n}}\n')
        self.workspace.expect_settled()


class End(harness.Case):
    def start_until_put(self):
        self.workspace.write(self.tenant())
        self.emulator.switch(latency_ms=3000, latency_on="PUT")
        process = self.workspace.start("apply", "-no-color", "-auto-approve")
        wait_for("the PUT", lambda: "PUT" in self.emulator.kinds() or process.poll() is not None)
        return process

    def test_a_killed_host_takes_the_provider_with_it(self):
        process = self.start_until_put()
        self.assertEqual(len(self.workspace.providers()), 1)
        os.kill(process.pid, signal.SIGKILL)
        began = time.monotonic()
        wait_for("the provider's end", lambda: not self.workspace.providers())
        self.assertLess(time.monotonic() - began, 20)
        self.workspace.finish(process)

    def test_the_port_is_in_the_host_s_range(self):
        process = self.start_until_put()
        # gRPC listens on 127.0.0.1 by a socket of IPv6.
        ports = [int(line.split()[1].split(":")[1], 16)
                 for line in harness.read("/proc/net/tcp6").splitlines()[1:]
                 if line.split()[1].startswith("0000000000000000FFFF00000100007F:")
                 and line.split()[3] == "0A"]
        self.assertTrue(any(10000 <= port <= 25000 for port in ports), ports)
        self.workspace.finish(process)
