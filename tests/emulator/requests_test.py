# What the emulator refuses: what Azure would, and what a careful client does not send. The latter
# leaves a REJECTED line, which is what an acceptance test fails by.
# SPDX-License-Identifier: MPL-2.0
import json
import shutil
import ssl
import subprocess
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from hashlib import sha1, sha256

import alias_views
from client import (CLIENT, GROUP, HUB, ONE, READER, SECRET, SUBSCRIPTION, TENANT, TWO, VERSION,
                    WAIT_S, Case, Refused, harness, item)
from hub_client import Hub
import sign_in  # of the acceptance tests, whose folder client.py adds

def token_of(cloud, model="PayAsYouUse", expires=4102444800):
    """A registration token as a hub issues it for this emulator."""
    facts = {"cloudId": cloud, "billingModel": model, "expiresOn": expires}
    return urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def registering(token):
    return json.dumps({"location": "global", "properties": {"registrationToken": token}})


NOT_FOUND = "CustomerSubscriptionNotFound"
CONTENT, URI, TYPE = "InvalidRequestContent", "InvalidRequestUri", "InvalidResourceType"
ARM = [  # method, path, query, body, more headers; status, code, is it the client's mistake?
    *((("GET", item(), query, None, {}), 404, NOT_FOUND, False) for query in (
        VERSION, "API-Version=2022-06-01", "api-version=2020-06-01-preview")),
    (("GET", item(), "", None, {}), 400, "MissingApiVersionParameter", True),
    (("GET", item(), "api-version=", None, {}), 400, "MissingApiVersionParameter", True),
    (("GET", item(), "api-version=2016-01-01", None, {}), 400, "NoRegisteredProviderFound", True),
    *((("GET", item(), f"{VERSION}&{more}", None, {}), 400, URI, True)
      for more in (VERSION, "x=1", "a=%zz", "a=%00", "a=%ff")),
    (("GET", f"{HUB}/customerSubscriptions", f"{VERSION}&$skipToken=p99", None, {}), 400,
     "InvalidSkipToken", True),
    (("GET", item().replace("resourceGroups", "resourcegroups"), VERSION, None, {}), 400, URI,
     True),
    *((("GET", item(hub=hub), VERSION, None, {}), 404, NOT_FOUND, False)
      for hub in (HUB.replace("berlin", "BERLIN"), HUB.replace("berlin", "%62erlin"))),
    *((("GET", path, VERSION, None, {}), 404, TYPE, True)
      for path in ("/", HUB + "/", HUB + "/products", item() + "/x", "/" + HUB,
                   HUB + "/customerSubscriptions/%zz", HUB + "/customerSubscriptions/a%2fb")),
    (("GET", HUB.replace(SUBSCRIPTION, "x"), VERSION, None, {}), 400, "InvalidSubscriptionId",
     True),
    (("GET", HUB.replace(SUBSCRIPTION, ONE), VERSION, None, {}), 404, "SubscriptionNotFound",
     False),
    (("GET", HUB.replace("azurestack/", "other/", 1), VERSION, None, {}), 404,
     "ResourceGroupNotFound", False),
    (("GET", item(hub=HUB + "x"), VERSION, None, {}), 404, "RegistrationNotFound", False),
    *(((method, path, VERSION, "{}", {}), 405, "MethodNotAllowed", True) for method, path in (
        ("PATCH", item()), ("POST", item()), ("POST", HUB),
        ("PUT", f"{HUB}/customerSubscriptions"), ("GET", f"{HUB}/getactivationkey"))),
    (("POST", f"{HUB}/getactivationkey", VERSION, "{}", {}), 400, CONTENT, True),
    (("POST", f"{HUB}x/getactivationkey", VERSION, None, {}), 404, "RegistrationNotFound", False),
    (("POST", f"{HUB}/getactivationkey", VERSION, None, {}), 200, None, False),
    (("GET", item(), VERSION, "{}", {}), 400, CONTENT, True),
    (("DELETE", item(), VERSION, "{}", {}), 400, CONTENT, True),
    *((("PUT", item(), VERSION, body, {}), 400, CONTENT, True) for body in (
        "", "x", "[]", "null", '{"a":1,"a":1}', '{"x":1}', '{"id":"x"}', '{"etag":1}',
        '{"properties":[]}', '{"properties":{"tenantid":"x"}}', '{"properties":{"tenantId":1}}',
        '{"properties":{"tenantId":"x"}}', b'{"properties":{"\xff":1}}', '{"etag":NaN}')),
    *((("PUT", item(), VERSION, "{}", {"Content-Type": kind}), 415, "UnsupportedMediaType", True)
      for kind in ("text/plain", "application/jsonx")),
    *((("PUT", item(), VERSION, body, {"Content-Type": "application/json; charset=utf-8"}), 200,
       None, False)
      for body in ("{}", '{"properties":null}', '{"properties":{}}', '{"etag":"x"}')),
    (("PUT", item("no-guid"), VERSION, "{}", {}), 400, "InvalidCustomerSubscriptionId", False),
    # Registrations: the token, the hub that it is of, and what a body may hold.
    (("GET", GROUP, VERSION, None, {}), 400, "NoRegisteredProviderFound", True),
    (("GET", GROUP, "api-version=2021-04-01", None, {}), 200, None, False),
    (("GET", GROUP + "x", "api-version=2021-04-01", None, {}), 404, "ResourceGroupNotFound", False),
    *(((method, HUB, VERSION, body, {}), 400, CONTENT, True) for method in ("PUT", "PATCH")
      for body in ("", "[]", "{}", '{"location":"westus"}', '{"location":"global","id":"x"}',
                   '{"location":"global","properties":{"cloudId":"x"}}',
                   '{"location":"global","properties":{"registrationToken":1}}',
                   '{"location":"global","tags":{"a":1}}')),
    (("PUT", HUB + "new", VERSION, '{"location":"global"}', {}), 400, CONTENT, True),
    *((("PUT", HUB + "new", VERSION, registering(token), {}), status, code, False)
      for token, status, code in (
          ("x", 400, "InvalidRegistrationToken"), (token_of("c", expires=1), 400,
                                                   "InvalidRegistrationToken"),
          (token_of("c", model="Free"), 400, "InvalidRegistrationToken"),
          (token_of("c"), 201, None))),
    *(((method, HUB, VERSION, registering(token_of("c")), {}), 409, "CloudIdUpdateNotAllowed",
       False) for method in ("PUT", "PATCH")),
    (("PATCH", HUB, VERSION, '{"location":"global","tags":{"a":"b"}}', {}), 200, None, False),
    (("PATCH", HUB + "x", VERSION, '{"location":"global"}', {}), 404, "RegistrationNotFound",
     False),
    (("DELETE", HUB, VERSION, None, {}), 200, None, False),
    (("DELETE", HUB + "x", VERSION, None, {}), 204, None, False),
    (("DELETE", GROUP + "x" + HUB[len(GROUP):], VERSION, None, {}), 404, "ResourceGroupNotFound",
     False),
    (("GET", f"/subscriptions/{ONE}", "api-version=2016-06-01", None, {}), 400, URI, True),
    (("GET", item(), VERSION, None, {"Authorization": "Bearer nonsense"}), 401,
     "InvalidAuthenticationToken", True),
    (("GET", item(), VERSION, None, {"Authorization": "Basic x"}), 401,
     "InvalidAuthenticationToken", True),
    *alias_views.REFUSED,
]
ENTRA = [
    ({"client_secret": "wrong"}, 401, 7000215, True), ({"client_secret": None}, 401, 7000218, True),
    ({"client_id": ONE}, 400, 700016, True), ({"tenant": ONE}, 400, 90002, True),
    ({"scope": "https://management.azure.com/"}, 400, 70011, True),
    ({"scope": "https://x.invalid/.default"}, 400, 500011, True),
    ({"grant_type": "password"}, 400, 70003, True), ({"grant_type": None}, 400, 900144, True),
    ({"scope": None}, 400, 900144, True), ({"resource": "https://x"}, 400, 9002313, True),
    ({"headers": {"Content-Type": "application/json"}}, 400, 900144, True),
    ({"client_assertion": "x.y.z"}, 400, 9002313, True)]
AUDIENCE, ISSUER = "api://AzureADTokenExchange", "https://oidc.example/cluster"
SUBJECT, CONNECTION = "system:serviceaccount:a:b", "88888888-8888-4888-8888-888888888888"
USER, HEADER = "77777777-7777-4777-8777-777777777777", "App Service's own secret"
GITHUB = "/github/idtoken?api-version=2.0"
GITHUB_GOOD = f"{GITHUB}&audience=api%3A%2F%2FAzureADTokenExchange"
DEVOPS = "/azure_devops/oidctoken?api-version=7.1&serviceConnectionId="
DEVOPS_HEADERS = {"X-TFS-FedAuthRedirect": "Suppress", "Content-Type": "application/json",
                  "Authorization": "Bearer step-token"}
ISSUERS = [  # method, target, headers, body
    (("GET", GITHUB_GOOD, {"Authorization": "Bearer job-token"}, None), 200, None, False),
    (("GET", GITHUB_GOOD, {"Authorization": "Bearer step-token"}, None), 401, None, True),
    (("GET", GITHUB_GOOD, {}, None), 401, None, True),
    (("POST", GITHUB_GOOD, {"Authorization": "Bearer job-token"}, None), 405, None, True),
    *((("GET", target, {"Authorization": "Bearer job-token"}, None), 400, None, True)
      for target in (GITHUB, GITHUB_GOOD + "x", GITHUB_GOOD + "&more=1")),
    (("POST", DEVOPS + CONNECTION, DEVOPS_HEADERS, None), 200, None, False),
    (("GET", DEVOPS + CONNECTION, DEVOPS_HEADERS, None), 405, None, True),
    (("POST", DEVOPS + CONNECTION, DEVOPS_HEADERS, "{}"), 405, None, True),
    (("POST", DEVOPS + USER, DEVOPS_HEADERS, None), 400, None, True),
    (("POST", DEVOPS.replace("7.1", "7.0") + CONNECTION, DEVOPS_HEADERS, None), 400, None, True),
    *((("POST", DEVOPS + CONNECTION, {**DEVOPS_HEADERS, name: value}, None), status, None, True)
      for name, value, status in (("X-TFS-FedAuthRedirect", "", 302),
                                  ("Content-Type", "text/plain", 415),
                                  ("Authorization", "Bearer job-token", 401)))]
RESOURCE, IMDS = "resource=https%3A%2F%2Fmanagement.azure.com", "api-version=2018-02-01"
IMDS_PATH = "/metadata/identity/oauth2/token?"
LEARNING = "/msi/machine_learning?api-version=2017-09-01"
FABRIC = "/metadata/identity/oauth2/token?api-version=2019-07-01-preview"
APP = "/msi/token?api-version=2019-08-01"
ARC, ARC_KEY = f"/arc/metadata/identity/oauth2/token?api-version=2020-06-01&{RESOURCE}", "arc-key"
MACHINE = [
    (("GET", f"{IMDS_PATH}{IMDS}&{RESOURCE}", {"Metadata": "true"}, None), 200, None, False),
    (("GET", f"{IMDS_PATH}{IMDS}&{RESOURCE}", {"Metadata": "yes"}, None), 400, "bad_request_102",
     True),
    (("GET", f"{IMDS_PATH}{IMDS}&{RESOURCE}", {"Metadata": "true", "X-Forwarded-For": "1.2.3.4"},
      None), 400, "invalid_request", True),
    *((("GET", IMDS_PATH + query, {"Metadata": "true"}, None), 400, error, True)
      for query, error in (
          (RESOURCE, "invalid_request"), (f"api-version=1&{RESOURCE}", "invalid_request"),
          (f"{IMDS}&{RESOURCE}&scope=x", "invalid_request"),
          (f"{IMDS}&{RESOURCE}&client_id={CONNECTION}", "invalid_request"),
          (IMDS, "invalid_resource"), (f"{IMDS}&resource=https%3A%2F%2Fx", "invalid_resource"))),
    (("POST", f"{IMDS_PATH}{IMDS}&{RESOURCE}", {"Metadata": "true"}, None), 405,
     "method_not_allowed", True),
    (("GET", f"{APP}&{RESOURCE}", {"X-IDENTITY-HEADER": HEADER}, None), 200, None, False),
    *((("GET", target, {"X-IDENTITY-HEADER": header}, None), status, None, True)
      for status, target, header in (
          (401, f"{APP}&{RESOURCE}", "wrong"), (401, f"{APP}&{RESOURCE}", ""), (400, APP, HEADER),
          (400, f"{APP}&{RESOURCE}".replace("2019", "2018"), HEADER),
          (400, f"{APP}&{RESOURCE}&scope=x", HEADER),
          (400, f"{APP}&{RESOURCE}&client_id={USER}", HEADER))),
    (("POST", f"{APP}&{RESOURCE}", {"X-IDENTITY-HEADER": HEADER}, None), 405, None, True),
    *((("GET", target, {"Secret": secret}, None), status, None, status != 200)
      for status, target, secret in (
          (200, f"{LEARNING}&{RESOURCE}", HEADER), (401, f"{LEARNING}&{RESOURCE}", "wrong"),
          (400, LEARNING, HEADER), (400, f"{LEARNING}&{RESOURCE}&client_id={USER}", HEADER),
          (400, f"{LEARNING}&{RESOURCE}&clientid={USER}", HEADER))),
    (("GET", ARC, {"Metadata": "true"}, None), 401, "unauthorized_client", False),
    *((("GET", target, {"Metadata": metadata, "Authorization": proof}, None), status, error, error
       is not None) for status, error, target, metadata, proof in (
        (200, None, ARC, "true", f"Basic {ARC_KEY}"),
        (401, "unauthorized_client", ARC, "true", "Basic other"),
        (401, "unauthorized_client", ARC, "true", ARC_KEY),
        (400, "invalid_request", ARC, "yes", f"Basic {ARC_KEY}"),
        (400, "invalid_request", ARC.replace("2020", "2019"), "true", f"Basic {ARC_KEY}"),
        (400, "invalid_request", f"{ARC}&client_id={USER}", "true", f"Basic {ARC_KEY}"))),
    (("POST", "/oauth2/token", {"Metadata": "true"}, RESOURCE), 200, None, False),
    *(((method, target, {"Metadata": metadata}, body), 400, "invalid_request", True)
      for method, target, metadata, body in (
          ("POST", "/oauth2/token", "yes", RESOURCE), ("POST", "/oauth2/token", "true", ""),
          ("GET", "/oauth2/token", "true", RESOURCE),
          ("POST", "/oauth2/token", "true", f"{RESOURCE}&client_id={USER}"),
          ("POST", "/oauth2/token", "true", "resource=x"),
          ("POST", f"/oauth2/token?{IMDS}", "true", RESOURCE))),
    (("GET", "/else", {}, None), 404, "not_found", True)]


def encode(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


class Certificate(sign_in.Certificate):
    """That signs by OpenSSL's program."""

    def __init__(self, folder, name, *more):
        super().__init__(folder, name, *more)
        der = ssl.PEM_cert_to_DER_cert(self.pem)
        self.thumbprint, self.old_thumbprint = (encode(digest(der).digest())
                                                for digest in (sha256, sha1))

    def sign(self, header, claims, *options):
        text = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        options = options or ("rsa_padding_mode:pss", "rsa_pss_saltlen:32")
        options = [word for option in options for word in ("-sigopt", option)]
        signature = subprocess.run(["openssl", "dgst", "-sha256", *options, "-sign", self.key],
                                   input=text.encode(), check=True, capture_output=True,
                                   timeout=WAIT_S).stdout
        return f"{text}.{encode(signature)}"


class Arm(Case):
    def test_what_is_refused(self):
        self.play(ARM, lambda row: self.emulator.arm(row[0], row[1], row[3], row[2], row[4]))

    def test_tokens(self):
        e = self.emulator
        for scope, status in (("https://graph.microsoft.com", 401), (e.url, 404),
                              ("https://management.core.windows.net/", 404)):
            e.sign_in(scope=f"{scope}/.default")
            self.expect(e.get(), status)
        self.assertEqual(len(e.rejected()), 1)
        e.back("revoke-tokens", {})
        answer = self.expect(e.get(), 401, "InvalidAuthenticationToken")
        self.assertIn("Bearer", answer.headers["www-authenticate"])
        self.assertEqual(len(e.rejected()), 1, "no client can know that a token was revoked")
        e.token = None
        self.expect(e.get(), 401, "AuthenticationFailed")
        e.sign_in(client_id=READER, client_secret="r")
        self.expect(e.get(), 404, NOT_FOUND)
        for send, action in ((e.put, "write"), (e.delete, "delete")):
            answer = self.expect(send(), 403, "AuthorizationFailed")
            self.assertIn(f"/registrations/customerSubscriptions/{action}'", answer.body.decode())

    def test_headers_of_answers(self):
        sent = {"x-ms-correlation-request-id": ONE, "x-ms-client-request-id": TWO}
        wanted = {**sent, "x-ms-return-client-request-id": "true"}
        shown = self.emulator.get(headers=wanted).headers
        self.assertEqual({name: shown[name] for name in sent}, sent)
        shown = self.emulator.put(headers={"x-ms-client-request-id": TWO}).headers
        self.assertNotIn("x-ms-client-request-id", shown)
        uuid.UUID(shown["x-ms-request-id"])
        self.assertIn("x-ms-ratelimit-remaining-subscription-writes", shown)



class SignIn(Case):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="certificates-")
        cls.ours, cls.other = (Certificate(cls.folder, name) for name in ("ours", "other"))
        cls.over = Certificate(cls.folder, "over", "-days", "-1")
        trust = {"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE}
        job = {"service": "github", "request_token": "job-token", "issuer": ISSUER,
               "subject": SUBJECT}
        machine = {"place": "virtual_machine", "tenant_id": TENANT, "client_id": CLIENT}
        cls.config = {
            "applications": [{"tenant_id": tenant, "client_id": CLIENT, "client_secret": SECRET,
                              "certificates": [cls.over.pem, cls.ours.pem],
                              "federated_credentials": [trust]} for tenant in (TENANT, "adfs")],
            "jobs": [job, {**job, "service": "azure_devops", "request_token": "step-token",
                           "service_connection_id": CONNECTION}],
            "identities": [{**machine, "assigned": "system"},
                           {**machine, "client_id": USER, "assigned": "user", "role": "reader"},
                           {**machine, "place": "app_service", "assigned": "system",
                            "header": HEADER},
                           *({**machine, "place": place, "assigned": "system", "header": HEADER}
                             for place in ("azure_ml", "service_fabric")),
                           {**machine, "place": "azure_arc", "assigned": "system",
                            "header": ARC_KEY, "key_file": "/keys/a.key"},
                           {**machine, "place": "cloud_shell", "assigned": "system"}]}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    def tearDown(self):
        log = self.emulator.read_log()
        for secret in ("job-token", "step-token", HEADER, ARC_KEY, "eyJ", SECRET,
                       *harness.secret_forms(SECRET)):
            self.assertNotIn(secret, log)

    def assert_with(self, assertion):
        return self.emulator.ask_token(
            client_secret=None, client_assertion=assertion,
            client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer")

    def make(self, certificate=None, header=None, signer=None, options=(), **changes):
        certificate, now = certificate or self.ours, int(time.time())
        claims = {"iss": CLIENT, "sub": CLIENT, "jti": str(uuid.uuid4()), "nbf": now, "iat": now,
                  "exp": now + 600, "aud": f"{self.emulator.url}/{TENANT}/oauth2/v2.0/token",
                  **changes}
        return (signer or certificate).sign(
            {"alg": "PS256", "typ": "JWT", "x5t#S256": certificate.thumbprint, **(header or {})},
            {name: value for name, value in claims.items() if value is not None}, *options)

    def test_what_entra_refuses(self):
        self.play(ENTRA, lambda changes: self.emulator.ask_token(**changes))
        answer = self.emulator.ask_token(client_secret="wrong").json()
        self.assertTrue(answer["error_description"].startswith("AADSTS7000215: "))
        self.assertLessEqual({"timestamp", "trace_id", "correlation_id", "error_uri"}, set(answer))
        self.expect(self.emulator.send("GET", f"/{TENANT}/oauth2/v2.0/token"), 405, 900561)

    def test_assertions(self):
        good, now = self.make(), int(time.time())
        first, _, third = self.make().split(".")
        rows = [
            (good, 200, None), (good, 401, 50027), (self.make(self.other), 401, 700027),
            (self.make(self.over), 401, 700027), (self.make(signer=self.other), 401, 700027),
            (good[:-8] + "AAAAAAAA", 401, 700027),
            (".".join((first, good.split(".")[1], third)), 401, 700027),
            (self.make(options=("rsa_padding_mode:pkcs1",)), 401, 700027),
            (self.make(options=("rsa_padding_mode:pss", "rsa_pss_saltlen:20")), 401, 700027),
            ("not.a.jwt", 401, 50027), ("nothing", 401, 50027),
            *((self.make(**changes), 401, number) for number, changes in (
                (700021, {"iss": USER}), (700021, {"sub": USER}), (700021, {"sub": None}),
                (700023, {"aud": "https://login.microsoftonline.com"}), (700023, {"aud": None}),
                (700024, {"exp": now - 1}), (700024, {"nbf": now + 300}), (700024, {"nbf": None}),
                (700024, {"iat": now + 300}), (700024, {"exp": now + 3600}),
                (700024, {"exp": str(now + 600)}), (50027, {"jti": "1"}), (50027, {"jti": None}),
                (50027, {"extra": 1}), (50027, {"header": {"alg": "RS256"}}),
                (50027, {"header": {"typ": "jwt"}}), (50027, {"header": {"x5c": []}})))]
        self.play([(*row, row[1] != 200) for row in rows], self.assert_with)
        self.assertEqual(self.emulator.back("assertions"), [row[0] for row in rows])
        self.emulator.switch(clock_ahead_s=1800)
        self.expect(self.assert_with(self.make()), 401, 700024)

    def test_assertions_for_adfs(self):
        """RS256 and x5t, which Entra no longer takes."""
        hub = Hub(self.emulator, "munich")
        address = f"https://{hub.host('adfs')}/adfs/oauth2/token"
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

        def make(options=("rsa_padding_mode:pkcs1",), header=None, **changes):
            now = int(time.time())
            claims = {"iss": CLIENT, "sub": CLIENT, "jti": str(uuid.uuid4()), "nbf": now,
                      "iat": now, "exp": now + 600, "aud": address, **changes}
            header = header or {"alg": "RS256", "typ": "JWT", "x5t": self.ours.old_thumbprint}
            return self.ours.sign(header, claims, *options)
        used, new = make(), {"alg": "PS256", "typ": "JWT", "x5t#S256": self.ours.thumbprint}
        self.play([
            ((used, kind), 200, None, False),
            *((row, 400, "invalid_client", True) for row in (
                (used, kind), (make(()), kind), (make((), new), kind), ("x", kind),
                (make(aud=hub.e.url), kind), (make(iss=USER), kind), (make(exp=1), kind))),
            ((make(), "x"), 400, "invalid_request", True)],
            lambda row: hub.ask_adfs(client_secret=None, client_assertion=row[0],
                                     client_assertion_type=row[1]))

    def test_tokens_of_other_issuers(self):
        def issue(changes):
            made = {"issuer": ISSUER, "subject": SUBJECT, **changes}
            return self.assert_with(self.emulator.back("oidc-token", made)["oidc_token"])
        self.play([({}, 200, None, False), ({"issuer": "https://oidc.example"}, 401, 700211, True),
                   ({"subject": "x"}, 401, 700213, True), ({"audience": "x"}, 401, 700212, True),
                   ({"lifetime_s": 0}, 401, 700024, True)], issue)
        made_up = self.ours.sign({"alg": "RS256"}, {"iss": ISSUER, "sub": SUBJECT})
        self.expect(self.assert_with(made_up), 401, 50013)

    def test_issuers_and_machines(self):
        self.play(ISSUERS, lambda row: self.emulator.send(row[0], row[1], row[3], row[2]))
        self.play(MACHINE, lambda row: self.emulator.send(row[0], row[1], row[3], row[2],
                                                          port="machine-port"))
        self.play([((target, secret), status, None, status != 200) for target, secret, status in (
            (f"{FABRIC}&{RESOURCE}", HEADER, 200), (f"{FABRIC}&{RESOURCE}", "wrong", 404),
            (f"{FABRIC}&{RESOURCE}", "", 400), (FABRIC, HEADER, 400),
            (f"{FABRIC}&{RESOURCE}".replace("2019", "2018"), HEADER, 400),
            (f"{FABRIC}&{RESOURCE}&client_id={USER}", HEADER, 400))], lambda row:
            self.emulator.send("GET", row[0], None, {"Secret": row[1],
                                                     "Host": "servicefabric.localhost"}))
        answer = self.emulator.send("GET", ARC, None, {"Metadata": "true"}, port="machine-port")
        self.assertEqual(answer.headers["www-authenticate"], "Basic realm=/keys/a.key")

    def test_a_world_that_is_none(self):
        who = {"tenant_id": TENANT, "client_id": CLIENT}
        for name, body in (("application", {**who, "certificates": ["x"]}),
                           ("application", {**who, "certificates": self.ours.pem}),
                           ("application", {**who, "federated_credentials": [{"issuer": "x"}]}),
                           ("application", {"x": "y"}), ("application", {"client_id": USER}),
                           ("identity", {**who, "place": "moon"}),
                           ("identity", {"tenant_id": TENANT, "client_id": CONNECTION}),
                           ("job", {"service": "gitlab"}), ("oidc-token", {"issuer": "x"}),
                           ("registration", {"name": "berlin", "multi_tenancy": 1}),
                           ("registration", {"name": "new"}), ("access-token", {"client_id": "x"})):
            with self.assertRaises(Refused, msg=(name, body)):
                self.emulator.back(name, body)
