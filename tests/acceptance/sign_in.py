# What the tests of sign-in share: certificates, a world that knows every method, a run that has
# to sign in and one that must not. Everything runs with a trace, which is looked into for secrets.
# SPDX-License-Identifier: MPL-2.0
import base64
import os
import shutil
import subprocess
import tempfile
import uuid

import harness
from harness import CLIENT, SECRET, TENANT

USER_IDENTITY = "77777777-7777-4777-8777-777777777777"
CONNECTION = "88888888-8888-4888-8888-888888888888"
AUXILIARY = "99999999-9999-4999-8999-999999999999"
AUDIENCE = "api://AzureADTokenExchange"
CLUSTER = {"issuer": "https://oidc.example/cluster",
           "subject": "system:serviceaccount:terraform:runner"}
GITHUB = "canary-of-a-github-job"
DEVOPS = "canary-of-a-pipeline's-step"
IDENTITY_HEADER = "canary-of-an-app"
ARC_KEY = "canary-of-an-arc-machine"
ARC_KEY_FILE = f"/var/opt/azcmagent/tokens/{uuid.uuid4()}.key"
PASSWORD = "canary & pässword"
WRONG = "wrong-canary"


def openssl(*arguments, password=None):
    """Passwords by environment: what is in an argument list, everybody sees."""
    environment = {"PATH": os.environ["PATH"], **({"PASSWORD": password} if password else {})}
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True,
                          env=environment, timeout=harness.WAIT_S).stdout


class Certificate:
    """A key and its certificate, and the files in which people have them; `more` for `openssl x509`."""

    def __init__(self, folder, name, *more):
        self.folder, self.name = folder, name
        self.key, self.path = self.file("key"), self.file("cert")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out",
                self.path, "-subj", f"/CN={name}", "-days", "2")
        if more:
            openssl("x509", "-in", self.path, "-signkey", self.key, "-out", self.path, *more)
        self.pem = harness.read(self.path)

    def file(self, extension):
        return os.path.join(self.folder, f"{self.name}.{extension}")

    def secret(self):
        """A line of the private key."""
        return harness.read(self.key).splitlines()[3]

    def pfx(self, password, *more, name="pfx"):
        path = self.file(name)
        protected = ["-passout", "env:PASSWORD"] if password else ["-passout", "pass:"]
        openssl("pkcs12", "-export", "-inkey", self.key, "-in", self.path, "-out", path,
                *protected, *more, password=password)
        return path

    def pem_with_key(self, password=None):
        path = self.file("pem")
        how = ["-aes256", "-passout", "env:PASSWORD"] if password else []
        key = openssl("rsa", "-in", self.key, *how, password=password)
        with open(path, "wb") as stream:
            stream.write(key + self.pem.encode())
        return path


def read_base64(path):
    with open(path, "rb") as stream:
        return base64.b64encode(stream.read()).decode()


def environment_of(case, environment):
    """Values may be functions of the test."""
    return {name: value(case) if callable(value) else value for name, value in environment.items()}


def signs_in(method, **environment):
    """A test: SignInCase.signs_in() with this environment."""
    return lambda case: case.signs_in(method, **environment_of(case, environment))


def fails(*words, asks=False, **environment):
    """A test: SignInCase.fails() with this environment."""
    return lambda case: case.fails(*words, asks=asks, **environment_of(case, environment))


class SignInCase(harness.Case):
    more_applications = []

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="certificates-")
        cls.ours = Certificate(cls.folder, "ours")
        cls.other = Certificate(cls.folder, "other")
        github = {"issuer": "https://token.actions.githubusercontent.com",
                  "subject": "repo:csp/mappings:ref:refs/heads/main"}
        devops = {"issuer": "https://vstoken.dev.azure.com/csp", "subject": "sc://csp/p/azure"}
        application = {
            "tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET,
            "certificates": [cls.ours.pem],
            "federated_credentials": [{**trust, "audience": AUDIENCE}
                                      for trust in (CLUSTER, github, devops)]}
        machine = {"place": "virtual_machine", "tenant_id": TENANT}
        cls.emulator_config = {
            "applications": [application, {**application, "tenant_id": AUXILIARY},
                             *cls.more_applications],
            "jobs": [{"service": "github", "request_token": GITHUB, **github},
                     {"service": "azure_devops", "request_token": DEVOPS, **devops,
                      "service_connection_id": CONNECTION}],
            "identities": [
                {**machine, "client_id": CLIENT, "assigned": "system"},
                {**machine, "client_id": USER_IDENTITY, "assigned": "user"},
                {**machine, "place": "app_service", "client_id": CLIENT, "assigned": "system",
                 "header": IDENTITY_HEADER},
                {**machine, "place": "azure_arc", "client_id": CLIENT, "assigned": "system",
                 "header": ARC_KEY, "key_file": ARC_KEY_FILE},
                *({**machine, "place": "azure_ml", "client_id": client, "assigned": assigned,
                   "header": IDENTITY_HEADER} for client, assigned in (
                       (CLIENT, "system"), (USER_IDENTITY, "user"))),
                {**machine, "place": "service_fabric", "client_id": CLIENT, "assigned": "system",
                 "header": IDENTITY_HEADER},
                {**machine, "place": "cloud_shell", "client_id": CLIENT, "assigned": "system"}]}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    def setUp(self):
        super().setUp()
        self.workspace.secrets += [GITHUB, DEVOPS, IDENTITY_HEADER, ARC_KEY, PASSWORD, WRONG,
                                   self.ours.secret(), self.other.secret()]
        del self.workspace.environment["ARM_CLIENT_SECRET"]
        self.workspace.environment.update(
            ARM_USE_CLI="false", TF_LOG="TRACE",
            TF_LOG_PATH=os.path.join(self.workspace.dir, "trace.log"))
        self.workspace.write(self.tenant())

    def issued(self, member):
        """This of each token since the mark: method, client_id, oidc_token."""
        return [event[member] for event in self.emulator.events("EFFECT")
                if event["what"] == "token issued"]

    def oidc_token(self, **changes):
        return self.emulator.control.ask("oidc-token", {**CLUSTER, **changes})["oidc_token"]

    def file(self, name, text):
        """A file beside the configuration's folder, which is looked through for secrets."""
        path = os.path.join(self.workspace.root, name)
        harness.write(path, text)
        return path

    def signs_in(self, method, **environment):
        """Plans and applies, two processes: each asks for one token, by this method."""
        self.workspace.environment.update(environment)
        self.workspace.run("plan", "-no-color", "-out=saved")
        self.workspace.run("apply", "-no-color", "saved")
        self.assertEqual(self.issued("method"), [method] * 2)
        self.assertEqual(self.emulator.kinds().count("PUT"), 1)
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.expect_a_trace()

    def renews(self, meanwhile=lambda: None, **environment):
        """Plans, and while the apply's PUT is under way, the token it began with ends: the rest
        needs another."""
        self.workspace.environment.update(environment)
        self.workspace.run("plan", "-no-color", "-out=saved")
        self.emulator.switch(latency_ms=2000, latency_on="PUT")
        process = self.workspace.start("apply", "-no-color", "saved")
        harness.wait_for("the PUT", lambda: "PUT" in self.emulator.kinds())
        meanwhile()
        self.emulator.control.ask("revoke-tokens", {})
        result = self.workspace.finish(process)
        self.assertEqual(result.status, 0, result.output)

    def expect_a_trace(self):
        """Or there were nothing to look for secrets in."""
        self.assertTrue("> PUT " in harness.read(self.workspace.environment["TF_LOG_PATH"]),
                        "the trace shows no traffic")

    def fails(self, *words, asks=False, **environment):
        """The sign-in fails, and these words say why. `asks`: not before Entra was asked."""
        self.expects_rejections = asks
        self.workspace.environment.update(environment)
        result = self.workspace.apply(expect=1)
        result.says(*words)
        self.assertEqual(self.emulator.requests(), [])
        self.assertEqual(len(self.emulator.calls(tokens=True)) > 0, asks)
        self.assertEqual(self.workspace.resources(), {})
        return result
