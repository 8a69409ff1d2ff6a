# What the acceptance tests share: a host (terraform, tofu), the emulator, a workspace.
#
# Real parts only: the CLI that a user runs, the provider binary from a filesystem mirror, the
# emulator over HTTPS. Tests assert on the emulator's log, not on exit codes alone.
# SPDX-License-Identifier: MPL-2.0
import atexit
import base64
import functools
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
import urllib.parse
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "emulator"))
from control import Control  # noqa: E402  (the emulator's own client)

PROVIDER = os.environ["PROVIDER_BINARY"]
EMULATOR = os.environ["EMULATOR_BINARY"]
IS_WINDOWS = PROVIDER.endswith(".exe")  # and runs under wine, as tests/windows/run prepares it
VERSION = subprocess.run([*(["wine"] if IS_WINDOWS else []), PROVIDER, "--version"],
                         capture_output=True, text=True, check=True).stdout.split()[-1]
PLATFORM = ("windows_amd64" if IS_WINDOWS else
            "linux_" + {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine])

TENANT = "33333333-3333-4333-8333-333333333333"
CLIENT = "44444444-4444-4444-8444-444444444444"
SECRET = "canary/secret+with%odd&chars=1"
SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
HUB = (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/azurestack/providers"
       "/Microsoft.AzureStack/registrations/{}")
CUSTOMER = "11111111-2222-4333-8444-5555555555{:02d}"

NEEDS_INIT = ("apply", "destroy", "import", "plan", "query", "refresh", "state", "validate")
CONTOSO, FABRIKAM = (f"{digit * 8}-3333-4444-8555-666666666666" for digit in "29")
HUB_SUBSCRIPTION = "AAAAAAAA-1111-4111-8111-11111111111A"

WAIT_S = 60  # for something that should happen at once; never waited out by a good run
RUN_S = 150  # for one run of the CLI


def hosts():
    """The CLIs to test with: the one on PATH, and those that TF_HOSTS names (programs, or
    directories that hold one)."""
    found = [] if IS_WINDOWS else [shutil.which("terraform") or shutil.which("tofu")]
    for path in os.environ.get("TF_HOSTS", "").split():
        if os.path.isdir(path):
            path = next((p for p in (os.path.join(path, name) for name in ("terraform", "tofu"))
                         if os.path.exists(p)), path)
        if os.path.isdir(path) or not os.access(path, os.X_OK):
            sys.exit(f"TF_HOSTS names {path}, which is not a program")
        found.append(path)
    return list(dict.fromkeys(path for path in found if path))


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as stream:
        return stream.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def wait_for(what, condition):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {WAIT_S} s for {what}")


def sign_in_kind(event):
    """What a REQUEST is as a part of signing in: TOKEN, OIDC; None: it is ARM's."""
    if "/oauth2/" in event["path"] or event["path"].startswith("/msi/"):
        return "TOKEN"
    return "OIDC" if event["path"].startswith(("/github/", "/azure_devops/")) else None


def is_tenant_question(event):
    """A REQUEST without a token, for the tenant of a subscription."""
    return re.fullmatch(r"/subscriptions/[^/?]*\?.*", event["path"]) is not None


class Emulator:
    """One emulator process with its own directory; it goes when this process goes."""

    def __init__(self, config=None):
        self.dir = tempfile.mkdtemp(prefix="emulator-")
        world = {
            "applications": [{"tenant_id": tenant, "client_id": CLIENT, "client_secret": SECRET}
                             for tenant in (TENANT, "adfs")],
            "registrations": [
                {"subscription_id": SUBSCRIPTION, "resource_group": "azurestack", "name": name}
                for name in ("berlin", "munich")
            ],
        }
        world.update(config or {})
        path = self.file("config.json")
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(world, stream)
        self.process = subprocess.Popen(
            [EMULATOR, "--dir", self.dir, "--config", path, "--machine-port", "0",
             "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL)
        wait_for("the emulator", lambda: os.path.exists(self.file("port"))
                 or self.process.poll() is not None)
        with open(self.file("port"), encoding="utf-8") as stream:
            self.url = f"https://localhost:{stream.read().strip()}"
        with open(self.file("machine-port"), encoding="utf-8") as stream:
            self.machine = f"http://127.0.0.1:{stream.read().strip()}"
        self.control = Control(self.dir)
        self.position = self.test_position = 0

    def file(self, name):
        return os.path.join(self.dir, name)

    def hub(self, name):
        """Of the hub's administrators."""
        return self.url.replace("localhost", f"adminmanagement.{name}.localhost")

    def partner_center(self):
        """The variables of a provider that asks Partner Center here, as an application alone."""
        return {"AZURESTACK_PARTNER_TENANT_ID": TENANT,
                "AZURESTACK_PARTNER_AUDIENCE": "https://api.partnercenter.microsoft.com",
                "AZURESTACK_PARTNER_ENDPOINT": self.url.replace("localhost", "partner.localhost")}

    def fill_hub(self, name):
        """A directory that is let in, and two subscriptions; GUIDs in capitals, as hubs print some,
        and an ID that is none."""
        def put(identity, **members):
            self.control.ask("hub-object", {"hub": name, "id": identity, **members})
        own = next(one["subscription_id"] for one in self.control.ask("hubs")
                   if one["name"] == name)
        base, admin = f"/subscriptions/{own}", "/providers/Microsoft.Subscriptions.Admin"
        for guid, title, tenant in ((HUB_SUBSCRIPTION, "Contoso", CONTOSO),
                                    ("not-hexadecimal", "Other", FABRIKAM)):
            put(f"{base}{admin}/subscriptions/{guid}", subscriptionId=guid, displayName=title,
                tenantId=tenant.upper(), owner="a@contoso.onmicrosoft.com", state="Enabled",
                offerId=f"{base}/resourceGroups/offers{admin}/offers/standard",
                routingResourceManagerType="Default", delegatedProviderSubscriptionId=own)
        put(f"{base}/resourceGroups/system.{name}{admin}/directoryTenants/contoso.onmicrosoft.com",
            name="contoso.onmicrosoft.com", location=name,
            properties={"tenantId": CONTOSO.upper()})

    def stop(self):
        self.process.terminate()
        status = self.process.wait(WAIT_S)
        second = self.read_second()
        shutil.rmtree(self.dir)
        if status != 0:
            raise AssertionError(f"the emulator ended with {status}")
        if second:
            raise AssertionError(f"the listener that must not be contacted was contacted: {second}")

    def read_second(self):
        try:
            with open(self.file("canary.log"), encoding="utf-8") as stream:
                return stream.read()
        except FileNotFoundError:
            return ""

    # --- the log ---------------------------------------------------------------------------

    def all_events(self):
        # What has no end yet is still being written.
        with open(self.file("requests.log"), encoding="utf-8") as stream:
            return [json.loads(line) for line in stream.read().split("\n")[:-1]]

    def events(self, kind=None):
        """Everything logged since mark()."""
        return [event for event in self.all_events()[self.position:]
                if kind in (None, event["event"])]

    def mark(self):
        self.position = len(self.all_events())

    def requests(self, tokens=False):
        """The REQUEST events since mark(); those of signing in only when asked for."""
        return [event for event in self.events("REQUEST") if tokens or not sign_in_kind(event)]

    def calls(self, tokens=False):
        """What arrived since mark(): ["GET …/customerSubscriptions/x", "PUT …", "TOKEN", …]."""
        return [sign_in_kind(event) or f'{event["method"]} {event["path"].split("?")[0]}'
                for event in self.requests(tokens)]

    def kinds(self):
        """The methods of those that are about one mapping; a plan's questions about the
        registration and the list of its mappings are left out, see calls()."""
        return [call.split()[0] for call in self.calls() if "/customerSubscriptions/" in call]

    def writes(self):
        """The calls since mark() that change something."""
        return [call for call in self.calls() if call.split()[0] not in ("GET", "HEAD")
                and not call.endswith("/checkIdentityHealth")]

    def rejected(self):
        return self.events("REJECTED")

    # --- the control interface ---------------------------------------------------------------------

    def reset(self):
        self.control.ask("reset", {})

    def switch(self, **values):
        self.control.ask("switches", values)

    def fault(self, match, what, **more):
        self.control.ask("faults", [{"match": match, "what": what, **more}])

    def reset_faults(self):
        self.control.ask("faults", [])

    def map(self, identity, tenant=None):
        self.control.ask("map", {"id": identity, **({"tenant_id": tenant} if tenant else {})})

    def unmap(self, identity):
        self.control.ask("unmap", {"id": identity})

    def mappings(self):
        """What the service holds: id, in its own case -> tenant id."""
        return {m["id"]: m["tenant_id"] for m in self.control.ask("mappings")}

    def tenant_of(self, customer):
        return self.control.ask("tenant", {"subscription_id": customer})["tenant_id"]

    def registration(self, name, **members):
        self.control.ask("registration", {"name": name, **members})

    def registrations(self):
        return self.control.ask("registrations")

    def forget_registration(self, name):
        self.control.ask("forget-registration", {"name": name})

    def subscription(self, customer, **members):
        self.control.ask("subscription", {"subscription_id": customer, **members})


def hcl(rows, indent="  "):
    """Arguments with these values, which JSON and HCL write in the same way."""
    return "".join(f"{indent}{name} = {json.dumps(value)}\n" for name, value in rows.items())


def provider_block(**rows):
    return f'provider "azurestack" {{\n{hcl(rows)}}}\n'


def registration_token(cloud_id, model="PayAsYouUse", expires_on=4102444800):
    """As a hub of the emulator issues it."""
    facts = {"cloudId": cloud_id, "billingModel": model, "expiresOn": expires_on}
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def install_mirror(directory):
    """The provider where `init` finds it: both public hosts, unpacked layout; packed for Windows,
    since wine says that it made a link and did not."""
    for host in ("registry.terraform.io", "registry.opentofu.org"):
        if IS_WINDOWS:
            place = os.path.join(directory, host, "azurestack-csp", "azurestack")
            os.makedirs(place)
            with zipfile.ZipFile(f"{place}/terraform-provider-azurestack_{VERSION}_{PLATFORM}.zip",
                                 "w") as archive:
                archive.write(PROVIDER, f"terraform-provider-azurestack_v{VERSION}.exe")
            continue
        place = os.path.join(directory, host, "azurestack-csp", "azurestack", VERSION, PLATFORM)
        os.makedirs(place)
        os.symlink(PROVIDER, os.path.join(place, f"terraform-provider-azurestack_v{VERSION}"))


def secret_forms(secret):
    """How a secret may be written: as it is, in JSON, in a form, in base64, in hex."""
    data = secret.encode()
    return [secret, json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe=""),
            urllib.parse.quote_plus(secret), data.hex(), data.hex().upper(),
            base64.b64encode(data).decode().rstrip("=")]


def contents(path):
    """(name, bytes) of a file; of each file in it when it is an archive, as saved plans are."""
    if os.path.islink(path) or not os.path.isfile(path):
        return
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path}:{name}", archive.read(name)
        return
    with open(path, "rb") as stream:
        yield path, stream.read()


class Result:
    def __init__(self, status, output):
        self.status = status
        self.output = output
        # Diagnostics are drawn in a frame and wrapped: one line, single spaces.
        self.text = " ".join(re.sub(r"[│╷╵]", " ", output).split())

    def says(self, *words):
        for word in words:
            if word not in self.text:
                raise AssertionError(f"it does not say {word!r}:\n{self.output}")
        return self


_mirror = []


def mirror():
    """One for all workspaces of this process."""
    if not _mirror:
        _mirror.append(tempfile.mkdtemp(prefix="mirror-"))
        atexit.register(shutil.rmtree, _mirror[0])
        install_mirror(_mirror[0])
    return _mirror[0]


def is_provider(pid):
    if not IS_WINDOWS:  # the name alone: PROVIDER may be a script that starts it
        return os.path.basename(os.path.realpath(f"/proc/{pid}/exe")) == \
            os.path.basename(os.path.realpath(PROVIDER))
    # The program of the process is wine's.
    with open(f"/proc/{pid}/cmdline", "rb") as stream:
        return b"terraform-provider-azurestack" in stream.read()


def state_of(directory):
    """As its state file has it; None: there is none, or the host made it only to lock it."""
    path = os.path.join(directory, "terraform.tfstate")
    return json.loads(read(path)) if os.path.exists(path) and os.path.getsize(path) else None


def resources_of(directory):
    """Address -> attributes, and beside them "mark": None or "tainted"."""
    found = {}
    for resource in (state_of(directory) or {"resources": []})["resources"]:
        for instance in resource["instances"]:
            key = instance.get("index_key")
            address = f'{resource["type"]}.{resource["name"]}'
            if key is not None:
                address += f"[{json.dumps(key)}]"
            found[address] = {**instance["attributes"], "mark": instance.get("status")}
    return found


class Workspace:
    """A configuration directory with its own TMPDIR and environment."""

    def __init__(self, host, emulator, environment=None):
        self.host = host
        self.emulator = emulator
        self.root = tempfile.mkdtemp(prefix="workspace-")
        self.dir = os.path.join(self.root, "configuration")
        self.tmp = os.path.join(self.root, "tmp")
        os.makedirs(self.dir)
        os.makedirs(self.tmp)
        with open(os.path.join(self.root, "cli.tfrc"), "w", encoding="utf-8") as stream:
            stream.write("disable_checkpoint = true\nprovider_installation {\n"
                         f'  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\n')
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
        self.printed = []
        self.secrets = [SECRET]  # and what a test adds
        self.is_installed = True  # by init; not with a development override
        self.tokens_each = 1  # how many tokens one process needs: one for each tenant

    def write(self, text, provider='provider "azurestack" {}\n', name="main.tf"):
        head = ('terraform {\n  required_providers {\n    azurestack = {\n'
                '      source = "azurestack-csp/azurestack"\n    }\n  }\n}\n')
        self.put(name, (head + provider if name == "main.tf" else "") + text)

    def put(self, name, text):
        """A file of the configuration's directory."""
        write(os.path.join(self.dir, name), text)

    def read(self, name):
        return read(self.dir, name)

    def start(self, *arguments, **environment):
        is_new = not os.path.exists(os.path.join(self.dir, ".terraform"))
        if self.is_installed and is_new and arguments[0] in NEEDS_INIT:
            self.init()
        return subprocess.Popen(
            [self.host, *arguments], cwd=self.dir, env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)

    def finish(self, process):
        try:
            output, _ = process.communicate(timeout=RUN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            raise AssertionError(f"it did not end within {RUN_S} s:\n{output}") from None
        self.printed.append(output)
        return Result(process.returncode, output)

    def run(self, *arguments, expect=0, **environment):
        """Runs the CLI; what no run may do, whatever it is for, is looked at here."""
        before = len(self.emulator.all_events())
        result = self.finish(self.start(*arguments, **environment))
        if expect is not None and result.status != expect:
            raise AssertionError(f"{' '.join(arguments)} ended with {result.status}, not "
                                 f"{expect}:\n{result.output}")
        events = self.emulator.all_events()[before:]
        requests = [event for event in events if event["event"] == "REQUEST"]
        tokens = [event for event in requests if sign_in_kind(event) == "TOKEN"]
        # One token for each process that calls: one plans, one applies, and one refreshes
        # before a destroy is planned. Another for each 401.
        processes = 1 if arguments[0] not in ("apply", "destroy") or arguments[-1] == "saved" else 2
        processes += arguments[0] == "destroy" or "-destroy" in arguments
        refused = [event for event in events if event["event"] == "ANSWER"
                   and event["status"] == 401 and tokens
                   and event["request"] not in [request["n"] for request in requests
                                                if request in tokens or is_tenant_question(request)]]
        if len(tokens) > processes * self.tokens_each + len(refused):
            raise AssertionError(f"{len(tokens)} tokens for {processes} processes")
        if arguments[0] in ("init", "validate") and requests:
            raise AssertionError(f"{arguments[0]} called the service: {requests}")
        return result

    def execute(self, *words, status=0, **environment):
        """Another program than the host, in the same place. `status` None: any."""
        done = subprocess.run(words, cwd=self.dir, env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=RUN_S)
        self.printed += [done.stdout, done.stderr]
        if status not in (None, done.returncode):
            raise AssertionError(f"{words[0]} ended with {done.returncode}, not {status}:\n"
                                 f"{done.stdout}{done.stderr}")
        return done

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
        """An apply is over when a plan has nothing to do and its refresh found no drift. Then a plan
        without a refresh and one that only refreshes find nothing either."""
        lines = self.plan("-json").output.splitlines()
        drift = [line for line in lines if json.loads(line)["type"] == "resource_drift"]
        if drift:
            raise AssertionError(f"the state is not what a read returns: {drift}")

    def state(self):
        """As the state file has it; None: there is none."""
        return state_of(self.dir)

    def outputs(self):
        """Their values, by name."""
        return {name: output["value"] for name, output in self.state()["outputs"].items()}

    def lose_state(self):
        for name in ("terraform.tfstate", "terraform.tfstate.backup"):
            if os.path.exists(os.path.join(self.dir, name)):
                os.remove(os.path.join(self.dir, name))

    def put_state(self, state):
        self.put("terraform.tfstate", json.dumps({**state, "serial": state["serial"] + 1}))

    def instance(self):
        """The first one of the state: "attributes", "identity", …"""
        return self.state()["resources"][0]["instances"][0]

    def resources(self):
        """Address -> attributes, and beside them "mark": None or "tainted"."""
        return resources_of(self.dir)

    def forget(self, address):
        """Takes it out of the state; the service is not asked."""
        self.run("state", "rm", address)

    def processes(self):
        """Those that were started from here, directly or not: they have its TMPDIR."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as stream:
                    environment = stream.read()
            except OSError:
                continue
            if self.tmp.encode() in environment and int(pid) != os.getpid():
                yield int(pid)

    def providers(self):
        """Of those, the ones that are a provider."""
        return [pid for pid in self.processes() if is_provider(pid)]

    def leftovers(self):
        """Sockets, directories and processes that should be gone."""
        files = [name for name in os.listdir(self.tmp) if not name.startswith("wine-")]  # wine's own
        return files + [f"process {pid}" for pid in self.processes()]

    def secrets_seen(self):
        """Where a secret, a token or an assertion turned up although it must not."""
        forms = [form for secret in self.secrets for form in secret_forms(secret)]
        ask = self.emulator.control.ask
        tokens = [token["text"] for token in ask("tokens") + ask("oidc-tokens")]
        for text in tokens + ask("assertions"):
            # The whole of it, and parts: one would be enough to recognise it by.
            forms += [text, text[40:80], text[-40:]]
        found = [f"output {i}: {form[:12]}…" for i, text in enumerate(self.printed)
                 for form in forms if form in text]
        for folder, _, names in os.walk(self.dir, followlinks=False):
            for name in names:
                for part, data in contents(os.path.join(folder, name)):
                    found += [f"{part}: {form[:12]}…" for form in forms if form.encode() in data]
        return found

    def remove(self):
        shutil.rmtree(self.root)


class Case(unittest.TestCase):
    """Tests with one emulator, which begins afresh for each, and a workspace each; a class runs
    once for every host."""

    emulator_config = None
    expects_rejections = False

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(cls.emulator_config)

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.emulator.reset()
        self.emulator.mark()
        self.emulator.test_position = self.emulator.position
        self.workspace = Workspace(self.host, self.emulator)
        self.addCleanup(self.workspace.remove)

    def tearDown(self):
        if not self.expects_rejections:
            self.emulator.position = self.emulator.test_position
            self.assertEqual(self.emulator.rejected(), [], "the service was called wrongly")
        try:
            wait_for("leftovers to go", lambda: not self.workspace.leftovers())
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.workspace.leftovers()}") from None
        self.assertEqual(self.workspace.secrets_seen(), [], "a secret was shown")

    def need(self, what, terraform=None, tofu=None):
        """Skips where the host cannot do it: the first release of each that can; None: none."""
        program, release = product_of(self.host)
        first = {"terraform": terraform, "tofu": tofu}[program]
        if first is None or release < first:
            since = " or ".join(f"{name} {'.'.join(map(str, number))}" for name, number in
                                (("terraform", terraform), ("tofu", tofu)) if number)
            self.skipTest(f"{what} needs {since}; this is {name_of(self.host)}")

    def tenant(self, name="tenant", hub="berlin", customer=1, more=""):
        return (f'resource "azurestack_customer_subscription" "{name}" {{\n'
                f'  registration_id          = "{HUB.format(hub)}"\n'
                f'  customer_subscription_id = "{CUSTOMER.format(customer)}"\n{more}}}\n')

    def ask(self, kind, provider='provider "azurestack" {}\n', expect=0, **arguments):
        """What a data source finds; where it is to fail, the result of the apply."""
        self.workspace.write(f'data "azurestack_{kind}" "it" {{\n{hcl(arguments)}}}\n'
                             f'output "it" {{\n  value = data.azurestack_{kind}.it\n}}\n',
                             provider=provider)
        result = self.workspace.apply(expect=expect)
        return result if expect else self.workspace.outputs()["it"]

    def id_of(self, hub="berlin", customer=1):
        return f"{HUB.format(hub)}/customerSubscriptions/{CUSTOMER.format(customer)}"


@functools.lru_cache
def name_of(host):
    """"terraform 1.11.4", as the program itself says it."""
    shown = json.loads(subprocess.run([host, "version", "-json"], capture_output=True, check=True,
                                      text=True, cwd="/", env={"PATH": os.environ["PATH"]}).stdout)
    return f"{os.path.basename(host)} {shown['terraform_version']}"


def product_of(host):
    """("terraform", (1, 11)): which program it is, whatever its file is called, and its release."""
    shown = subprocess.run([host, "version"], capture_output=True, check=True, text=True, cwd="/",
                           env={"PATH": os.environ["PATH"]}).stdout
    found = re.search(r"^(Terraform|OpenTofu) v(\d+)\.(\d+)", shown, re.M)
    return ("terraform" if found[1] == "Terraform" else "tofu", (int(found[2]), int(found[3])))


def main(module):
    """Runs the cases of a module for each host, or one part of them: TEST_PART=1/4."""
    suite = unittest.TestSuite()
    found = hosts()
    if not found:
        sys.exit("neither terraform nor tofu is on PATH: install one to run these tests")
    for host in found:
        label = name_of(host)
        for name, item in list(vars(module).items()):
            if not (isinstance(item, type) and issubclass(item, Case) and item is not Case):
                continue
            case = type(f"{name}[{label}]", (item,), {"host": host})
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    pattern = os.environ.get("TEST_NAME")
    if pattern:
        suite = unittest.TestSuite(t for t in suite if pattern in t.id())
    part, parts = map(int, os.environ.get("TEST_PART", "1/1").split("/"))
    suite = unittest.TestSuite(list(suite)[part - 1::parts])
    if suite.countTestCases() == 0:
        sys.exit("no test to run")
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(not result.wasSuccessful())
