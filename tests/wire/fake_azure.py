# Entra and Azure as far as the provider's rpcs ask them: a token, one registration, the pages of
# its list, and one mapping that can be written. Over TLS on loopback; how far the pages go, and
# when, is the test's.
# SPDX-License-Identifier: MPL-2.0
import http.server
import json
import os
import shutil
import ssl
import tempfile
import threading

from client import CUSTOMER_ID, MAPPING_ID, REGISTRATION_ID, TENANT_ID, WAIT_S, Identity

CLOUD_ID = "eeeeeeee-0000-4000-8000-000000000002"
REGISTRATION = {"id": REGISTRATION_ID, "name": "berlin", "location": "global", "properties": {
    "objectId": "eeeeeeee-0000-4000-8000-000000000001", "cloudId": CLOUD_ID,
    "billingModel": "PayAsYouUse"}}
ACTIVATION_KEY = "canary-of-a-key"


def customer(place):
    """The customer subscription that the list shows at this place, from 0."""
    return f"cccccccc-0000-4000-8000-{place:012}"


def tenant(place):
    """Its tenant. The list shows every other one in capitals."""
    return f"dddddddd-0000-4000-8000-{place:012}"


class Azure:
    """`closed_page` is answered when open_page() was called, `refused_page` with 403. Without
    `has_ids` mappings say their names alone. `is_mapped`: CUSTOMER_ID has a mapping. `has_other`:
    each page begins with an object whose ID is none of a mapping."""

    def __init__(self, pages=0, per_page=0, closed_page=0, refused_page=0, has_ids=True,
                 is_mapped=False, has_other=False):
        self.has_other = has_other
        self.pages, self.per_page, self.has_ids = pages, per_page, has_ids
        self.closed_page, self.refused_page, self.is_mapped = closed_page, refused_page, is_mapped
        self.requests, self.pages_asked = [], 0
        self.changed, self.is_open = threading.Condition(), False
        self.folder = tempfile.mkdtemp(prefix="wire-azure-")
        identity = Identity("127.0.0.1", address="127.0.0.1")
        path = os.path.join(self.folder, "both.pem")
        with open(path, "wb") as stream:
            stream.write(identity.certificate + identity.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        handler = type("Handler", (Handler,), {"azure": self})
        http.server.ThreadingHTTPServer.request_queue_size = 128
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a provider that hangs up is no error
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.url = f"https://127.0.0.1:{self.server.server_port}"
        self.variables = {"SSL_CERT_FILE": path}
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open_page()
        self.server.shutdown()
        self.server.socket.close()
        shutil.rmtree(self.folder)

    def open_page(self):
        with self.changed:
            self.is_open = True
            self.changed.notify_all()

    def wait_for_page(self, count):
        """Until so many pages of the list were asked for."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.pages_asked >= count, WAIT_S)

    def count(self, method):
        """Requests of this method that were about one mapping."""
        return sum(one[0] == method and "/customerSubscriptions/" in one[1]
                   for one in self.requests)

    def actions(self):
        return [path for method, path, _ in self.requests
                if method == "POST" and "/registrations/" in path]

    def mapping(self, name, tenant_id):
        return {**({"id": MAPPING_ID.replace(CUSTOMER_ID, name)} if self.has_ids else {}),
                "name": f"berlin/{name}", "properties": {"tenantId": tenant_id},
                "type": "Microsoft.AzureStack/registrations/customerSubscriptions"}

    def page(self, path):
        number = int(path.partition("page=")[2] or 1)
        with self.changed:
            self.pages_asked += 1
            self.changed.notify_all()
            self.changed.wait_for(lambda: number != self.closed_page or self.is_open)
        if number == self.refused_page:
            return 403, {"error": {"code": "AuthorizationFailed", "message": "no role"}}
        first = (number - 1) * self.per_page
        places = range(first, first + self.per_page if number <= self.pages else first)
        answer = {"value": [self.mapping(customer(place), tenant(place).upper() if place % 2
                                         else tenant(place)) for place in places]}
        if self.has_other:
            answer["value"].insert(0, {"id": "/subscriptions/other"})
        if number < self.pages:
            answer["nextLink"] = f"{self.url}{path.partition('?')[0]}?page={number + 1}"
        return 200, answer

    def answer(self, method, path):
        if "/oauth2/" in path:
            return 200, {"access_token": "not-a-token", "expires_in": 3599, "token_type": "Bearer"}
        if "/customerSubscriptions/" in path:
            is_there = self.is_mapped or method == "PUT"
            self.is_mapped = is_there and method != "DELETE"
            return (200, self.mapping(CUSTOMER_ID, TENANT_ID)) if is_there else (
                404, {"error": {"code": "CustomerSubscriptionNotFound", "message": "none"}})
        if "/customerSubscriptions" in path:
            return self.page(path)
        if method == "POST":
            return 200, {"activationKey": ACTIVATION_KEY}
        return 200, REGISTRATION if "/registrations/" in path else {"value": [REGISTRATION]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is written at once
    azure = None

    def serve(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.azure.requests.append((self.command, self.path, dict(self.headers)))
        status, answer = self.azure.answer(self.command, self.path)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = serve

    def log_message(self, *_):
        pass
