# The emulator's own tests: every route, every switch each way, every fault, on the wire.
#
# EMULATOR_BINARY names the program. Expected values come from the swagger, from ARM's and
# Entra's documentation, or from Python's libraries, never from the emulator.
# SPDX-License-Identifier: MPL-2.0
import gzip
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import uuid

BINARY = os.environ["EMULATOR_BINARY"]
HERE = os.path.dirname(os.path.abspath(__file__))
MANUAL = os.path.join(HERE, "README.md")

TENANT = "33333333-3333-4333-8333-333333333333"
CLIENT = "44444444-4444-4444-8444-444444444444"
SECRET = "p%a+s&s=w/ö"
SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/azurestack"
HUB = f"{GROUP}/providers/Microsoft.AzureStack/registrations/berlin"
ONE = "aaaaaaaa-1111-4111-8111-11111111111a"
TWO = "bbbbbbbb-2222-4222-8222-22222222222b"
OTHER_TENANT = "cccccccc-3333-4333-8333-33333333333c"
VERSION = "api-version=2017-06-01"
WAIT_S = 20


def item(customer=ONE, hub=HUB):
    return f"{hub}/customerSubscriptions/{customer}"


def tenant_of(customer):
    """As documented: 16 bytes of SHA-256, marked as a random GUID."""
    digest = hashlib.sha256(f"tenant of {customer.lower()}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def wait_for(what, condition):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"waited {WAIT_S} s for {what}")


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = body

    def json(self):
        return json.loads(self.body)

    def code(self):
        return self.json()["error"]["code"]


class Emulator:
    def __init__(self, config=None, options=()):
        self.dir = tempfile.mkdtemp(prefix="emulator-")
        command = [BINARY, "--dir", self.dir, *options]
        if config is not None:
            with open(self.file("config.json"), "w", encoding="utf-8") as stream:
                json.dump(config, stream)
            command += ["--config", self.file("config.json")]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        wait_for("the emulator", lambda: os.path.exists(self.file("port"))
                 or self.process.poll() is not None)
        self.port = self.read_port("port")
        self.context = ssl.create_default_context(cafile=self.file("ca.pem"))
        self.token = None

    def file(self, name):
        return os.path.join(self.dir, name)

    def read_port(self, name):
        with open(self.file(name), encoding="utf-8") as stream:
            return int(stream.read())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(WAIT_S)
        shutil.rmtree(self.dir)
        if status != 0:
            raise AssertionError(f"the emulator ended with {status}")

    def events(self, kind=None):
        with open(self.file("requests.log"), encoding="utf-8") as stream:
            found = [json.loads(line) for line in stream.read().split("\n")[:-1]]
        return [event for event in found if kind in (None, event["event"])]

    def second(self):
        try:
            with open(self.file("second.log"), encoding="utf-8") as stream:
                return stream.read()
        except FileNotFoundError:
            return ""

    def back(self, name, body=None, method=None, expect=200):
        connection = http.client.HTTPConnection("127.0.0.1", self.read_port("control-port"),
                                                timeout=WAIT_S)
        method = method or ("GET" if body is None else "POST")
        connection.request(method, f"/_emulator/{name}",
                           None if body is None else json.dumps(body))
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        assert response.status == expect, answer
        return answer

    def switch(self, **values):
        self.back("switches", values)

    def fault(self, match, what, **more):
        self.back("faults", [{"match": match, "what": what, **more}])

    def connect(self, host="localhost"):
        return http.client.HTTPSConnection(host, self.port, context=self.context,
                                           timeout=WAIT_S)

    def send(self, method, target, body=None, headers=None, connection=None):
        own = connection or self.connect()
        try:
            own.request(method, target, body, headers or {})
            response = own.getresponse()
            return Answer(response, response.read())
        finally:
            if connection is None:
                own.close()

    def ask_token(self, **changes):
        form = {"grant_type": "client_credentials", "client_id": CLIENT,
                "client_secret": SECRET, "scope": "https://management.azure.com/.default"}
        tenant = changes.pop("tenant", TENANT)
        form.update(changes)
        form = {name: value for name, value in form.items() if value is not None}
        return self.send("POST", f"/{tenant}/oauth2/v2.0/token", urllib.parse.urlencode(form),
                         {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, **changes):
        self.token = self.ask_token(**changes).json()["access_token"]

    def arm(self, method, path, body=None, query=VERSION, headers=None, **more):
        headers = dict(headers or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        return self.send(method, f"{path}?{query}" if query else path, body, headers, **more)

    def put(self, customer=ONE, tenant=None, hub=HUB, **more):
        body = {"properties": {"tenantId": tenant}} if tenant else {}
        return self.arm("PUT", item(customer, hub), body, **more)

    def get(self, customer=ONE, hub=HUB, **more):
        return self.arm("GET", item(customer, hub), **more)

    def delete(self, customer=ONE, hub=HUB, **more):
        return self.arm("DELETE", item(customer, hub), **more)

    def list(self, hub=HUB):
        return self.arm("GET", f"{hub}/customerSubscriptions")

    def mappings(self):
        return {m["id"]: m["tenant_id"] for m in self.back("mappings")}


WORLD = {
    "applications": [
        {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET},
        {"tenant_id": TENANT, "client_id": CLIENT.replace("4", "5"), "client_secret": "r",
         "role": "reader"},
        {"tenant_id": OTHER_TENANT, "client_id": CLIENT, "client_secret": SECRET},
    ],
}


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(WORLD)

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.emulator.back("reset", {})
        self.emulator.sign_in()
        self.mark = len(self.emulator.events())

    def new(self, kind):
        return [event for event in self.emulator.events()[self.mark:] if event["event"] == kind]

    def expect(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer.body)
        if code:
            self.assertEqual(answer.code(), code)
        return answer

    def rejects(self, answer, status, code):
        before = len(self.new("REJECTED"))
        self.expect(answer, status, code)
        self.assertGreater(before, 0, "no REJECTED line")
        self.mark = len(self.emulator.events())


class Start(unittest.TestCase):
    def test_without_configuration_it_serves_the_documented_world(self):
        emulator = Emulator()
        try:
            emulator.sign_in(client_secret="emulator-secret")
            for hub in ("berlin", "munich"):
                self.assertEqual(emulator.put(hub=f"{GROUP}/providers/Microsoft.AzureStack/"
                                              f"registrations/{hub}").status, 200)
            self.assertEqual(len(emulator.mappings()), 2)
        finally:
            emulator.stop()

    def test_wrong_options_and_configurations_are_refused(self):
        directory = tempfile.mkdtemp()
        path = os.path.join(directory, "config.json")
        self.addCleanup(shutil.rmtree, directory)
        for config in ("[]", "{", '{"nonsense": 1}', '{"bom": 3}', '{"registrations": [{}]}',
                       '{"faults": [{"match": "PUT", "what": "rst"}]}',
                       '{"applications": [{"x": "y"}]}', '{"put_answer": "203"}'):
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(config)
            run = subprocess.run([BINARY, "--dir", directory, "--config", path],
                                 capture_output=True, timeout=WAIT_S)
            self.assertEqual(run.returncode, 2, config)
            self.assertIn(b"azurestack-emulator: ", run.stderr)
        for arguments in ([], ["--dir"], ["--dir", directory, "--port", "70000"],
                          ["--dir", directory, "--tls", "perfect"],
                          ["--dir", directory, "--parent", "1"], ["--dir", directory, "x"]):
            run = subprocess.run([BINARY, *arguments], capture_output=True, timeout=WAIT_S)
            self.assertEqual(run.returncode, 2, arguments)
        self.assertFalse(os.path.exists(os.path.join(directory, "port")))

    def test_it_ends_with_its_parent_and_while_requests_are_pending(self):
        directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, directory)
        script = ('"$0" --dir "$1" --parent $$ & pid=$!; echo $pid; '
                  'while [ ! -e "$1/port" ]; do sleep 0.01; done')
        run = subprocess.run(["/bin/sh", "-c", script, BINARY, directory],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             timeout=WAIT_S)
        pid = int(run.stdout)
        wait_for("its end", lambda: not os.path.exists(f"/proc/{pid}/exe")
                 or open(f"/proc/{pid}/stat").read().split()[2] == "Z")

    def test_a_chosen_port_and_both_loopbacks(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        emulator = Emulator(options=["--port", str(port), "--tls", "ok"])
        try:
            self.assertEqual(emulator.port, port)
            hosts = ["localhost", "127.0.0.1"] + (["::1"] if socket.has_ipv6 else [])
            for host in hosts:
                try:
                    connection = emulator.connect(host)
                    answer = emulator.send("GET", f"{HUB}?{VERSION}", connection=connection)
                    self.assertEqual(answer.status, 401)
                    connection.close()
                except OSError as error:
                    if host != "::1":
                        raise
                    print(f"skipped: no ::1 here ({error})", file=sys.stderr)
        finally:
            emulator.stop()


class SignIn(Case):
    def refuses(self, status, error, number, **changes):
        answer = self.emulator.ask_token(**changes)
        self.assertEqual(answer.status, status, answer.body)
        body = answer.json()
        self.assertEqual((body["error"], body["error_codes"]), (error, [number]))
        self.assertTrue(body["error_description"].startswith(f"AADSTS{number}: "))
        for name in ("timestamp", "trace_id", "correlation_id", "error_uri"):
            self.assertIn(name, body)
        self.assertEqual(len(self.new("REJECTED")), 1)
        self.mark = len(self.emulator.events())

    def test_errors_as_entra_words_them(self):
        self.refuses(401, "invalid_client", 7000215, client_secret="wrong")
        self.refuses(401, "invalid_client", 7000218, client_secret=None)
        self.refuses(400, "unauthorized_client", 700016, client_id=ONE)
        self.refuses(400, "invalid_request", 90002, tenant=ONE)
        self.refuses(400, "invalid_scope", 70011, scope="https://management.azure.com/")
        self.refuses(400, "invalid_resource", 500011, scope="https://x.invalid/.default")
        self.refuses(400, "unsupported_grant_type", 70003, grant_type="password")
        self.refuses(400, "invalid_request", 900144, grant_type=None)
        self.refuses(400, "invalid_request", 900144, scope=None)
        self.refuses(400, "invalid_request", 9002313, resource="https://management.azure.com/")
        answer = self.emulator.send("POST", f"/{TENANT}/oauth2/v2.0/token", "{}",
                                    {"Content-Type": "application/json"})
        self.assertEqual(answer.json()["error_codes"], [900144])
        answer = self.emulator.send("GET", f"/{TENANT}/oauth2/v2.0/token")
        self.assertEqual(answer.status, 405)

    def test_a_token_and_its_life(self):
        answer = self.emulator.ask_token().json()
        self.assertEqual((answer["token_type"], answer["expires_in"]), ("Bearer", 3599))
        self.assertTrue(answer["access_token"].startswith("eyJ"))
        self.emulator.switch(expires_in_form="string", token_lifetime_s=1234)
        self.assertEqual(self.emulator.ask_token().json()["expires_in"], "1234")
        self.emulator.switch(token_lifetime_s=0)
        self.emulator.sign_in()
        answer = self.emulator.get()
        self.rejects(answer, 401, "ExpiredAuthenticationToken")
        self.assertIn("Bearer", answer.headers["www-authenticate"])

    def test_revoked_foreign_and_missing_tokens(self):
        self.expect(self.emulator.get(), 404)
        self.emulator.back("revoke-tokens", {})
        answer = self.expect(self.emulator.get(), 401, "InvalidAuthenticationToken")
        self.assertIn("www-authenticate", answer.headers)
        self.assertEqual(self.new("REJECTED"), [])
        self.emulator.token = "nonsense"
        self.rejects(self.emulator.get(), 401, "InvalidAuthenticationToken")
        self.emulator.token = None
        self.rejects(self.emulator.get(), 401, "AuthenticationFailed")
        self.emulator.sign_in(scope="https://graph.microsoft.com/.default")
        self.rejects(self.emulator.get(), 401, "InvalidAuthenticationToken")
        for audience in ("https://management.core.windows.net/",
                         f"https://localhost:{self.emulator.port}"):
            self.emulator.sign_in(scope=f"{audience}/.default")
            self.expect(self.emulator.get(), 404)

    def test_another_tenant_and_a_smaller_role(self):
        self.emulator.back("registration", {"name": "berlin", "tenant_id": TENANT})
        self.emulator.sign_in(tenant=OTHER_TENANT)
        self.expect(self.emulator.get(), 401, "InvalidAuthenticationTokenTenant")
        self.emulator.sign_in(client_id=CLIENT.replace("4", "5"), client_secret="r")
        self.expect(self.emulator.get(), 404, "CustomerSubscriptionNotFound")
        answer = self.expect(self.emulator.put(), 403, "AuthorizationFailed")
        self.assertIn("registrations/customerSubscriptions/write", answer.body.decode())
        self.expect(self.emulator.delete(), 403, "AuthorizationFailed")

    def test_nothing_secret_is_logged(self):
        self.emulator.back("application", {"tenant_id": TENANT, "client_id": ONE,
                                           "client_secret": "behind"})
        self.emulator.get()
        with open(self.emulator.file("requests.log"), encoding="utf-8") as stream:
            log = stream.read()
        for form in (SECRET, urllib.parse.quote_plus(SECRET), "behind", self.emulator.token,
                     "eyJ0"):
            self.assertNotIn(form, log)
        self.assertIn("client_secret=<secret>", log)
        request = self.emulator.events("REQUEST")[-1]
        self.assertRegex(request["headers"]["Authorization"], r"^Bearer <token #\d+>$")
        tokens = self.emulator.back("tokens")
        self.assertEqual(tokens[-1]["text"], self.emulator.token)


class Requests(Case):
    def test_versions_and_queries(self):
        for version in ("2017-06-01", "2022-06-01", "2020-06-01-preview"):
            self.expect(self.emulator.get(query=f"api-version={version}"), 404)
            self.expect(self.emulator.get(query=f"API-Version={version}"), 404)
        self.rejects(self.emulator.get(query=""), 400, "MissingApiVersionParameter")
        self.rejects(self.emulator.get(query="api-version="), 400, "MissingApiVersionParameter")
        self.rejects(self.emulator.get(query="api-version=2016-01-01"), 400,
                     "NoRegisteredProviderFound")
        for query in (f"{VERSION}&{VERSION}", f"{VERSION}&x=1", f"{VERSION}&a=%zz"):
            self.rejects(self.emulator.get(query=query), 400, "InvalidRequestUri")

    def test_paths(self):
        self.rejects(self.emulator.get(hub=HUB.replace("resourceGroups", "resourcegroups")), 400,
                     "InvalidRequestUri")
        self.expect(self.emulator.get(hub=HUB.replace("berlin", "BERLIN")), 404,
                    "CustomerSubscriptionNotFound")
        self.emulator.switch(spelling="insensitive")
        self.expect(self.emulator.get(hub=HUB.upper()), 404, "CustomerSubscriptionNotFound")
        self.emulator.switch(spelling="exact")
        self.expect(self.emulator.get(hub=HUB.replace("berlin", "%62erlin")), 404,
                    "CustomerSubscriptionNotFound")
        for path in ("/", GROUP, HUB + "/", HUB + "/products", item() + "/x", "/" + HUB,
                     HUB + "/customerSubscriptions/%zz"):
            self.rejects(self.emulator.arm("GET", path), 404, "InvalidResourceType")
        self.rejects(self.emulator.arm("GET", HUB.replace(SUBSCRIPTION, "x")), 400,
                     "InvalidSubscriptionId")
        self.expect(self.emulator.arm("GET", HUB.replace(SUBSCRIPTION, ONE)), 404,
                    "SubscriptionNotFound")
        self.expect(self.emulator.arm("GET", HUB.replace("azurestack/", "other/", 1)), 404,
                    "ResourceGroupNotFound")
        self.expect(self.emulator.get(hub=HUB + "x"), 404, "RegistrationNotFound")
        self.assertEqual(self.new("REJECTED"), [])
        for method, path in (("PATCH", item()), ("POST", item()), ("PUT", HUB),
                             ("DELETE", HUB), ("PUT", f"{HUB}/customerSubscriptions")):
            self.rejects(self.emulator.arm(method, path, {}), 405, "MethodNotAllowed")
        self.rejects(self.emulator.arm("GET", item(), {}), 400, "InvalidRequestContent")

    def test_bodies(self):
        for body in ("", "x", "[]", "null", '{"a":1,"a":1}', '{"x":1}', '{"id":"x"}',
                     '{"properties":[]}', '{"properties":{"tenantid":"x"}}',
                     '{"properties":{"tenantId":1}}', '{"properties":{"tenantId":"x"}}',
                     b'{"properties":{"\xff":1}}'):
            self.rejects(self.emulator.arm("PUT", item(), body), 400, "InvalidRequestContent")
        for kind in ("text/plain", "application/jsonx"):
            self.rejects(self.emulator.arm("PUT", item(), {}, headers={"Content-Type": kind}),
                         415, "UnsupportedMediaType")
        for body in ("{}", '{"properties":null}', '{"properties":{}}', '{"etag":"x"}'):
            self.expect(self.emulator.arm("PUT", item(), body, headers={
                "Content-Type": "application/json; charset=utf-8"}), 200)
        self.assertEqual(len(self.emulator.mappings()), 1)

    def test_headers_of_answers(self):
        answer = self.emulator.get(headers={
            "x-ms-correlation-request-id": ONE, "x-ms-client-request-id": TWO,
            "x-ms-return-client-request-id": "true"})
        self.assertEqual(answer.headers["x-ms-correlation-request-id"], ONE)
        self.assertEqual(answer.headers["x-ms-client-request-id"], TWO)
        uuid.UUID(answer.headers["x-ms-request-id"])
        self.assertIn("date", answer.headers)
        self.assertTrue(answer.headers["x-ms-ratelimit-remaining-subscription-reads"].isdigit())
        answer = self.emulator.put(headers={"x-ms-client-request-id": TWO})
        self.assertNotIn("x-ms-client-request-id", answer.headers)
        uuid.UUID(answer.headers["x-ms-correlation-request-id"])
        self.assertIn("x-ms-ratelimit-remaining-subscription-writes", answer.headers)
        self.assertIn("x-ms-ratelimit-remaining-subscription-deletes",
                      self.emulator.delete().headers)

    def test_registrations(self):
        answer = self.expect(self.emulator.arm("GET", HUB), 200).json()
        self.assertEqual((answer["id"], answer["name"], answer["type"], answer["location"]),
                         (HUB, "berlin", "Microsoft.AzureStack/registrations", "global"))
        self.assertEqual(answer["properties"]["billingModel"], "PayAsYouUse")
        self.emulator.back("registration", {"subscription_id": SUBSCRIPTION, "name": "far",
                                            "resource_group": "elsewhere", "cloud_id": ONE})
        by_group = self.emulator.arm("GET", f"{GROUP}/providers/Microsoft.AzureStack/"
                                     "registrations").json()["value"]
        self.assertEqual([r["name"] for r in by_group], ["berlin", "munich"])
        by_subscription = self.emulator.arm(
            "GET", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AzureStack/"
            "registrations").json()["value"]
        self.assertEqual([r["name"] for r in by_subscription], ["berlin", "munich", "far"])
        self.assertEqual(by_subscription[2]["properties"]["cloudId"], ONE)

    def test_discovery(self):
        answer = self.emulator.send("GET", "/metadata/endpoints?api-version=2022-09-01").json()
        origin = f"https://localhost:{self.emulator.port}"
        self.assertEqual(answer["resourceManager"], origin)
        self.assertEqual(answer["authentication"]["loginEndpoint"], origin)
        self.assertIsInstance(self.emulator.send(
            "GET", "/metadata/endpoints?api-version=2020-06-01").json(), list)
        self.emulator.switch(metadata="hub")
        path = "/metadata/endpoints?api-version="
        self.assertEqual(self.emulator.send("GET", path + "2022-09-01").status, 400)
        for version in ("1.0", "2015-01-01"):
            answer = self.emulator.send("GET", path + version).json()
            self.assertEqual(sorted(answer), ["authentication", "galleryEndpoint", "graphEndpoint",
                                              "portalEndpoint"])
        self.emulator.switch(metadata="cloud")
        self.rejects(self.emulator.send("GET", "/metadata/endpoints"), 400,
                     "MissingApiVersionParameter")
        self.rejects(self.emulator.send("GET", "/metadata/endpoints?api-version=1"), 400,
                     "InvalidApiVersionParameter")

    def test_the_log_holds_requests_as_received(self):
        connection = self.emulator.connect()
        target = HUB.replace("berlin", "%62erlin")
        self.emulator.arm("GET", target, connection=connection)
        self.emulator.arm("PUT", item(), "{ }", connection=connection)
        requests = self.new("REQUEST")
        self.assertEqual(requests[0]["path"], f"{target}?{VERSION}")
        self.assertEqual(requests[1]["body"], "{ }")
        self.assertEqual(requests[0]["connection"], requests[1]["connection"])
        self.assertEqual(len(self.new("CONNECT")), 1)
        self.assertEqual(self.new("TLS")[0]["version"], "TLSv1.3")
        answers = self.new("ANSWER")
        self.assertEqual([a["request"] for a in answers], [r["n"] for r in requests])
        self.assertEqual([a["status"] for a in answers], [200, 200])
        effects = [e["what"] for e in self.new("EFFECT")]
        self.assertEqual(effects, [f"PUT mapping {item().lower()}"])
        numbers = [event["n"] for event in self.emulator.events()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(self.emulator.back("log")["n"], numbers[-1])
        connection.close()


class LifeCycle(Case):
    def test_put_get_list_delete(self):
        self.expect(self.emulator.get(), 404, "CustomerSubscriptionNotFound")
        want = {"id": item(), "name": f"berlin/{ONE}",
                "type": "Microsoft.AzureStack/registrations/customerSubscriptions",
                "properties": {"tenantId": tenant_of(ONE)}}
        self.assertEqual(self.expect(self.emulator.put(), 200).json(), want)
        self.assertEqual(self.expect(self.emulator.put(), 200).json(), want)
        self.assertEqual(self.expect(self.emulator.get(), 200).json(), want)
        self.assertEqual(self.expect(self.emulator.list(), 200).json(), {"value": [want]})
        self.assertEqual(self.emulator.list(HUB.replace("berlin", "munich")).json()["value"], [])
        self.assertEqual(self.expect(self.emulator.delete(), 200).body, b"")
        self.assertEqual(self.expect(self.emulator.delete(), 204).body, b"")
        self.assertEqual(self.emulator.list().json(), {"value": []})
        self.assertEqual(self.new("REJECTED"), [])

    def test_one_subscription_per_tenant(self):
        self.emulator.put(ONE, OTHER_TENANT)
        self.emulator.put(TWO, OTHER_TENANT)
        self.assertEqual(self.emulator.mappings(), {item(TWO): OTHER_TENANT})
        self.assertTrue(self.new("EFFECT")[-2]["what"].startswith("displaced "))
        self.expect(self.emulator.get(ONE), 404)
        self.expect(self.emulator.delete(ONE), 204)
        self.emulator.switch(displaced_delete="404")
        self.expect(self.emulator.delete(ONE), 404, "CustomerSubscriptionNotFound")
        self.emulator.switch(displaced_delete="removes_mapping")
        self.expect(self.emulator.delete(ONE), 200)
        self.assertEqual(self.emulator.mappings(), {})
        # On another registration it is another matter.
        self.emulator.put(ONE, OTHER_TENANT)
        self.emulator.put(TWO, OTHER_TENANT, hub=HUB.replace("berlin", "munich"))
        self.assertEqual(len(self.emulator.mappings()), 2)

    def test_the_documented_codes(self):
        self.emulator.back("registration", {"name": "berlin", "multi_tenancy": False})
        self.expect(self.emulator.put(), 403, "UnauthorizedCspRegistration")
        self.emulator.back("registration", {"name": "berlin", "multi_tenancy": True,
                                            "billing_model": "Capacity"})
        self.expect(self.emulator.put(), 400, "CustomerSubscriptionsNotAllowed")
        self.expect(self.emulator.get(), 404)
        self.emulator.switch(not_allowed_on="all")
        self.expect(self.emulator.get(), 400, "CustomerSubscriptionsNotAllowed")
        self.expect(self.emulator.list(), 400, "CustomerSubscriptionsNotAllowed")
        self.emulator.back("registration", {"name": "berlin", "billing_model": "PayAsYouUse"})
        self.expect(self.emulator.put("no-guid"), 400, "InvalidCustomerSubscriptionId")
        for listed, status, code in (
                ({"partner": "other"}, 400, "BadCustomerSubscriptionId"),
                ({"partner": "ours", "offer": "payg"}, 400, "InvalidCSPSubscription"),
                ({"offer": "csp", "resolver": "down"}, 502, "MetadataResolverBadGatewayError")):
            self.emulator.back("subscription", {"subscription_id": ONE, **listed})
            self.expect(self.emulator.put(), status, code)
        self.emulator.back("subscription", {"subscription_id": ONE, "resolver": "up",
                                            "tenant_id": OTHER_TENANT})
        self.expect(self.emulator.put(), 200)
        self.assertEqual(self.emulator.mappings(), {item(): OTHER_TENANT})
        self.emulator.switch(unlisted_subscriptions="refused")
        self.expect(self.emulator.put(TWO), 400, "InvalidCSPSubscription")
        self.emulator.switch(error_status={"InvalidCSPSubscription": 409,
                                           "CustomerSubscriptionNotFound": 403})
        self.expect(self.emulator.put(TWO), 409, "InvalidCSPSubscription")
        self.expect(self.emulator.get(TWO), 403, "CustomerSubscriptionNotFound")
        self.assertEqual(self.new("REJECTED"), [])

    def test_locks(self):
        self.emulator.put()
        self.emulator.back("registration", {"name": "berlin", "lock": "CanNotDelete"})
        answer = self.expect(self.emulator.delete(), 409, "ScopeLocked")
        self.assertIn("RegistrationResourceLock", answer.body.decode())
        self.expect(self.emulator.put(TWO), 200)
        self.emulator.back("registration", {"name": "berlin", "lock": "ReadOnly"})
        self.expect(self.emulator.put(TWO), 409, "ScopeLocked")
        self.emulator.back("registration", {"name": "berlin", "lock": "none"})
        self.expect(self.emulator.delete(), 200)

    def test_paging(self):
        ids = [f"{n:08x}-1111-4111-8111-111111111111" for n in range(5)]
        for customer in ids:
            self.emulator.put(customer)
        self.emulator.switch(page_size=2)
        seen, pages, target = [], 0, f"{HUB}/customerSubscriptions?{VERSION}"
        while target:
            answer = self.expect(self.emulator.arm("GET", target, query=""), 200).json()
            seen += [entry["id"] for entry in answer["value"]]
            pages += 1
            link = answer.get("nextLink", "")
            origin = f"https://localhost:{self.emulator.port}"
            self.assertTrue(not link or link.startswith(origin + HUB), link)
            target = link[len(origin):]
        self.assertEqual((seen, pages), ([item(customer) for customer in ids], 3))
        self.rejects(self.emulator.arm("GET", f"{HUB}/customerSubscriptions",
                                       query=VERSION + "&$skipToken=p99"), 400,
                     "InvalidSkipToken")

    def test_write_bucket(self):
        self.emulator.switch(write_bucket=True, write_bucket_size=2, write_bucket_per_s=0)
        self.assertEqual([self.emulator.put().status, self.emulator.delete().status], [200, 200])
        answer = self.expect(self.emulator.put(), 429, "TooManyRequests")
        self.assertEqual(answer.headers["retry-after"], "1")
        self.expect(self.emulator.get(), 404)
        self.emulator.switch(write_bucket_per_s=100)
        wait_for("the bucket to fill", lambda: self.emulator.put().status == 200)


class Switches(Case):
    def test_put_answer(self):
        full = {"id", "name", "type", "properties"}
        for value, status, members in (
                ("200_full", 200, full), ("201_full", 201, full), ("200_no_tenant", 200, full),
                ("200_empty_strings", 200, full), ("200_empty_object", 200, set()),
                ("200_no_body", 200, None), ("201_empty", 201, None), ("202_empty", 202, None),
                ("204", 204, None)):
            self.emulator.switch(put_answer=value)
            answer = self.expect(self.emulator.put(), status)
            if members is None:
                self.assertEqual(answer.body, b"", value)
                continue
            body = answer.json()
            self.assertEqual(set(body), members)
            if value == "200_empty_strings":
                self.assertEqual((body["id"], body["name"], body["type"]), ("", "", ""))
            if members:
                tenant = {} if value == "200_no_tenant" else {"tenantId": tenant_of(ONE)}
                self.assertEqual(body["properties"], tenant)
        self.assertEqual(self.emulator.mappings(), {item(): tenant_of(ONE)})

    def poll(self, url):
        origin = f"https://localhost:{self.emulator.port}"
        self.assertTrue(url.startswith(origin))
        return self.emulator.arm("GET", url[len(origin):], query="")

    def test_put_answer_async(self):
        for result, there in (("Succeeded", 1), ("Failed", 0), ("Canceled", 0)):
            self.emulator.back("reset", {})
            self.emulator.sign_in()
            self.emulator.switch(put_answer="202_async", async_result=result, async_polls=2,
                                 async_retry_after_s=0)
            answer = self.expect(self.emulator.put(), 202)
            self.assertEqual((answer.body, answer.headers["retry-after"]), (b"", "0"))
            url = answer.headers["azure-asyncoperation"]
            found = [self.poll(url).json()["status"] for _ in range(4)]
            self.assertEqual(found, ["Running", "Running", result, result])
            self.assertEqual(len(self.emulator.mappings()), there)
        answer = self.emulator.put(TWO)
        self.emulator.switch(async_result="Succeeded")
        answer = self.emulator.put(TWO)
        found = [self.poll(answer.headers["location"]).status for _ in range(3)]
        self.assertEqual(found, [202, 202, 200])

    def test_tenant_id_supplied(self):
        for value, status, stored in (("stored", 200, OTHER_TENANT),
                                      ("ignored", 200, tenant_of(ONE)),
                                      ("checked", 400, tenant_of(ONE))):
            self.emulator.switch(tenant_id_supplied=value)
            self.expect(self.emulator.put(tenant=OTHER_TENANT), status)
            self.assertEqual(self.emulator.mappings(), {item(): stored})
        self.expect(self.emulator.put(tenant=tenant_of(ONE).upper()), 200)

    def test_put_body(self):
        for value, with_tenant, without in (("any", 200, 200), ("no_tenant", 400, 200),
                                            ("tenant", 200, 400)):
            self.emulator.switch(put_body=value)
            self.expect(self.emulator.put(tenant=tenant_of(ONE)), with_tenant)
            self.expect(self.emulator.put(), without)
        self.assertEqual(self.new("REJECTED"), [])

    def test_put_existing(self):
        self.emulator.switch(put_existing="409")
        self.expect(self.emulator.put(), 200)
        self.expect(self.emulator.put(), 409, "Conflict")
        self.emulator.switch(put_existing="updates")
        self.expect(self.emulator.put(tenant=OTHER_TENANT), 200)
        self.assertEqual(self.emulator.mappings(), {item(): OTHER_TENANT})

    def test_displaced_stays(self):
        self.emulator.switch(displaced_stays=True)
        self.emulator.put(ONE, OTHER_TENANT)
        self.emulator.put(TWO, OTHER_TENANT)
        self.assertEqual(len(self.emulator.list().json()["value"]), 2)
        self.expect(self.emulator.get(ONE), 200)
        self.expect(self.emulator.delete(ONE), 200)
        self.assertEqual(list(self.emulator.mappings()), [item(TWO)])

    def test_tenant_challenge(self):
        path = f"/subscriptions/{ONE}?api-version=2016-06-01"
        tenant = self.emulator.back("tenant", {"subscription_id": ONE})["tenant_id"]
        for switch, words in (("tenant", f'authorization_uri="https://login.windows.net/{tenant}"'),
                              ("common", 'authorization_uri="https://login.windows.net/common"'),
                              ("none", None)):
            self.emulator.switch(tenant_challenge=switch)
            answer = self.emulator.send("GET", path)
            self.assertEqual(answer.status, 401)
            challenge = answer.headers.get("www-authenticate")
            self.assertIn(words or "", challenge or "")
            self.assertEqual(challenge is None, words is None)
        self.assertEqual(self.emulator.events("REJECTED"), [])
        # A token has no business there.
        answer = self.emulator.arm("GET", f"/subscriptions/{ONE}", query="api-version=2016-06-01")
        self.rejects(answer, 400, "InvalidRequestUri")

    def test_lock_inherited(self):
        self.emulator.put()
        self.emulator.back("registration", {"name": "berlin", "lock": "ReadOnly"})
        self.expect(self.emulator.delete(), 409, "ScopeLocked")
        self.emulator.switch(lock_inherited=False)
        self.expect(self.emulator.delete(), 200)
        self.expect(self.emulator.put(), 200)

    def test_visible_after(self):
        self.emulator.switch(visible_after_gets=2)
        self.emulator.put()
        self.assertEqual(self.emulator.list().json()["value"], [])
        self.assertEqual([m["visible"] for m in self.emulator.back("mappings")], [False])
        self.assertEqual([self.emulator.get().status for _ in range(3)], [404, 404, 200])
        self.emulator.put()
        self.expect(self.emulator.get(), 200)
        self.emulator.switch(visible_after_gets=0, visible_after_ms=100)
        self.emulator.put(TWO)
        self.expect(self.emulator.get(TWO), 404)
        wait_for("it to show", lambda: self.emulator.get(TWO).status == 200)

    def test_gone_after(self):
        self.emulator.switch(gone_after_gets=2)
        self.emulator.put()
        self.expect(self.emulator.delete(), 200)
        self.assertEqual(self.emulator.mappings(), {})
        self.assertEqual(len(self.emulator.list().json()["value"]), 1)
        self.expect(self.emulator.delete(), 204)
        self.assertEqual([self.emulator.get().status for _ in range(3)], [200, 200, 404])
        self.emulator.switch(gone_after_gets=0, gone_after_ms=100)
        self.emulator.put()
        self.emulator.delete()
        self.expect(self.emulator.get(), 200)
        wait_for("it to go", lambda: self.emulator.get().status == 404)
        self.expect(self.emulator.put(), 200)
        self.expect(self.emulator.get(), 200)

    def test_conflict_on_parallel_put(self):
        for value, code in ((True, "Conflict"),
                            ("AnotherOperationInProgress", "AnotherOperationInProgress")):
            self.emulator.switch(conflict_on_parallel_put=value, latency_ms=150)
            answers = []
            threads = [threading.Thread(target=lambda c=c: answers.append(self.emulator.put(c)))
                       for c in (ONE, TWO)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(sorted(a.status for a in answers), [200, 409])
            self.assertEqual([a.code() for a in answers if a.status == 409], [code])
            self.emulator.switch(latency_ms=0)
            self.expect(self.emulator.put(), 200)

    def test_forms_of_what_is_read(self):
        upper = ONE.upper()
        self.emulator.back("map", {"id": item(upper)})
        show = lambda: self.emulator.get().json()
        self.assertTrue(show()["id"].endswith(upper))
        self.emulator.switch(get_case="lower")
        self.assertTrue(show()["id"].endswith(ONE))
        self.emulator.switch(get_case="upper")
        self.assertEqual(show()["properties"]["tenantId"], tenant_of(ONE).upper())
        self.emulator.switch(id_form="no_slash", name_form="bare", type_form="backslash",
                             get_returns_tenant="no")
        self.assertEqual(show(), {"id": item(upper)[1:], "name": upper, "properties": {},
                                  "type": "Microsoft.AzureStack\\customerSubscriptions"})
        self.emulator.switch(answer_fields="no_id")
        self.assertEqual(show(), {"name": upper, "properties": {},
                                  "type": "Microsoft.AzureStack\\customerSubscriptions"})
        self.emulator.switch(answer_fields="sparse")
        self.assertEqual(show(), {"properties": {}})

    def test_missing_get(self):
        for value, status, code in (("404_code", 404, "CustomerSubscriptionNotFound"),
                                    ("400_code", 400, "CustomerSubscriptionNotFound"),
                                    ("404_resource_not_found", 404, "ResourceNotFound"),
                                    ("404_empty", 404, None)):
            self.emulator.switch(missing_get=value)
            answer = self.expect(self.emulator.get(), status, code)
            self.assertEqual(answer.body == b"", code is None)

    def test_deletes(self):
        for value, status, code in (("204", 204, None), (200, 200, None),
                                    ("404_code", 404, "CustomerSubscriptionNotFound"),
                                    ("400_code", 400, "CustomerSubscriptionNotFound")):
            self.emulator.switch(delete_missing=value)
            self.expect(self.emulator.delete(), status, code)
        for value, status in (("200", 200), ("204", 204), ("202_empty", 202)):
            self.emulator.switch(delete_existing=value)
            self.emulator.put()
            self.assertEqual(self.expect(self.emulator.delete(), status).body, b"")
            self.assertEqual(self.emulator.mappings(), {})

    def test_case_rule(self):
        upper = ONE.upper()
        for rule, found, put in (("insensitive", 200, 200), ("exact", 404, 200),
                                 ("lower_only", 404, 400)):
            self.emulator.back("reset", {})
            self.emulator.sign_in()
            self.emulator.switch(case_rule=rule)
            self.emulator.put()
            self.expect(self.emulator.get(), 200)
            self.expect(self.emulator.get(upper), found)
            self.expect(self.emulator.put(upper), put,
                        "BadCustomerSubscriptionId" if put == 400 else None)
            # One tenant, so one of the two spellings; the first one stays where case is nothing.
            want = upper if rule == "exact" else ONE
            self.assertEqual(list(self.emulator.mappings()), [item(want)])

    def test_list_shows(self):
        for customer in (ONE, TWO):
            self.emulator.put(customer)
        for value, count in (("all", 2), ("half", 1), ("nothing", 0),
                             ("empty_body_when_none", 2)):
            self.emulator.switch(list_shows=value)
            self.assertEqual(len(self.emulator.list().json()["value"]), count)
        self.emulator.back("unmap", {"id": item(ONE)})
        self.emulator.back("unmap", {"id": item(TWO).upper()})
        self.assertEqual(self.expect(self.emulator.list(), 200).body, b"")

    def test_etag(self):
        self.emulator.switch(etag=True)
        etag = self.emulator.put(headers={"If-None-Match": "*"}).json()["etag"]
        self.assertEqual(self.emulator.get().json()["etag"], etag)
        self.expect(self.emulator.put(headers={"If-None-Match": "*"}), 412, "PreconditionFailed")
        self.expect(self.emulator.put(headers={"If-Match": '"x"'}), 412)
        self.expect(self.emulator.delete(headers={"If-Match": '"x"'}), 412)
        self.expect(self.emulator.put(TWO, headers={"If-Match": "*"}), 412)
        self.expect(self.emulator.delete(headers={"If-Match": etag}), 200)
        self.emulator.switch(etag=False)
        self.expect(self.emulator.put(TWO, headers={"If-Match": "*"}), 200)

    def test_bom(self):
        self.emulator.switch(bom=True)
        self.assertTrue(self.emulator.put().body.startswith(b"\xef\xbb\xbf{"))
        self.assertTrue(self.emulator.ask_token().body.startswith(b"{"))

    def test_latency(self):
        self.emulator.switch(latency_ms=100)
        before = time.monotonic()
        self.emulator.get()
        self.assertGreaterEqual(time.monotonic() - before, 0.1)
        self.emulator.switch(latency_ms=WAIT_S * 2000, latency_on="PUT")
        self.expect(self.emulator.get(), 404)  # or this would never come
        self.emulator.switch(latency_on="ANY")
        # The effect does not wait, and a client that goes away does not undo it.
        self.emulator.switch(latency_ms=1000)
        connection = self.emulator.connect()
        connection.request("PUT", f"{item()}?{VERSION}", "{}", {
            "Content-Type": "application/json", "Authorization": f"Bearer {self.emulator.token}"})
        wait_for("the effect", lambda: self.emulator.mappings())
        connection.close()
        self.emulator.switch(latency_ms=0)
        self.expect(self.emulator.get(), 200)

    def test_wrong_values_are_refused_and_the_manual_lists_all(self):
        for name, value in (("put_answer", "203"), ("page_size", -1), ("page_size", "x"),
                            ("bom", 1), ("nonsense", 1), ("error_status", 1),
                            ("error_status", {"x": "y"}), ("tls", "perfect")):
            self.assertIn("error", self.emulator.back("switches", {name: value}, expect=400))
        with open(MANUAL, encoding="utf-8") as stream:
            rows = dict(re.findall(r"^\| `(\w+)` \| ([^|\n]*(?:\\\|[^|\n]*)*) \|", stream.read(),
                                   re.M))
        for switch in self.emulator.back("switches"):
            self.assertIn(switch["name"], rows, "the manual does not list it")
            for value in switch["values"].split("|"):
                self.assertIn(value, rows[switch["name"]].replace("\\|", "|"))


class FromAShell(Case):
    def control(self, *arguments):
        run = subprocess.run([sys.executable, os.path.join(HERE, "control.py"),
                              self.emulator.dir, *arguments], capture_output=True, text=True,
                             timeout=WAIT_S)
        return run.returncode, run.stdout, run.stderr

    def test_control_py_shows_and_changes(self):
        self.assertEqual(self.control("map", f"id={item()}", f"tenant_id={OTHER_TENANT}"),
                         (0, "{}\n", ""))
        status, shown, _ = self.control("mappings")
        self.assertEqual([m["tenant_id"] for m in json.loads(shown)], [OTHER_TENANT])
        self.control("switches", "page_size=2", "bom=true", "put_answer=204")
        values = {s["name"]: s["value"] for s in json.loads(self.control("switches")[1])}
        self.assertEqual((values["page_size"], values["bom"], values["put_answer"]),
                         (2, True, "204"))
        self.control("faults", '[{"match": "GET#1", "what": "status=503"}]')
        self.expect(self.emulator.get(), 503)
        self.control("reset")
        self.assertEqual(self.emulator.mappings(), {})

    def test_control_py_says_what_went_wrong(self):
        for arguments, text in ((["nonsense"], "no operation"), (["unmap", "id=x"], "no mapping"),
                                (["unmap", "x"], "not name=value"), ([], "usage"),
                                (["faults", "[}"], "faults: ")):
            status, shown, told = self.control(*arguments)
            self.assertEqual((status, shown), (1, ""))
            self.assertIn(text, told)

    def test_help_names_everything(self):
        told = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True,
                              timeout=WAIT_S).stdout
        for word in ([s["name"] for s in self.emulator.back("switches")]
                     + ["--dir", "--parent", "--machine-port", "oidc-token", "gzip_bomb",
                        "revoke-tokens", "BACKDOOR", "with-emulator"]):
            self.assertIn(word, told)
        # What it says to set is what the script sets, which acceptance/examples_test.py runs.
        top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        with open(os.path.join(top, "examples", "offline", "with-emulator"),
                  encoding="utf-8") as stream:
            script = stream.read()
        said = dict(re.findall(r"(ARM_\w+)=(\S+)", told))
        self.assertEqual(len(said), 7)
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_ENVIRONMENT",
                     "ARM_RESOURCE_MANAGER_AUDIENCE"):
            self.assertRegex(script, name + r"=(\S+:-)?" + "\"?" + re.escape(said[name]))


class BackDoor(Case):
    def test_mappings_behind_everybodys_back(self):
        self.emulator.back("map", {"id": item(ONE.upper()), "tenant_id": OTHER_TENANT})
        self.assertEqual(self.emulator.mappings(), {item(ONE.upper()): OTHER_TENANT})
        self.emulator.back("map", {"id": item(TWO), "tenant_id": OTHER_TENANT})
        self.assertEqual(len(self.emulator.mappings()), 2, "nothing is displaced")
        self.emulator.back("unmap", {"id": item(ONE)})
        self.assertEqual(list(self.emulator.mappings()), [item(TWO)])
        self.emulator.back("unmap", {"id": item(ONE)}, expect=400)
        self.emulator.back("map", {"id": HUB}, expect=400)
        self.assertEqual(self.new("BACKDOOR")[0]["what"], "/_emulator/map")
        self.assertEqual(self.new("EFFECT"), [])

    def test_registrations_come_and_go(self):
        self.emulator.put()
        self.emulator.back("forget-registration", {"name": "berlin"})
        self.expect(self.emulator.get(), 404, "RegistrationNotFound")
        self.emulator.back("forget-registration", {"name": "berlin"}, expect=400)
        self.emulator.back("registration", {"name": "berlin"}, expect=400)
        self.emulator.back("registration", {"name": "berlin", "resource_group": "azurestack",
                                            "subscription_id": SUBSCRIPTION})
        self.expect(self.emulator.get(), 404, "CustomerSubscriptionNotFound")
        names = [entry["name"] for entry in self.emulator.back("registrations")]
        self.assertEqual(names, ["munich", "berlin"])

    def test_tenants_and_reset(self):
        self.assertEqual(self.emulator.back("tenant", {"subscription_id": ONE.upper()}),
                         {"tenant_id": tenant_of(ONE)})
        self.emulator.put()
        self.emulator.switch(bom=True)
        self.emulator.fault("GET#1", "rst")
        self.emulator.back("reset", {})
        self.expect(self.emulator.get(), 401)
        self.emulator.sign_in()
        self.expect(self.emulator.get(), 404, "CustomerSubscriptionNotFound")
        self.assertEqual(self.emulator.back("faults")["faults"], [])
        for name in ("nonsense", "map", "tenant"):
            self.emulator.back(name, {}, expect=400)
        self.emulator.back("map", method="PUT", expect=400)
        self.emulator.back("tokens")

    def test_disconnect_and_refuse(self):
        connection = self.emulator.connect()
        self.emulator.get(connection=connection)
        self.emulator.back("disconnect", {})
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.emulator.send("GET", "/", connection=connection)
        connection.close()
        self.emulator.back("refuse", {"ms": 100})
        with self.assertRaises(ConnectionRefusedError):
            self.emulator.get()
        wait_for("it to open again", lambda: self.emulator.events()[-1]["event"] == "OPEN")
        self.expect(self.emulator.get(), 404)


class Faults(Case):
    def raw(self, target, method="GET", body="", limit=None, patience_s=WAIT_S):
        """All bytes until the end, and how it ended: end, fin, rst, open."""
        # TLS over buffers, because ssl.SSLSocket tells a RST and a FIN apart badly.
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        line = self.emulator.context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        plain = socket.create_connection(("127.0.0.1", self.emulator.port), patience_s)
        request = (f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                   f"{self.emulator.token}\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        data, steps = b"", [line.do_handshake, lambda: line.write(request)]
        try:
            while limit is None or len(data) < limit:
                try:
                    if steps:
                        steps[0]()
                        steps.pop(0)
                    else:
                        chunk = line.read(65536)
                        if not chunk:  # some Pythons tell the end so, others by an exception
                            return data, "end"
                        data += chunk
                    plain.sendall(outgoing.read())
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    chunk = plain.recv(65536)
                    if not chunk:
                        return data, "fin"
                    incoming.write(chunk)
                except ssl.SSLZeroReturnError:
                    return data, "end"
            return data, "limit"
        except ConnectionResetError:
            return data, "rst"
        except TimeoutError:
            return data, "open"
        finally:
            plain.close()

    def fired(self, what):
        faults = self.new("FAULT")
        self.assertEqual([f["what"] for f in faults], [what])
        self.mark = len(self.emulator.events())
        return faults[0]

    def get_raw(self, **more):
        return self.raw(f"{item()}?{VERSION}", **more)

    def test_no_answer_before_and_after_the_effect(self):
        for when, there in (("before", 0), ("after", 1)):
            for what in ("rst", "fin", "end", "hang"):
                self.emulator.fault("PUT#1", what, when=when)
                data, end = self.raw(f"{item()}?{VERSION}", "PUT", "{}", patience_s=0.3)
                self.assertEqual((data, end), (b"", "open" if what == "hang" else what))
                self.assertEqual(len(self.emulator.mappings()), there)
                self.assertEqual(self.fired(what)["before"], when == "before")
                if there:
                    self.expect(self.emulator.delete(), 200)

    def test_half_an_answer(self):
        self.emulator.put()
        whole, _ = self.get_raw(patience_s=0.2)
        for then in ("rst", "fin", "end", "hang"):
            self.emulator.fault("GET#1", "half", then=then)
            data, end = self.get_raw(patience_s=0.3)
            self.assertEqual(end, "open" if then == "hang" else then)
            self.assertTrue(data.startswith(b"HTTP/1.1 200 "), data)
            self.assertLess(len(data), len(whole))
            self.assertIn(b'{"id"', data)
            self.fired("half")
        # Before the effect: half of the answer that would have been.
        self.emulator.fault("PUT#1", "half", when="before")
        data, _ = self.raw(f"{item(TWO)}?{VERSION}", "PUT", "{}")
        self.assertTrue(data.startswith(b"HTTP/1.1 200 "), data)
        self.assertEqual(list(self.emulator.mappings()), [item()])
        self.assertEqual([e["what"] for e in self.new("EFFECT")], [])

    def test_lengths_that_lie(self):
        self.emulator.put()
        self.emulator.fault("GET#1", "truncated")
        with self.assertRaises(http.client.IncompleteRead):
            self.emulator.get()
        self.fired("truncated")
        self.emulator.fault("GET#1", "wrong_length")
        answer = self.emulator.get()
        self.assertEqual(len(answer.body), int(answer.headers["content-length"]))
        with self.assertRaises(ValueError):
            answer.json()
        self.fired("wrong_length")
        self.emulator.fault("GET#1", "endless")
        data, end = self.get_raw(limit=3_000_000)
        self.assertEqual(end, "limit")
        self.assertIn(b"Transfer-Encoding: chunked", data)
        self.fired("endless")

    def test_a_bomb(self):
        self.emulator.fault("GET#1", "gzip_bomb")
        answer = self.emulator.get()
        self.assertEqual(answer.headers["content-encoding"], "gzip")
        self.assertLess(len(answer.body), 1_000_000)
        unpacked, stream = 0, gzip.GzipFile(fileobj=io.BytesIO(answer.body))
        with self.assertRaises((OSError, EOFError)):  # the checksum, at the very end
            while True:
                unpacked += len(stream.read(1 << 20))
        self.assertGreater(unpacked, 100_000_000)
        self.fired("gzip_bomb")

    def test_slow(self):
        self.emulator.put()
        whole, _ = self.get_raw(patience_s=0.2)
        self.emulator.fault("GET#1", "slow", interval_ms=1)
        before = time.monotonic()
        data, end = self.get_raw()
        self.assertEqual((end, data.split(b"\r\n\r\n")[1]), ("end", whole.split(b"\r\n\r\n")[1]))
        self.assertGreater(time.monotonic() - before, len(data) * 0.001)
        self.fired("slow")

    def test_status(self):
        for status in (400, 401, 403, 404, 409, 429, 500, 502, 503, 504):
            self.emulator.fault("PUT#1", "status", status=status)
            self.assertIn("message", self.expect(self.emulator.put(), status).json()["error"])
            self.assertEqual(self.emulator.mappings(), {})
            self.emulator.fault("PUT#1", f"status={status}", body="empty")
            self.assertEqual(self.expect(self.emulator.put(), status).body, b"")
            self.emulator.fault("PUT#1", "status", status=status, body="html")
            answer = self.expect(self.emulator.put(), status)
            self.assertIn(b"<html>", answer.body)
            self.assertEqual(answer.headers["content-type"], "text/html")
        self.emulator.fault("PUT#1", "status", status=500, when="after", code="Odd")
        self.expect(self.emulator.put(), 500, "Odd")
        self.assertEqual(len(self.emulator.mappings()), 1)

    def test_retry_after(self):
        for value, pattern in ((7, "7"), ("0", "0"), ("date", r"\w{3}, \d\d .* GMT"),
                               ("huge", r"\d{20}"), ("garbage", "soon.*"), ("negative", "-5")):
            self.emulator.fault("GET#1", "status", status=429, retry_after=value)
            answer = self.expect(self.emulator.get(), 429, "TooManyRequests")
            self.assertRegex(answer.headers["retry-after"], f"^{pattern}$")
        self.emulator.fault("GET#1", "status", status=503, retry_after="ms")
        answer = self.emulator.get()
        self.assertTrue(answer.headers["x-ms-retry-after-ms"].isdigit())
        self.assertNotIn("retry-after", answer.headers)

    def test_other_bodies(self):
        self.emulator.put()
        self.emulator.fault("GET#1", "not_json")
        with self.assertRaises(ValueError):
            self.expect(self.emulator.get(), 200).json()
        self.emulator.fault("GET#1", "html")
        self.assertIn(b"<html>", self.expect(self.emulator.get(), 200).body)
        self.emulator.fault("GET#1", "deep")
        self.assertEqual(self.emulator.get().body.count(b"["), 100000)
        self.emulator.fault("GET#1", "duplicate_keys")
        names = [n for n, _ in json.loads(self.emulator.get().body,
                                          object_pairs_hook=lambda pairs: pairs)]
        self.assertEqual(names.count("properties"), 2)
        for method in ("GET", "LIST"):
            for what in ("other_tenant", "other_id", "empty_id"):
                self.emulator.fault(f"{method}#1", what)
                answer = self.emulator.list() if method == "LIST" else self.emulator.get()
                shown = answer.json()["value"][0] if method == "LIST" else answer.json()
                self.assertEqual(shown["properties"]["tenantId"] == tenant_of(ONE),
                                 what != "other_tenant")
                self.assertEqual(shown["id"] == item(), what == "other_tenant")
                self.assertEqual(shown["id"] == "", what == "empty_id")
        self.assertEqual(len(self.new("FAULT")), 10)

    def test_other_places(self):
        origin = f"https://localhost:{self.emulator.port}"
        second = self.emulator.read_port("second-port")
        target = f"{item()}?{VERSION}"
        for to, want in (("second", f"https://127.0.0.1:{second}{target}"),
                         ("http", f"http://127.0.0.1:{second}{target}"),
                         ("self", origin + target)):
            self.emulator.fault("PUT#1", "redirect", to=to)
            answer = self.expect(self.emulator.put(), 307)
            self.assertEqual(answer.headers["location"], want)
            self.assertEqual(self.emulator.mappings(), {})
            self.emulator.fault("LIST#1", "next_link", to=to)
            link = self.emulator.list().json()["nextLink"]
            self.assertEqual(link.split("/subscriptions")[0], want.split("/subscriptions")[0])
        self.emulator.fault("PUT#1", "redirect", to="self", status=302, when="after")
        self.expect(self.emulator.put(), 302)
        self.assertEqual(len(self.emulator.mappings()), 1)

    def test_tokens(self):
        for value in ("3", 3, "soon", -1, None):
            self.emulator.fault("TOKEN#1", "expires_in", value=value)
            answer = self.emulator.ask_token().json()
            self.assertEqual(answer["expires_in"], value)
        self.emulator.fault("TOKEN#1", "expires_in", value="0")
        self.emulator.sign_in()
        self.expect(self.emulator.get(), 401, "ExpiredAuthenticationToken")
        self.emulator.fault("TOKEN#1", "aadsts", code=90033, status=503)
        answer = self.emulator.ask_token()
        self.assertEqual((answer.status, answer.json()["error_codes"]), (503, [90033]))
        for what in ("html", "not_json", "deep", "duplicate_keys", "truncated", "half"):
            self.emulator.fault("TOKEN#1", what)
            try:
                self.assertEqual(self.emulator.ask_token().status, 200)
            except (OSError, http.client.HTTPException):
                self.assertIn(what, ("truncated", "half"))
        with open(self.emulator.file("requests.log"), encoding="utf-8") as stream:
            self.assertNotIn("eyJ0", stream.read())

    def test_refuse(self):
        other = self.emulator.connect()
        self.emulator.get(connection=other)
        self.emulator.fault("PUT#1", "refuse", ms=150)
        with self.assertRaises(OSError):
            self.emulator.put()
        with self.assertRaises(ConnectionRefusedError):
            self.emulator.get()
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.emulator.send("GET", "/", connection=other)
        other.close()
        wait_for("it to open again", lambda: self.emulator.events()[-1]["event"] == "OPEN")
        self.assertEqual(self.emulator.mappings(), {})
        self.expect(self.emulator.get(), 404)

    def test_which_request_a_rule_means(self):
        statuses = lambda n: [self.emulator.get().status for _ in range(n)]
        for match, want in (("GET#2", [404, 500, 404, 404]), ("GET#2-3", [404, 500, 500, 404]),
                            ("GET#3+", [404, 404, 500, 500]), ("GET#*", [500] * 4),
                            ("ANY#2", [404, 500, 404, 404]), ("PUT#*", [404] * 4)):
            self.emulator.fault(match, "status=500")
            self.assertEqual(statuses(4), want, match)
        self.emulator.back("faults", [{"match": kind + "#1", "what": "status=500"} for kind in
                                      ("REGISTRATION", "REGISTRATIONS", "LIST", "DELETE",
                                       "STATUS", "METADATA", "OTHER", "TOKEN")])
        location = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AzureStack/locations/global"
        for answer in (self.emulator.arm("GET", HUB),
                       self.emulator.arm("GET", HUB.rsplit("/", 1)[0]), self.emulator.list(),
                       self.emulator.delete(), self.emulator.ask_token(),
                       self.emulator.arm("GET", f"{location}/operationStatuses/x"),
                       self.emulator.send("GET", "/metadata/endpoints"),
                       self.emulator.arm("GET", "/x")):
            self.expect(answer, 500)
        counts = self.emulator.back("faults")["counts"]
        self.assertEqual((counts["ANY"], counts["LIST"]), (8, 1))

    def test_wrong_scripts_are_refused(self):
        for rule in ({"match": "PUT#0", "what": "rst"}, {"match": "X#1", "what": "rst"},
                     {"match": "PUT#1", "what": "x"}, {"match": "PUT#1", "what": "status"},
                     {"match": "PUT#1", "what": "rst", "status": 3}, 7,
                     {"match": "PUT#1", "what": "rst", "when": "never"},
                     {"match": "PUT#3-2", "what": "rst"},
                     {"match": "PUT#1", "what": "half", "then": "x"}):
            self.assertIn("error", self.emulator.back("faults", [rule], expect=400))
        self.emulator.back("faults", {}, expect=400)


class Tls(Case):
    def fails(self, pattern, **more):
        with self.assertRaisesRegex((ssl.SSLError, OSError), pattern):
            self.emulator.get(**more)

    def test_every_wrong_way(self):
        for mode, pattern in (("expired", "expired"), ("not_yet_valid", "not yet valid"),
                              ("wrong_name", "mismatch"), ("self_signed", "self[- ]signed"),
                              ("unknown_ca", "unable to get local issuer"), ("tls11", "."),
                              ("plaintext", "(?i)wrong.version|record"), ("cut", "(?i)eof|reset")):
            self.emulator.switch(tls=mode)
            self.fails(pattern)
            self.emulator.switch(tls="ok")
            self.expect(self.emulator.get(), 404)
        self.assertEqual(len({event["tls"] for event in self.new("CONNECT")}), 9)

    def test_tls11_is_what_it_says(self):
        self.emulator.switch(tls="tls11")
        context = ssl.create_default_context(cafile=self.emulator.file("ca.pem"))
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", self.emulator.port), WAIT_S) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as line:
                self.assertEqual(line.version(), "TLSv1.1")

    def test_plaintext_speaks_http(self):
        self.emulator.switch(tls="plaintext")
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=WAIT_S)
        self.expect(self.emulator.get(connection=connection), 404)
        connection.close()

    def test_the_switch_closes_what_is_open(self):
        connection = self.emulator.connect()
        self.emulator.get(connection=connection)
        self.emulator.switch(tls="expired")
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.emulator.send("GET", "/", connection=connection)
        connection.close()


class Second(unittest.TestCase):
    def test_whoever_comes_is_written_down(self):
        emulator = Emulator(WORLD)
        try:
            self.assertEqual(emulator.second(), "")
            self.assertFalse(os.path.exists(emulator.file("second.log")))
            emulator.sign_in()
            emulator.port = emulator.read_port("second-port")
            self.assertEqual(emulator.get().status, 200)
            self.assertIn("<token #1>", emulator.second())
            self.assertNotIn(emulator.token, emulator.second())
            connects = emulator.second().count("CONNECT")
            socket.create_connection(("127.0.0.1", emulator.port), WAIT_S).close()
            wait_for("the line", lambda: emulator.second().count("CONNECT") > connects)
        finally:
            emulator.stop()


class Load(Case):
    def test_many_at_once(self):
        self.emulator.switch(latency_ms=5)
        failures = []

        def work(k):
            connection = self.emulator.connect()
            for n in range(20):
                customer = f"{k:08x}-{n:04x}-4111-8111-111111111111"
                if self.emulator.put(customer, connection=connection).status != 200:
                    failures.append(customer)
            connection.close()
        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failures, len(self.emulator.mappings())), ([], 160))


if __name__ == "__main__":
    unittest.main(verbosity=2 if "-v" in sys.argv else 1)
