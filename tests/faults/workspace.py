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


class Scene(harness.Workspace):
    def __init__(self, row, provider=PROVIDER):
        self.row = row
        program = os.environ.get("TF_HOST") or next(iter(harness.hosts()), None)
        if not program:
            sys.exit("needed: terraform or tofu on PATH")
        super().__init__(program, harness.Emulator(row.world))
        self.logs, override = (os.path.join(self.root, name) for name in ("logs", "provider"))
        os.mkdir(self.logs)
        os.mkdir(override)
        os.symlink(provider, os.path.join(override, "terraform-provider-azurestack"))
        self.commands, self.argvs = [], set()
        self.control = self.emulator.control
        self.control.ask("switches", row.switches)
        harness.write(os.path.join(self.root, "cli.tfrc"), "disable_checkpoint = true\n"
                      f'provider_installation {{\n  dev_overrides {{\n    '
                      f'"azurestack-csp/azurestack" = "{override}"\n  }}\n}}\n')
        self.environment.update({
            "TF_LOG": "TRACE", "ARM_CLIENT_SECRET": SECRET,
            # Never used, since all is on this machine; its password is a canary.
            "HTTPS_PROXY": f"http://someone:{PROXY_PASSWORD}@127.0.0.1:9",
            "NO_PROXY": "localhost,127.0.0.1", **row.base.environment(self.emulator)})
        self.write("", row.base.provider(self.emulator))
        os.rename(os.path.join(self.dir, "main.tf"), os.path.join(self.dir, "provider.tf"))

    # --- the workspace --------------------------------------------------------------------

    def managed(self):
        """address -> {"id", "facts", "tainted"}"""
        return {address: {"id": one["id"], "facts": {name: one[name] for name in self.row.facts},
                          "tainted": one["mark"] == "tainted"}
                for address, one in self.resources().items()}

    def objects(self):
        """What the service holds: id -> {attribute: value}"""
        return self.row.objects(self.control)

    def position(self):
        return self.control.ask("log")["n"]

    # --- the host -------------------------------------------------------------------------

    def start(self, *arguments):
        log = os.path.join(self.logs, f"trace-{len(self.commands)}")
        output = open(os.path.join(self.logs, f"output-{len(self.commands)}"), "wb")
        with output:
            return subprocess.Popen(
                [self.host, arguments[0], "-no-color", *arguments[1:]]
                if arguments[0] != "untaint" else [self.host, *arguments],
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

    def perform(self, *arguments, phase="operation", limit_s=WAIT_S, meanwhile=None):
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

    def leftovers(self):
        """What is there after a while."""
        end = time.monotonic() + 10
        while super().leftovers() and time.monotonic() < end:
            time.sleep(0.05)
        return super().leftovers()

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
    objects, state = scene.objects(), scene.managed()
    scene.make_well()
    reported = " ".join(command.diagnostics() for command in scene.commands
                    if command.phase == "operation")
    audit.recover(scene, addresses, reported)
    evidence = audit.Evidence(
        row=scene.row, addresses=addresses, wanted=wanted, before=before, after_operation=objects,
        after=scene.objects(), state_before=state_before, state_after_operation=state,
        state_after=scene.managed(), start=start, events=scene.emulator.all_events(),
        second=scene.emulator.read_second(),
        commands=scene.commands, fired=list(fired), canaries=scene.canaries(),
        texts=scene.texts(), leftovers=left + scene.leftovers(), **more)
    return audit.audit(evidence)
