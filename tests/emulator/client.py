# What the emulator's own tests share: a client that sends what no provider would, and a case with
# one emulator. Expected values come from OpenAPI, from ARM's and Entra's documentation, or from
# Python's libraries, never from the emulator.
# SPDX-License-Identifier: MPL-2.0
import hashlib
import http.client
import json
import os
import ssl
import sys
import unittest
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "acceptance"))
import harness  # noqa: E402
from control import Refused  # noqa: E402,F401
from harness import CLIENT, SECRET, SUBSCRIPTION, TENANT  # noqa: E402

HUB = harness.HUB.format("berlin")
GROUP = HUB.split("/providers")[0]
ONE, TWO = "aaaaaaaa-1111-4111-8111-11111111111a", "bbbbbbbb-2222-4222-8222-22222222222b"
OTHER_TENANT = "cccccccc-3333-4333-8333-33333333333c"
READER, NOBODY = CLIENT.replace("4", "5"), CLIENT.replace("4", "6")
VERSION = "api-version=2017-06-01"
WAIT_S = 20
WORLD = {"applications": [
    {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET},
    {"tenant_id": TENANT, "client_id": READER, "client_secret": "r", "role": "reader"},
    {"tenant_id": OTHER_TENANT, "client_id": CLIENT, "client_secret": SECRET, "role": "owner"},
    {"tenant_id": OTHER_TENANT, "client_id": READER, "client_secret": "r", "role": "reader"},
    {"tenant_id": NOBODY, "client_id": CLIENT, "client_secret": SECRET},
    {"tenant_id": TENANT, "client_id": NOBODY, "client_secret": "n", "role": "none"},
    {"tenant_id": "adfs", "client_id": CLIENT, "client_secret": SECRET}]}


def item(customer=ONE, hub=HUB):
    return f"{hub}/customerSubscriptions/{customer}"


def tenant_of(customer):
    """As documented: 16 bytes of SHA-256, marked as a random GUID."""
    digest = hashlib.sha256(f"tenant of {customer.lower()}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def json(self):
        return json.loads(self.body)

    def code(self):
        """ARM's error code, or Entra's number, or whatever names the error; None: none."""
        try:
            found = self.json()
        except ValueError:
            return None
        if not isinstance(found, dict):
            return None
        error = found.get("error")
        return error["code"] if isinstance(error, dict) else found.get("error_codes", [error])[0]


class Emulator(harness.Emulator):
    def __init__(self, config=None):
        super().__init__({**WORLD, **(config or {})})
        self.port, self.token = int(self.url.rsplit(":", 1)[1]), None
        self.context = ssl.create_default_context(cafile=self.file("ca.pem"))

    def read_port(self, name):
        with open(self.file(name), encoding="ascii") as stream:
            return int(stream.read())

    def read_log(self):
        with open(self.file("requests.log"), encoding="utf-8") as stream:
            return stream.read()

    def back(self, name, body=None):
        return self.control.ask(name, body)

    def connect(self, port="port"):
        if port in ("port", "canary-port"):
            return http.client.HTTPSConnection("localhost", self.read_port(port),
                                               context=self.context, timeout=WAIT_S)
        return http.client.HTTPConnection("127.0.0.1", self.read_port(port), timeout=WAIT_S)

    def send(self, method, target, body=None, headers=None, connection=None, port="port"):
        own = connection or self.connect(port)
        try:
            own.request(method, target, body, headers or {})
            return Answer(own.getresponse())
        finally:
            if connection is None:
                own.close()

    def ask_token(self, tenant=TENANT, headers=None, **changes):
        form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET,
                "scope": "https://management.azure.com/.default", **changes}
        form = {name: value for name, value in form.items() if value is not None}
        return self.send("POST", f"/{tenant}/oauth2/v2.0/token", urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def sign_in(self, **changes):
        self.token = self.ask_token(**changes).json()["access_token"]

    def arm(self, method, path, body=None, query=VERSION, headers=None, **more):
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            own["Content-Type"] = "application/json"
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.send(method, f"{path}?{query}" if query else path, body,
                         {**own, **(headers or {})}, **more)

    def put(self, customer=ONE, tenant=None, **more):
        return self.arm("PUT", item(customer), {"properties": {"tenantId": tenant}}
                        if tenant else {}, **more)

    def get(self, customer=ONE, **more):
        return self.arm("GET", item(customer), **more)

    def delete(self, customer=ONE, **more):
        return self.arm("DELETE", item(customer), **more)

    def list(self):
        return self.arm("GET", f"{HUB}/customerSubscriptions")

    def listed(self):
        """The customers that LIST shows."""
        return [entry["id"].rsplit("/", 1)[1] for entry in self.list().json()["value"]]


class Case(unittest.TestCase):
    config = None

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(cls.config)

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.emulator.reset()
        self.emulator.sign_in()
        self.emulator.mark()

    def expect(self, answer, status, code=None):
        self.assertEqual((answer.status, answer.code() if code else None), (status, code),
                         answer.body)
        return answer

    def play(self, rows, send):
        """Each row is what `send` takes, the status, the code, and whether the client was wrong:
        that leaves a REJECTED line, and nothing else does."""
        for arguments, status, code, is_mistake in rows:
            with self.subTest(arguments=arguments):
                self.emulator.mark()
                answer = send(arguments)
                self.expect(answer, status, code)
                self.assertEqual(len(self.emulator.rejected()), is_mistake)
