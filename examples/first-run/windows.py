#!/usr/bin/env python3
# Check the provider on Windows: its start, its port, its console events, az.cmd, Windows' certificate
# store, and Terraform with it.
#
#   python examples\first-run\windows.py PROVIDER.exe TERRAFORM.exe [--online]
#
# Nothing is changed outside a temporary folder. With --online, the provider asks Microsoft Entra for a
# token of a tenant that does not exist, which tries names, proxies and certificates; without it,
# nothing is sent to another machine. The last line says whether all is well. Please put the output
# into an issue: https://github.com/azurestack-csp/terraform-provider-azurestack/issues
# On another system both programs run under wine.
# SPDX-License-Identifier: MPL-2.0
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

IS_WINDOWS = os.name == "nt"
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
CONFIGURATION = """
terraform {
  required_providers {
    azurestack = { source = "azurestack-csp/azurestack" }
  }
}
provider "azurestack" {}
output "id" {
  value = provider::azurestack::build_registration_id("00000000-0000-4000-8000-000000000001", "azurestack", "berlin")
}
"""
DATA = """
data "azurestack_registration" "it" {
  id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
}
"""
NO_TENANT = {"ARM_TENANT_ID": "00000000-0000-4000-8000-000000000009", "ARM_CLIENT_SECRET": "none",
             "ARM_CLIENT_ID": "00000000-0000-4000-8000-000000000008"}
failures = []


def check(what, is_good, shown=""):
    print(f"{'ok      ' if is_good else 'FAILED  '} {what}")
    if not is_good:
        failures.append(what)
        print("         " + "\n         ".join(str(shown).splitlines()))


def command(program, *arguments):
    return [*([] if IS_WINDOWS else ["wine"]), program, *arguments]


def environment(**more):
    """This one, without what would sign in."""
    kept = {name: value for name, value in os.environ.items()
            if not name.upper().startswith(("ARM_", "AZURE", "TF_"))}
    return {**kept, "CHECKPOINT_DISABLE": "1", **more}


def check_process(provider):
    done = subprocess.run(command(provider, "--version"), capture_output=True, text=True,
                          env=environment())
    check("it starts: " + done.stdout.strip(), done.returncode == 0, done.stderr)
    more = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if IS_WINDOWS else {}
    process = subprocess.Popen(
        command(provider), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        env=environment(TF_PLUGIN_MAGIC_COOKIE=COOKIE, PLUGIN_PROTOCOL_VERSIONS="6",
                        PLUGIN_MIN_PORT="20000", PLUGIN_MAX_PORT="20010"), **more)
    fields = process.stdout.readline().strip().split("|")
    good = fields[:3] == ["1", "6", "tcp"] and fields[3].startswith("127.0.0.1:200")
    check("it listens on 127.0.0.1 in the range of ports", good, fields)
    if good:
        with socket.create_connection(fields[3].split(":")):
            pass
        if IS_WINDOWS:
            os.kill(process.pid, signal.CTRL_BREAK_EVENT)
            time.sleep(2)
            check("it leaves Ctrl-Break to Terraform", process.poll() is None, process.poll())
    process.kill()
    process.wait()


class Terraform:
    def __init__(self, folder, provider, terraform):
        self.folder, self.terraform = folder, terraform
        version = subprocess.run(command(provider, "--version"), capture_output=True, text=True,
                                 env=environment()).stdout.split()[-1]
        for host in "registry.terraform.io", "registry.opentofu.org":
            place = os.path.join(folder, "mirror", host, "azurestack-csp", "azurestack")
            os.makedirs(place)
            packed = os.path.join(folder, "packed")
            os.makedirs(packed, exist_ok=True)
            shutil.copy(provider, os.path.join(
                packed, f"terraform-provider-azurestack_v{version}.exe"))
            shutil.make_archive(os.path.join(
                place, f"terraform-provider-azurestack_{version}_windows_amd64"), "zip", packed)
        self.write("cli.tfrc", 'provider_installation {\n  filesystem_mirror {\n    path = "'
                   + os.path.join(folder, "mirror").replace("\\", "/") + '"\n  }\n}\n')

    def write(self, name, text):
        os.makedirs(os.path.dirname(os.path.join(self.folder, name)), exist_ok=True)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)

    def run(self, *arguments, **more):
        done = subprocess.run(
            command(self.terraform, *arguments), cwd=self.folder, capture_output=True,
            encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
            env=environment(TF_CLI_CONFIG_FILE=os.path.join(self.folder, "cli.tfrc"), **more))
        return done.returncode, " ".join((done.stdout + done.stderr).replace("│", " ").split())

    def check(self):
        self.write("main.tf", CONFIGURATION)
        status, said = self.run("init", "-no-color")
        check("init installs it from a mirror", status == 0, said)
        status, said = self.run("apply", "-no-color", "-auto-approve")
        check("apply calls one of its functions", status == 0 and "registrations/berlin" in said, said)

    def check_sign_in(self, is_online):
        self.write("main.tf", CONFIGURATION + DATA)
        self.write("R and D (x86)/az.cmd", "@echo Please run az login 1>&2\n@exit /b 1\n")
        path = os.path.join(self.folder, "R and D (x86)")
        path = {"PATH": path + os.pathsep + os.environ["PATH"]} if IS_WINDOWS else {
            "WINEPATH": "Z:" + path.replace("/", "\\")}
        status, said = self.run("plan", "-no-color", ARM_USE_CLI="true", **path)
        check("it starts az.cmd in a folder with blanks",
              status == 1 and "Please run az login" in said, said)
        if is_online:
            status, said = self.run("plan", "-no-color", **NO_TENANT)
            check("it reaches Microsoft Entra with the certificates of Windows",
                  status == 1 and "AADSTS" in said, said)


def main():
    words = [word for word in sys.argv[1:] if word != "--online"]
    if len(words) != 2:
        sys.exit("usage: windows.py PROVIDER.exe TERRAFORM.exe [--online]")
    provider, terraform = map(os.path.abspath, words)
    sys.stdout.reconfigure(errors="backslashreplace")  # a file or a pipe has Windows' old code page
    print(platform.platform(), platform.machine())
    check_process(provider)
    with tempfile.TemporaryDirectory(prefix="first-run Контосо ") as folder:
        host = Terraform(folder, provider, terraform)
        host.check()
        host.check_sign_in("--online" in sys.argv)
    print(f"{len(failures)} of the checks failed" if failures else "all is well")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
