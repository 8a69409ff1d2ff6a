# One emulator, one workspace, one host: what every fault run and every kill needs.
#
# Cheap on purpose, since there are many: the provider is found by a development override, so
# that no `init` is needed, and a state that a run starts from is written, not made.
# SPDX-License-Identifier: MPL-2.0
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
for folder in ("support", "acceptance"):
    sys.path.insert(0, os.path.join(TESTS, folder))
if not {"PROVIDER_BINARY", "EMULATOR_BINARY"} <= set(os.environ):
    sys.exit("needed: PROVIDER_BINARY and EMULATOR_BINARY")

import audit  # noqa: E402
import harness  # noqa: E402
from harness import CLIENT, CUSTOMER, HUB, PROVIDER, SUBSCRIPTION, TENANT, WAIT_S  # noqa: E402

PAYER = "77777777-2222-4333-8444-5555555555{:02d}"      # the tenant of CUSTOMER
SECRET = "canary/secret+with%odd&chars=\"1\""
PROXY_PASSWORD = "canary-proxy-password-4711"
FOREIGN = HUB.format("berlin") + "/customerSubscriptions/" + CUSTOMER.format(90)
HOPELESS_S = 200   # a command that is still there then hangs


def id_of(customer=1, hub="berlin"):
    return f"{HUB.format(hub)}/customerSubscriptions/{CUSTOMER.format(customer)}"


def world(customers=50):
    """Two registrations, customers with a known tenant each, and one mapping of others."""
    return {
        "applications": [{"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}],
        "registrations": [{"subscription_id": SUBSCRIPTION, "resource_group": "azurestack",
                           "name": name} for name in ("berlin", "munich")],
        "subscriptions": [{"subscription_id": CUSTOMER.format(number),
                           "tenant_id": PAYER.format(number)}
                          for number in [*range(1, customers + 1), 90]],
        "mappings": [{"id": FOREIGN, "tenant_id": PAYER.format(90)}],
    }


class Scene:
    def __init__(self, row, config=None, provider=PROVIDER):
        self.row = row
        self.program = os.environ.get("TF_HOST") or next(iter(harness.hosts()), None)
        if not self.program:
            sys.exit("needed: terraform or tofu on PATH")
        self.root = tempfile.mkdtemp(prefix="fault-")
        self.dir = self.place("configuration")
        self.tmp = self.place("tmp")
        self.logs = self.place("logs")
        os.symlink(provider, os.path.join(self.place("provider"),
                                          "terraform-provider-azurestack"))
        self.commands, self.argvs = [], set()
        self.emulator = harness.Emulator(config or row.world)
        self.control = self.emulator.control
        self.control.ask("switches", row.switches)
        self.environment = self.make_environment()
        self.write('terraform {\n  required_providers {\n    azurestack = {\n'
                   '      source = "azurestack-csp/azurestack"\n    }\n  }\n}\n'
                   + row.base.provider(self.emulator), "provider.tf")

    def place(self, name):
        path = os.path.join(self.root, name)
        os.makedirs(path)
        return path

    def make_environment(self):
        path = os.path.join(self.root, "cli.tfrc")
        harness.write(path, 'disable_checkpoint = true\nprovider_installation {\n  dev_overrides '
                      f'{{\n    "azurestack-csp/azurestack" = "{self.root}/provider"\n  }}\n}}\n')
        return {
            "PATH": os.environ["PATH"],
            "HOME": self.root,
            "TMPDIR": self.tmp,
            "TF_CLI_CONFIG_FILE": path,
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            "TF_LOG": "TRACE",
            "ARM_TENANT_ID": TENANT,
            "ARM_CLIENT_ID": CLIENT,
            "ARM_CLIENT_SECRET": SECRET,
            "ARM_ENVIRONMENT": "custom",
            "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": self.emulator.url,
            "ARM_RESOURCE_MANAGER_ENDPOINT": self.emulator.url,
            "ARM_RESOURCE_MANAGER_AUDIENCE": "https://management.azure.com",
            "SSL_CERT_FILE": self.emulator.file("ca.pem"),
            # Never used, since all is on this machine; its password is a canary.
            "HTTPS_PROXY": f"http://someone:{PROXY_PASSWORD}@127.0.0.1:9",
            "NO_PROXY": "localhost,127.0.0.1",
            **self.row.base.environment(self.emulator),
        }

    # --- the workspace --------------------------------------------------------------------

    def write(self, text, name="main.tf"):
        harness.write(os.path.join(self.dir, name), text)

    def state(self):
        """address -> {"id", "facts", "tainted"}"""
        return {address: {"id": one["id"], "facts": {name: one[name] for name in self.row.facts},
                          "tainted": one["mark"] == "tainted"}
                for address, one in harness.resources_of(self.dir).items()}

    def read_state(self):
        return harness.read(self.dir, "terraform.tfstate")

    def objects(self):
        """What the service holds: id -> {attribute: value}"""
        return self.row.objects(self.control)

    def events(self):
        return self.emulator.all_events()

    def position(self):
        return self.control.ask("log")["n"]

    # --- the host -------------------------------------------------------------------------

    def start(self, *arguments):
        log = os.path.join(self.logs, f"trace-{len(self.commands)}")
        output = open(os.path.join(self.logs, f"output-{len(self.commands)}"), "wb")
        with output:
            return subprocess.Popen(
                [self.program, arguments[0], "-no-color", *arguments[1:]]
                if arguments[0] != "untaint" else [self.program, *arguments],
                cwd=self.dir, env={**self.environment, "TF_LOG_PATH": log},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True)

    def note_argvs(self, process):
        """The command lines of the host and of what it started."""
        for pid in [str(process.pid), *children(process.pid)]:
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as stream:
                    self.argvs.add(stream.read())
            except OSError:
                pass

    def host(self, *arguments, phase="operation", limit_s=WAIT_S, meanwhile=None):
        """Runs the host to its end; `meanwhile` is called with the process again and again,
        until it answers what it has done: "killed" or "interrupted"."""
        first, begun = self.position() + 1, time.monotonic()
        process = self.start(*arguments)
        done = None
        while process.poll() is None:
            if meanwhile and not done:
                done = meanwhile(process)
            if time.monotonic() - begun > HOPELESS_S:
                os.killpg(process.pid, signal.SIGKILL)
            self.note_argvs(process)
            try:
                process.wait(0.002 if meanwhile and not done else 0.04)
            except subprocess.TimeoutExpired:
                pass
        with open(os.path.join(self.logs, f"output-{len(self.commands)}"),
                  encoding="utf-8", errors="replace") as stream:
            output = re.sub(r"Warning: Provider development overrides.*?releases\.\n", "",
                            stream.read(), flags=re.DOTALL)
        command = audit.Command(list(arguments), process.returncode, output,
                                time.monotonic() - begun, limit_s, first, self.position(),
                                phase, done == "killed", done == "interrupted")
        self.commands.append(command)
        return command

    # --- the end --------------------------------------------------------------------------

    def is_left(self):
        found = os.listdir(self.tmp)
        mark = self.tmp.encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as stream:
                    environment = stream.read()
                with open(f"/proc/{pid}/stat", encoding="utf-8") as stream:
                    is_dead = stream.read().rsplit(")", 1)[1].split()[0] == "Z"
            except OSError:
                continue
            if mark in environment and not is_dead:
                found.append(f"process {pid}")
        return found

    def leftovers(self):
        end = time.monotonic() + 10
        while self.is_left() and time.monotonic() < end:
            time.sleep(0.05)
        return self.is_left()

    def texts(self):
        found = {"command lines": b"\n".join(self.argvs)}
        for folder in (self.logs, self.dir, self.tmp):
            for parent, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(parent, name)
                    if os.path.isfile(path) and os.path.getsize(path) < 64 << 20:
                        with open(path, "rb") as stream:
                            found[os.path.relpath(path, self.root)] = stream.read()
        return found

    def canaries(self):
        tokens = self.control.ask("tokens")
        return {"the client secret": SECRET, "the proxy's password": PROXY_PASSWORD,
                **{f"secret {number}": text for number, text in enumerate(self.row.base.secrets)},
                **{f"token {token['number']}": token["text"] for token in tokens or []}}

    def make_well(self):
        """Whatever the fault was, it is over."""
        self.control.ask("faults", [])
        self.control.ask("switches", {"tls": "ok"})

    def close(self, keep=False):
        self.emulator.process.terminate()
        self.emulator.process.wait(WAIT_S)
        if keep:
            shutil.move(self.emulator.dir, os.path.join(self.root, "service"))
        else:
            shutil.rmtree(self.emulator.dir, ignore_errors=True)
            shutil.rmtree(self.root, ignore_errors=True)


def children(pid):
    """All that descends from a process."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="utf-8") as stream:
                found += stream.read().split()
    except OSError:
        return found
    for child in list(found):
        found += children(child)
    return found


def finish(scene, addresses, wanted, before, state_before, start, fired=(), **more):
    """The recovery, and the verdict: [(check, complaint)]."""
    left = scene.leftovers()
    last = scene.commands[-1]
    if last.was_killed:
        # A provider may outlive its host by a moment, and what was killed cannot tidy up; the
        # next one has to.
        last.last = scene.position()
        left = [item for item in left if item.startswith("process")]
    objects, state = scene.objects(), scene.state()
    scene.make_well()
    reported = " ".join(command.diagnostics() for command in scene.commands
                    if command.phase == "operation")
    audit.recover(scene, addresses, reported)
    evidence = audit.Evidence(
        row=scene.row, addresses=addresses, wanted=wanted, before=before, after_operation=objects,
        after=scene.objects(), state_before=state_before, state_after_operation=state,
        state_after=scene.state(), start=start, events=scene.events(), second=scene.emulator.read_second(),
        commands=scene.commands, fired=list(fired), canaries=scene.canaries(),
        texts=scene.texts(), leftovers=left + scene.leftovers(), **more)
    return audit.audit(evidence)
