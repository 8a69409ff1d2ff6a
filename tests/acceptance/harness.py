# What the acceptance tests share: a host (terraform, tofu), the emulator, a workspace.
#
# Real parts only: the CLI that a user runs, the provider binary from a filesystem mirror, the
# emulator over HTTPS. Tests assert on the emulator's log, not on exit codes alone.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PROVIDER = os.environ["PROVIDER_BINARY"]
EMULATOR = os.environ["EMULATOR_BINARY"]
VERSION = subprocess.run([PROVIDER, "--version"], capture_output=True, text=True,
                         check=True).stdout.split()[-1]
PLATFORM = "linux_" + {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]

TENANT = "33333333-3333-4333-8333-333333333333"
CLIENT = "44444444-4444-4444-8444-444444444444"
SECRET = "canary/secret+with%odd&chars=1"
SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
HUB = (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/azurestack/providers"
       "/Microsoft.AzureStack/registrations/{}")
CUSTOMER = "11111111-2222-4333-8444-5555555555{:02d}"

WAIT_S = 60  # for something that should happen at once; never waited out by a good run


def hosts():
    """The CLIs to test with: the one on PATH, and those that TF_HOSTS names."""
    found = [shutil.which("terraform") or shutil.which("tofu")]
    for path in os.environ.get("TF_HOSTS", "").split():
        if not os.access(path, os.X_OK):
            sys.exit(f"TF_HOSTS names {path}, which is not a program")
        found.append(path)
    return [path for path in found if path]


def wait_for(what, condition):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {WAIT_S} s for {what}")


class Emulator:
    """One emulator process with its own directory."""

    def __init__(self, config=None):
        self.dir = tempfile.mkdtemp(prefix="emulator-")
        world = {
            "applications": [{"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}],
            "registrations": [
                {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": name}
                for name in ("berlin", "munich")
            ],
        }
        world.update(config or {})
        path = os.path.join(self.dir, "config.json")
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(world, stream)
        self.process = subprocess.Popen([EMULATOR, "--dir", self.dir, "--config", path],
                                        stdin=subprocess.DEVNULL)
        wait_for("the emulator", lambda: os.path.exists(self.file("port")))
        with open(self.file("port"), encoding="utf-8") as stream:
            self.url = f"https://localhost:{stream.read().strip()}"
        self.position = 0

    def file(self, name):
        return os.path.join(self.dir, name)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(WAIT_S)
        second = self.read_second()
        shutil.rmtree(self.dir)
        if status not in (0, -signal.SIGTERM):
            raise AssertionError(f"the emulator ended with {status}")
        if second:
            raise AssertionError(f"the listener that nobody may contact was: {second}")

    def read_second(self):
        try:
            with open(self.file("second.log"), encoding="utf-8") as stream:
                return stream.read()
        except FileNotFoundError:
            return ""

    def events(self):
        """Everything logged since mark()."""
        with open(self.file("requests.log"), encoding="utf-8") as stream:
            lines = stream.read().splitlines()
        return [json.loads(line) for line in lines][self.position:]

    def mark(self):
        self.position = 0
        self.position = len(self.events())

    def calls(self, tokens=False):
        """What arrived since mark(): ["GET …/customerSubscriptions/x", "PUT …", …]."""
        found = []
        for event in self.events():
            if event["event"] != "REQUEST":
                continue
            path = event["path"].split("?")[0]
            if "/oauth2/" in path:
                if tokens:
                    found.append("TOKEN")
                continue
            found.append(f'{event["method"]} {path}')
        return found

    def kinds(self):
        """The same, methods only."""
        return [call.split()[0] for call in self.calls()]

    def rejected(self):
        return [event for event in self.events() if event["event"] == "REJECTED"]

    def faults(self):
        return [event for event in self.events() if event["event"] == "FAULT"]


def install_mirror(directory):
    """The provider where `init` finds it: both public hosts, unpacked layout."""
    for host in ("registry.terraform.io", "registry.opentofu.org"):
        place = os.path.join(directory, host, "azurestack-csp", "azurestack", VERSION, PLATFORM)
        os.makedirs(place)
        os.symlink(PROVIDER, os.path.join(place, f"terraform-provider-azurestack_v{VERSION}"))


class Result:
    def __init__(self, status, output):
        self.status = status
        self.output = output
        # Diagnostics are drawn in a frame and wrapped: one line, single spaces.
        self.text = " ".join(re.sub(r"[│╷╵]", " ", output).split())


class Workspace:
    """A configuration directory with its own mirror, TMPDIR and environment."""

    def __init__(self, host, emulator, environment=None):
        self.host = host
        self.root = tempfile.mkdtemp(prefix="workspace-")
        self.dir = os.path.join(self.root, "configuration")
        self.tmp = os.path.join(self.root, "tmp")
        os.makedirs(self.dir)
        os.makedirs(self.tmp)
        install_mirror(os.path.join(self.root, "mirror"))
        with open(os.path.join(self.root, "cli.tfrc"), "w", encoding="utf-8") as stream:
            stream.write("disable_checkpoint = true\nprovider_installation {\n"
                         f'  filesystem_mirror {{\n    path = "{self.root}/mirror"\n  }}\n}}\n')
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.root,
            "TMPDIR": self.tmp,
            "TF_CLI_CONFIG_FILE": os.path.join(self.root, "cli.tfrc"),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            "ARM_TENANT_ID": TENANT,
            "ARM_CLIENT_ID": CLIENT,
            "ARM_CLIENT_SECRET": SECRET,
            "ARM_ENVIRONMENT": "custom",
            "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": emulator.url,
            "ARM_RESOURCE_MANAGER_ENDPOINT": emulator.url,
            "ARM_RESOURCE_MANAGER_AUDIENCE": "https://management.azure.com",
            "SSL_CERT_FILE": emulator.file("ca.pem"),
        }
        self.environment.update(environment or {})
        self.outputs = []

    def write(self, text, provider='provider "azurestack" {}\n', name="main.tf"):
        head = ('terraform {\n  required_providers {\n    azurestack = {\n'
                '      source = "azurestack-csp/azurestack"\n    }\n  }\n}\n')
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as stream:
            stream.write((head + provider if name == "main.tf" else "") + text)

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            [self.host, *arguments], cwd=self.dir, env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)

    def finish(self, process):
        output, _ = process.communicate(timeout=10 * WAIT_S)
        self.outputs.append(output)
        return Result(process.returncode, output)

    def run(self, *arguments, expect=0, **environment):
        result = self.finish(self.start(*arguments, **environment))
        if expect is not None and result.status != expect:
            raise AssertionError(f"{' '.join(arguments)} ended with {result.status}, not "
                                 f"{expect}:\n{result.output}")
        return result

    def init(self):
        return self.run("init", "-no-color")

    def apply(self, *arguments, expect=0, **environment):
        return self.run("apply", "-no-color", "-auto-approve", *arguments, expect=expect,
                        **environment)

    def plan(self, *arguments, expect=0, **environment):
        """0: nothing to do; 2: something; 1: an error."""
        return self.run("plan", "-no-color", "-detailed-exitcode", *arguments, expect=expect,
                        **environment)

    def destroy(self, *arguments, expect=0, **environment):
        return self.run("destroy", "-no-color", "-auto-approve", *arguments, expect=expect,
                        **environment)

    def expect_settled(self):
        """An apply is over when no kind of plan finds anything to do."""
        self.plan("-refresh=false")
        self.plan()
        self.plan("-refresh-only")

    def resources(self):
        """Address -> attributes (with "status" beside them when tainted)."""
        path = os.path.join(self.dir, "terraform.tfstate")
        if not os.path.exists(path):
            return {}
        with open(path, encoding="utf-8") as stream:
            state = json.load(stream)
        found = {}
        for resource in state["resources"]:
            for instance in resource["instances"]:
                key = instance.get("index_key")
                address = f'{resource["type"]}.{resource["name"]}'
                if key is not None:
                    address += f"[{json.dumps(key)}]"
                found[address] = {**instance["attributes"], "status": instance.get("status")}
        return found

    def leftovers(self):
        """Sockets, directories and processes that should be gone."""
        found = os.listdir(self.tmp)
        for pid in os.listdir("/proc"):
            if not pid.isdigit():
                continue
            try:
                with open(f"/proc/{pid}/environ", "rb") as stream:
                    environment = stream.read()
            except OSError:
                continue
            if self.tmp.encode() in environment and int(pid) != os.getpid():
                found.append(f"process {pid}")
        return found

    def secrets_seen(self):
        """Where the client secret turned up although it must not."""
        forms = [SECRET, json.dumps(SECRET)[1:-1],
                 "canary%2Fsecret%2Bwith%25odd%26chars%3D1"]
        found = [f"output {i}" for i, text in enumerate(self.outputs)
                 if any(form in text for form in forms)]
        for folder, _, names in os.walk(self.dir):
            for name in names:
                with open(os.path.join(folder, name), "rb") as stream:
                    data = stream.read()
                if any(form.encode() in data for form in forms):
                    found.append(name)
        return found

    def remove(self):
        shutil.rmtree(self.root)


class Case(unittest.TestCase):
    """A test with an emulator and a workspace of its own; runs once for every host."""

    emulator_config = None
    expects_rejections = False

    def setUp(self):
        self.emulator = Emulator(self.emulator_config)
        self.addCleanup(self.emulator.stop)
        self.workspace = Workspace(self.host, self.emulator)
        self.addCleanup(self.workspace.remove)

    def tearDown(self):
        if not self.expects_rejections:
            self.emulator.position = 0
            self.assertEqual(self.emulator.rejected(), [], "the service was called wrongly")
        wait_for("leftovers to go", lambda: not self.workspace.leftovers())
        self.assertEqual(self.workspace.secrets_seen(), [], "the client secret was shown")

    def tenant(self, name="tenant", hub="berlin", customer=1, more=""):
        return (f'resource "azurestack_customer_subscription" "{name}" {{\n'
                f'  registration_id          = "{HUB.format(hub)}"\n'
                f'  customer_subscription_id = "{CUSTOMER.format(customer)}"\n{more}}}\n')

    def id_of(self, hub="berlin", customer=1):
        return f"{HUB.format(hub)}/customerSubscriptions/{CUSTOMER.format(customer)}"


def main(module):
    """Runs the cases of a module for each host; says how many ran."""
    suite = unittest.TestSuite()
    found = hosts()
    if not found:
        sys.exit("neither terraform nor tofu is on PATH: install one to run these tests")
    for host in found:
        for name, item in list(vars(module).items()):
            if not (isinstance(item, type) and issubclass(item, Case) and item is not Case):
                continue
            case = type(f"{name}[{os.path.basename(host)}]", (item,), {"host": host})
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    pattern = os.environ.get("TEST_NAME")
    if pattern:
        suite = unittest.TestSuite(t for t in suite if pattern in t.id())
    if suite.countTestCases() == 0:
        sys.exit("no test to run")
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())
