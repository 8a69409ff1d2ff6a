# The emulator's own tests of sign-in: assertions, the issuers of OIDC tokens, what a machine finds
# by itself. Signatures and thumbprints come from OpenSSL's program and Python's hashlib.
# SPDX-License-Identifier: MPL-2.0
import base64
import hashlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest
import uuid

import selftest
from selftest import CLIENT, TENANT, WAIT_S, Answer, Emulator

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "api://AzureADTokenExchange"
ISSUER = "https://oidc.example/cluster"
SUBJECT = "system:serviceaccount:terraform:runner"
USER = "77777777-7777-4777-8777-777777777777"
CONNECTION = "88888888-8888-4888-8888-888888888888"
HEADER = "App Service's own secret"
ARC_KEY = "arc-key"


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Certificate:
    def __init__(self, folder, name, is_over=False):
        self.key = os.path.join(folder, f"{name}.key")
        self.path = os.path.join(folder, f"{name}.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        self.key, "-out", self.path, "-subj", f"/CN={name}", "-days", "2"], check=True,
                       capture_output=True, timeout=WAIT_S)
        if is_over:
            subprocess.run(["openssl", "x509", "-in", self.path, "-signkey", self.key, "-days",
                            "-1", "-out", self.path], check=True, capture_output=True,
                           timeout=WAIT_S)
        with open(self.path, encoding="ascii") as stream:
            self.pem = stream.read()
        self.thumbprint = encode(hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem)).digest())

    def sign(self, header, claims, padding=("rsa_padding_mode:pss", "rsa_pss_saltlen:32")):
        text = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        options = [word for option in padding for word in ("-sigopt", option)]
        signature = subprocess.run(["openssl", "dgst", "-sha256", *options, "-sign", self.key],
                                   input=text.encode(), check=True, capture_output=True,
                                   timeout=WAIT_S).stdout
        return f"{text}.{encode(signature)}"


class SignInCase(selftest.Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="certificates-")
        cls.ours = Certificate(cls.folder, "ours")
        cls.over = Certificate(cls.folder, "over", is_over=True)
        cls.other = Certificate(cls.folder, "other")
        trust = {"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE}
        job = {"service": "github", "request_token": "job-token", "subject": "repo:us/it:ref:main"}
        cls.emulator = Emulator({
            "applications": [{
                "tenant_id": TENANT, "client_id": CLIENT, "client_secret": selftest.SECRET,
                "certificates": [cls.over.pem, cls.ours.pem],
                "federated_credentials": [
                    trust,
                    {**trust, "issuer": "https://token.actions.githubusercontent.com",
                     "subject": job["subject"]}]}],
            "jobs": [job, {**job, "service": "azure_devops", "request_token": "step-token",
                           "service_connection_id": CONNECTION, "issuer": ISSUER,
                           "subject": SUBJECT}],
            "identities": [
                {"place": "virtual_machine", "tenant_id": TENANT, "client_id": CLIENT,
                 "assigned": "system"},
                {"place": "virtual_machine", "tenant_id": TENANT, "client_id": USER,
                 "assigned": "user", "role": "reader"},
                {"place": "app_service", "tenant_id": TENANT, "client_id": CLIENT,
                 "assigned": "system", "header": HEADER},
                {"place": "azure_arc", "tenant_id": TENANT, "client_id": CLIENT,
                 "assigned": "system", "header": ARC_KEY, "key_file": "/keys/a.key"},
                {"place": "cloud_shell", "tenant_id": TENANT, "client_id": USER,
                 "assigned": "system"}],
        }, ("--machine-port", "0"))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    def tearDown(self):
        with open(self.emulator.file("requests.log"), encoding="utf-8") as stream:
            log = stream.read()
        for secret in ("job-token", "step-token", HEADER, ARC_KEY, "eyJ"):
            self.assertNotIn(secret, log)

    def assert_with(self, assertion, **changes):
        return self.emulator.ask_token(**{"client_secret": None, "client_assertion_type": TYPE,
                                          "client_assertion": assertion, **changes})

    def refused(self, answer, number, status=401):
        self.assertEqual((answer.status, answer.json()["error_codes"]), (status, [number]),
                         answer.body)
        self.assertEqual(len(self.new("REJECTED")), 1)
        self.mark = len(self.emulator.events())

    def good_for_arm(self, token):
        self.emulator.token = token
        self.expect(self.emulator.get(), 404)

    def how(self):
        """By what the last token was issued."""
        return [event for event in self.new("EFFECT") if event["what"] == "token issued"][-1]


class Certificates(SignInCase):
    def make(self, certificate=None, header=None, signer=None, **changes):
        certificate = certificate or self.ours
        now = int(time.time())
        claims = {"iss": CLIENT, "sub": CLIENT, "jti": str(uuid.uuid4()), "nbf": now, "iat": now,
                  "exp": now + 600,
                  "aud": f"https://localhost:{self.emulator.port}/{TENANT}/oauth2/v2.0/token"}
        claims.update(changes)
        claims = {name: value for name, value in claims.items() if value is not None}
        return (signer or certificate).sign(
            {"alg": "PS256", "typ": "JWT", "x5t#S256": certificate.thumbprint, **(header or {})},
            claims)

    def test_an_assertion_is_good_once(self):
        assertion = self.make()
        answer = self.assert_with(assertion)
        self.good_for_arm(answer.json()["access_token"])
        self.assertEqual(self.how()["method"], "client certificate")
        self.refused(self.assert_with(assertion), 50027)
        self.assertEqual(self.emulator.back("assertions"), [assertion, assertion])

    def test_what_is_signed_wrongly(self):
        self.refused(self.assert_with(self.make(self.other)), 700027)
        self.refused(self.assert_with(self.make(self.over)), 700027)
        self.refused(self.assert_with(self.make(signer=self.other)), 700027)
        good = self.make()
        self.refused(self.assert_with(good[:-8] + "AAAAAAAA"), 700027)
        parts = self.make().split(".")
        self.refused(self.assert_with(".".join([parts[0], good.split(".")[1], parts[2]])), 700027)

    def test_another_algorithm_than_it_says_is_none(self):
        now = int(time.time())
        header = {"alg": "PS256", "typ": "JWT", "x5t#S256": self.ours.thumbprint}
        claims = {"iss": CLIENT, "sub": CLIENT, "jti": str(uuid.uuid4()), "nbf": now, "iat": now,
                  "exp": now + 600,
                  "aud": f"https://localhost:{self.emulator.port}/{TENANT}/oauth2/v2.0/token"}
        pkcs1 = self.ours.sign(header, claims, ("rsa_padding_mode:pkcs1",))
        short_salt = self.ours.sign(header, claims,
                                    ("rsa_padding_mode:pss", "rsa_pss_saltlen:20"))
        for assertion in (pkcs1, short_salt):
            self.refused(self.assert_with(assertion), 700027)

    def test_what_says_something_wrong(self):
        now = int(time.time())
        for number, changes in (
                (700021, {"iss": USER}), (700021, {"sub": USER}), (700021, {"sub": None}),
                (700023, {"aud": "https://login.microsoftonline.com"}), (700023, {"aud": None}),
                (700024, {"exp": now - 1}), (700024, {"nbf": now + 300}), (700024, {"nbf": None}),
                (700024, {"iat": now + 300}), (700024, {"exp": now + 3600}),
                (700024, {"exp": str(now + 600)}),
                (50027, {"jti": "1"}), (50027, {"jti": None}), (50027, {"extra": 1}),
                (50027, {"header": {"alg": "RS256"}}), (50027, {"header": {"typ": "jwt"}}),
                (50027, {"header": {"x5c": []}})):
            with self.subTest(number=number, changes=changes):
                self.refused(self.assert_with(self.make(**changes)), number)
        self.emulator.switch(clock_ahead_s=1800)
        self.mark = len(self.emulator.events())
        answer = self.assert_with(self.make())
        self.refused(answer, 700024)
        self.assertNotEqual(answer.headers["date"], time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                                                                 time.gmtime()))

    def test_forms_that_are_no_assertion(self):
        self.refused(self.assert_with("not.a.jwt"), 50027)
        self.refused(self.assert_with("nothing"), 50027)
        self.refused(self.assert_with(self.make(), client_assertion_type="jwt"), 9002313, 400)
        self.refused(self.assert_with(self.make(), client_secret="x"), 9002313, 400)
        self.refused(self.assert_with(None), 7000218)


class Issuers(SignInCase):
    def issue(self, **changes):
        return self.emulator.back("oidc-token", {"issuer": ISSUER, "subject": SUBJECT,
                                                 **changes})["oidc_token"]

    def test_a_token_that_is_trusted(self):
        token = self.issue()
        self.good_for_arm(self.assert_with(token).json()["access_token"])
        self.assertEqual((self.how()["method"], self.how()["oidc_token"]), ("federated token", 1))
        self.good_for_arm(self.assert_with(token).json()["access_token"])  # it may come again

    def test_tokens_that_are_not(self):
        self.refused(self.assert_with(self.issue(issuer="https://oidc.example")), 700211)
        self.refused(self.assert_with(self.issue(subject="somebody")), 700213)
        self.refused(self.assert_with(self.issue(audience="https://elsewhere")), 700212)
        self.refused(self.assert_with(self.issue(lifetime_s=0)), 700024)
        made_up = self.ours.sign({"alg": "RS256"}, {"iss": ISSUER, "sub": SUBJECT})
        self.refused(self.assert_with(made_up), 50013)

    def ask(self, method, target, token="job-token", body=None, **headers):
        headers = {"X-TFS-FedAuthRedirect": "Suppress", "Content-Type": "application/json",
                   "Authorization": f"Bearer {token}", **headers}
        return self.emulator.send(method, target, body, {
            name: value for name, value in headers.items() if value is not None})

    def test_github(self):
        place = "/github/idtoken?api-version=2.0"
        good = f"{place}&audience=api%3A%2F%2FAzureADTokenExchange"
        answer = self.ask("GET", good)
        self.assertEqual(sorted(answer.json()), ["count", "value"])
        self.good_for_arm(self.assert_with(answer.json()["value"]).json()["access_token"])
        self.assertEqual(self.new("REJECTED"), [])
        for status, answer in (
                (401, self.ask("GET", good, token="step-token")),
                (401, self.ask("GET", good, Authorization=None)), (405, self.ask("POST", good)),
                (400, self.ask("GET", place)), (400, self.ask("GET", good + "x")),
                (400, self.ask("GET", good + "&more=1"))):
            self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(len(self.new("REJECTED")), 6)

    def test_azure_devops(self):
        place = "/azure_devops/oidctoken?api-version=7.1&serviceConnectionId="
        good = place + CONNECTION
        answer = self.ask("POST", good, "step-token")
        self.assertEqual(list(answer.json()), ["oidcToken"])
        self.good_for_arm(self.assert_with(answer.json()["oidcToken"]).json()["access_token"])
        self.assertEqual(self.new("REJECTED"), [])
        for status, answer in (
                (401, self.ask("POST", good)), (405, self.ask("GET", good, "step-token")),
                (302, self.ask("POST", good, "step-token", **{"X-TFS-FedAuthRedirect": None})),
                (415, self.ask("POST", good, "step-token", **{"Content-Type": "text/plain"})),
                (405, self.ask("POST", good, "step-token", body="{}")),
                (400, self.ask("POST", place + USER, "step-token")),
                (400, self.ask("POST", good.replace("7.1", "7.0"), "step-token"))):
            self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(len(self.new("REJECTED")), 7)


class Machine(SignInCase):
    RESOURCE = "resource=https%3A%2F%2Fmanagement.azure.com"

    def ask(self, target, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.emulator.read_port("machine-port"), timeout=WAIT_S)
        connection.request(method, target, body, {name.replace("_", "-"): value
                                                  for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer

    def imds(self, query=f"api-version=2018-02-01&{RESOURCE}", Metadata="true", **more):
        return self.ask(f"/metadata/identity/oauth2/token?{query}", Metadata=Metadata, **more)

    def app(self, query=f"api-version=2019-08-01&{RESOURCE}", header=HEADER):
        return self.ask(f"/msi/token?{query}", X_IDENTITY_HEADER=header)

    def test_a_virtual_machine(self):
        answer = self.imds().json()
        for name in ("expires_in", "expires_on", "resource", "token_type"):
            self.assertIsInstance(answer[name], str)
        self.good_for_arm(answer["access_token"])
        self.assertEqual(self.how()["method"], "managed identity, virtual_machine")
        query = f"api-version=2018-02-01&{self.RESOURCE}&client_id={USER}"
        self.good_for_arm(self.imds(query).json()["access_token"])
        self.expect(self.emulator.put(), 403, "AuthorizationFailed")
        self.assertEqual(self.new("REJECTED"), [])

    def test_what_a_virtual_machine_refuses(self):
        version = "api-version=2018-02-01"
        for error, answer in (
                ("bad_request_102", self.imds(Metadata="yes")),
                ("invalid_request", self.imds(X_Forwarded_For="1.2.3.4")),
                ("invalid_request", self.imds(self.RESOURCE)),
                ("invalid_request", self.imds(f"api-version=2017-01-01&{self.RESOURCE}")),
                ("invalid_request", self.imds(f"{version}&{self.RESOURCE}&scope=x")),
                ("invalid_request", self.imds(f"{version}&{self.RESOURCE}&client_id={CONNECTION}")),
                ("invalid_resource", self.imds(version)),
                ("invalid_resource", self.imds(f"{version}&resource=https%3A%2F%2Fx.invalid"))):
            self.assertEqual((answer.status, answer.json()["error"]), (400, error))
        self.assertEqual(len(self.new("REJECTED")), 8)
        self.assertEqual(self.imds(method="POST").status, 405)
        self.assertEqual(self.ask("/else").status, 404)

    def test_azure_arc(self):
        def ask(query=f"api-version=2020-06-01&{self.RESOURCE}", Metadata="true", **more):
            return self.ask(f"/arc/metadata/identity/oauth2/token?{query}", Metadata=Metadata,
                            **more)
        answer = ask()
        self.assertEqual((answer.status, answer.headers["www-authenticate"]),
                         (401, "Basic realm=/keys/a.key"))
        self.good_for_arm(ask(Authorization=f"Basic {ARC_KEY}").json()["access_token"])
        self.assertEqual(self.how()["method"], "managed identity, azure_arc")
        self.assertEqual(self.new("REJECTED"), [])
        for status, answer in (
                (401, ask(Authorization="Basic other")), (401, ask(Authorization=ARC_KEY)),
                (400, ask(Metadata="yes")), (400, ask(self.RESOURCE)),
                (400, ask(f"api-version=2020-06-01&{self.RESOURCE}&client_id={USER}"))):
            self.assertEqual(answer.status, status)
        self.assertEqual(len(self.new("REJECTED")), 5)

    def test_cloud_shell(self):
        def ask(body=self.RESOURCE, method="POST", Metadata="true", target="/oauth2/token"):
            return self.ask(target, method, body, Metadata=Metadata)
        self.good_for_arm(ask().json()["access_token"])
        self.assertEqual(self.how()["method"], "managed identity, cloud_shell")
        self.assertEqual(self.new("REJECTED"), [])
        for answer in (ask(Metadata="yes"), ask(""), ask(method="GET"),
                       ask(f"{self.RESOURCE}&client_id={USER}"), ask("resource=x"),
                       ask(target="/oauth2/token?api-version=2018-02-01")):
            self.assertEqual(answer.status, 400)
        self.assertEqual(len(self.new("REJECTED")), 6)

    def test_app_service(self):
        answer = self.app().json()
        self.assertNotIn("expires_in", answer)
        self.assertAlmostEqual(int(answer["expires_on"]), time.time() + 3599, delta=60)
        self.good_for_arm(answer["access_token"])
        self.assertEqual(self.new("REJECTED"), [])
        for status, answer in (
                (401, self.app(header="wrong")), (401, self.app(header="")),
                (400, self.app(f"api-version=2018-02-01&{self.RESOURCE}")),
                (400, self.app("api-version=2019-08-01")),
                (400, self.app(f"api-version=2019-08-01&{self.RESOURCE}&client_id={USER}")),
                (400, self.app(f"api-version=2019-08-01&{self.RESOURCE}&scope=x"))):
            self.assertEqual(answer.status, status)
        self.assertEqual(len(self.new("REJECTED")), 6)

    def test_faults_reach_it(self):
        self.emulator.fault("IDENTITY#1", "status=429")
        self.assertEqual([self.imds().status, self.imds().status], [429, 200])


class World(SignInCase):
    def test_the_back_door_changes_who_may_sign_in(self):
        self.emulator.back("identity", {"place": "virtual_machine", "client_id": CONNECTION,
                                        "tenant_id": TENANT, "assigned": "user"})
        self.emulator.back("job", {"service": "github", "request_token": "new", "subject": "x"})
        shown = [event["body"] for event in self.new("BACKDOOR")]
        self.assertEqual(shown[1]["request_token"], "<secret>")
        token = self.emulator.back("access-token", {"tenant_id": TENANT, "client_id": CLIENT})
        self.assertAlmostEqual(token["expires_on"], time.time() + 3599, delta=60)
        self.good_for_arm(token["access_token"])
        issued = self.emulator.back("oidc-token", {"issuer": "i", "subject": "s"})["oidc_token"]
        self.assertEqual(self.emulator.back("oidc-tokens")[0]["text"], issued)

    def test_what_is_no_world_is_refused(self):
        who = {"tenant_id": TENANT, "client_id": CLIENT}
        for name, body in (("application", {**who, "certificates": ["x"]}),
                           ("application", {**who, "certificates": self.ours.pem}),
                           ("application", {**who, "federated_credentials": [{"issuer": "x"}]}),
                           ("identity", {**who, "place": "moon"}),
                           ("identity", {"tenant_id": TENANT, "client_id": CONNECTION}),
                           ("job", {"service": "gitlab"}), ("oidc-token", {"issuer": "x"}),
                           ("access-token", {"tenant_id": TENANT})):
            self.assertIn("error", self.emulator.back(name, body, expect=400))

    def test_without_the_option_there_is_no_machine(self):
        emulator = Emulator()
        self.assertFalse(os.path.exists(emulator.file("machine-port")))
        emulator.stop()


if __name__ == "__main__":
    unittest.main()
