# Every fault and every value of the switch `tls`, as the bytes on the wire and their end show it.
# SPDX-License-Identifier: MPL-2.0
import http.client
import re
import socket
import ssl
import time
import zlib

from client import (HUB, ONE, SUBSCRIPTION, TWO, VERSION, WAIT_S, Case, Emulator,
                    Refused, harness, item, tenant_of)

TARGET = f"{item()}?{VERSION}"
HANG_S = 1        # so long nothing comes any more
SHOWN = {"properties": {"tenantId": tenant_of(ONE)}, "id": item(), "name": f"berlin/{ONE}"}
OTHER_ID = "99999999-0000-4000-8000-000000000000"
# what, more members; the status, a pattern of the body, and how it ends (open: it does not).
CARRIED = [
    ("half", {}, 200, rb'\{"id":.*[^}]', "rst"), ("half", {"then": "fin"}, 200, b".+", "fin"),
    ("half", {"then": "end"}, 200, b".+", "end"), ("half", {"then": "hang"}, 200, b".+", "open"),
    ("truncated", {}, 200, rb'\{"id":.*[^}]', "end"),
    ("wrong_length", {}, 200, rb"\{.*\}\}", "open"),
    ("slow", {"interval_ms": 1}, 200, rb"\{.*\}\}", "end"),
    ("endless", {}, 200, rb"(4000\r\n {16384}\r\n){9}.*", "limit"),
    ("gzip_bomb", {}, 200, rb"\x1f\x8b.*", "open"),
    *((ending, {}, None, b"", "open" if ending == "hang" else ending)
      for ending in ("rst", "fin", "end", "hang"))]
REDIRECTS = [("canary", "https://127.0.0.1:{canary}"), ("http", "http://127.0.0.1:{canary}"),
             ("self", "https://localhost:{main}")]
BODIES = [
    ("html", "text/html", "<html>.*"), ("not_json", "application/json", '{"id": not'),
    ("deep", "application/json", re.escape('{"properties":' + "[" * 100000)),
    ("duplicate_keys", "application/json", '.*"properties":.*"properties":')]
ITEMS = [("other_tenant", {"properties": {"tenantId": OTHER_ID}}),
         ("other_id", {"id": item(OTHER_ID), "name": OTHER_ID}),
         ("empty_id", {"id": "", "name": ""})]
RETRY_AFTER = [(7, "7"), ("0", "0"), ("date", r"\w{3}, \d\d .* GMT"), ("huge", r"\d{20}"),
               ("garbage", "soon.*"), ("negative", "-5"), (None, "None")]
BROKEN = [("refuse", {"ms": 1000}, ConnectionRefusedError), ("silence", {"ms": 1500}, TimeoutError),
          ("tls", {"mode": "expired", "ms": 1500}, ssl.SSLCertVerificationError)]
TLS = {"expired": "expired", "not_yet_valid": "not yet valid", "wrong_name": "mismatch",
       "self_signed": "self[- ]signed", "unknown_ca": "unable to get local issuer",
       "tls11": "version|protocol|legacy sigalg",  # the last by OpenSSL as Debian sets it
       "plaintext": "(?i)wrong.version|record",
       "cut": "(?i)eof|reset", "ok": None}
ELSEWHERE = {"status", "aadsts", "msis", "expires_in", "next_link", "redirect"}


class Faults(Case):
    def raw(self, method="GET", body="", limit=None, patience_s=HANG_S):
        """All bytes until the end, and how it ended: end, fin, rst, open, limit."""
        # TLS over buffers, because ssl.SSLSocket hardly distinguishes a RST from a FIN.
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        line = self.emulator.context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        plain = socket.create_connection(("127.0.0.1", self.emulator.port), patience_s)
        request = (f"{method} {TARGET} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
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
                        if not chunk:  # some Pythons report the end so, others by an exception
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

    def test_there_is_a_row_for_each(self):
        rows = {row[0] for table in (CARRIED, BODIES, ITEMS, BROKEN) for row in table}
        self.assertEqual(set(self.emulator.back("faults")["known"]), rows | ELSEWHERE)

    def test_answers_that_are_badly_carried(self):
        self.emulator.put()
        self.raw()    # the first one makes the certificate
        for what, more, status, pattern, end in CARRIED:
            with self.subTest(what=what, **more):
                self.emulator.mark()
                self.emulator.fault("GET#1", what, **more)
                begin = time.monotonic()
                data, ended = self.raw(limit=300000 if what == "endless" else None)
                head, _, body = data.partition(b"\r\n\r\n")
                self.assertEqual((ended, head[9:12]), (end, b"%d" % status if status else b""))
                self.assertRegex(body, b"(?s)^" + pattern + b"$")
                if what == "slow":
                    self.assertGreater(time.monotonic() - begin, 0.001 * len(data))
                length = re.search(rb"Content-Length: (\d+)", head)
                if length and what != "gzip_bomb":
                    order = {"wrong_length": 1, "slow": 0}.get(what, -1)
                    size = int(length[1])
                    self.assertEqual((len(body) > size) - (len(body) < size), order)
                self.assertEqual([event["what"] for event in self.emulator.events("FAULT")], [what])
                if what == "gzip_bomb":
                    self.assertLess(len(body), 1_000_000)
                    unpacked = zlib.decompressobj(31).decompress(body[:-8])
                    self.assertGreater(len(unpacked), 100_000_000)

    def test_before_and_after_the_effect(self):
        for when, there in (("before", {}), ("after", {item(): tenant_of(ONE)})):
            for what in ("rst", "fin", "end", "hang", "half", "status=500", "redirect"):
                with self.subTest(what=what, when=when):
                    self.emulator.reset()
                    self.emulator.sign_in()
                    self.emulator.mark()
                    self.emulator.fault("PUT#1", what, when=when)
                    data, _ = self.raw("PUT", "{}")
                    self.assertEqual(self.emulator.mappings(), there)
                    self.assertEqual(len(self.emulator.events("EFFECT")), len(there))
                    self.assertEqual(self.emulator.events("FAULT")[0]["before"], not there)
                    if what == "half":    # of the answer that would have been
                        self.assertTrue(data.startswith(b"HTTP/1.1 200 "), data)

    def test_status(self):
        for status in (400, 401, 403, 404, 409, 412, 429, 500, 502, 503, 504):
            self.emulator.fault("PUT#1", "status", status=status)
            self.assertIn("message", self.expect(self.emulator.put(), status).json()["error"])
            self.emulator.fault("PUT#1", f"status={status}", body="empty")
            self.assertEqual(self.expect(self.emulator.put(), status).body, b"")
            self.emulator.fault("PUT#1", "status", status=status, body="html")
            answer = self.expect(self.emulator.put(), status)
            self.assertEqual(answer.headers["content-type"], "text/html")
        self.emulator.fault("PUT#1", "status", status=500, when="after", code="Odd")
        self.expect(self.emulator.put(), 500, "Odd")
        for value, pattern in RETRY_AFTER:
            self.emulator.fault("GET#1", "status", status=429, retry_after=value)
            answer = self.expect(self.emulator.get(), 429, "TooManyRequests")
            self.assertRegex(str(answer.headers.get("retry-after")), f"^{pattern}$")
        self.emulator.fault("GET#1", "status", status=503, retry_after="ms")
        headers = self.emulator.get().headers
        self.assertEqual((headers["x-ms-retry-after-ms"], "retry-after" in headers), ("300", False))

    def test_other_bodies_and_places(self):
        self.emulator.put()
        for what, kind, pattern in BODIES:
            self.emulator.fault("GET#1", what)
            answer = self.expect(self.emulator.get(), 200)
            self.assertTrue(answer.headers["content-type"].startswith(kind))
            self.assertRegex(answer.body.decode(), f"(?s){pattern}")
        for what, changed in ITEMS:
            self.emulator.fault("GET#1", what)
            shown = self.emulator.get().json()
            self.emulator.fault("LIST#1", what)
            self.assertEqual(self.emulator.list().json()["value"], [shown])
            self.assertEqual({name: shown[name] for name in SHOWN}, {**SHOWN, **changed})
        ports = {"canary": self.emulator.read_port("canary-port"), "main": self.emulator.port}
        for to, origin in REDIRECTS:
            self.emulator.fault("PUT#1", "redirect", to=to)
            answer = self.expect(self.emulator.put(TWO), 307)
            self.assertEqual(answer.headers["location"],
                             origin.format(**ports) + f"{item(TWO)}?{VERSION}")
            self.emulator.fault("LIST#1", "next_link", to=to)
            self.assertEqual(self.emulator.list().json()["nextLink"], origin.format(**ports)
                             + f"{HUB}/customerSubscriptions?{VERSION}")

    def test_tokens(self):
        for value in ("3", 3, "soon", -1, None):
            self.emulator.fault("TOKEN#1", "expires_in", value=value)
            self.assertEqual(self.emulator.ask_token().json()["expires_in"], value)
        self.emulator.fault("TOKEN#1", "expires_in")
        self.assertNotIn("expires_in", self.emulator.ask_token().json())
        self.emulator.fault("TOKEN#1", "expires_in", value="0")
        self.emulator.sign_in()
        self.expect(self.emulator.get(), 401, "ExpiredAuthenticationToken")
        self.emulator.fault("TOKEN#1", "aadsts", code=90033, status=503)
        self.expect(self.emulator.ask_token(), 503, 90033)
        for what in ("html", "not_json", "deep", "duplicate_keys", "truncated", "half"):
            self.emulator.fault("TOKEN#1", what)
            try:
                self.assertEqual(self.emulator.ask_token().status, 200)
            except (OSError, http.client.HTTPException):
                self.assertIn(what, ("truncated", "half"))
        self.assertNotIn("eyJ0", self.emulator.read_log())

    def test_faults_that_break_a_connection(self):
        for what, more, error in BROKEN:
            with self.subTest(what=what):
                other = self.emulator.connect()
                self.expect(self.emulator.get(connection=other), 404)
                self.emulator.fault("PUT#1", what, when="before", **more)
                with self.assertRaises((OSError, http.client.HTTPException)):
                    self.emulator.put()
                with self.assertRaises((OSError, http.client.HTTPException)):
                    self.emulator.get(connection=other)
                other.close()
                with self.assertRaises(error):
                    with socket.create_connection(("127.0.0.1", self.emulator.port), 0.2) as plain:
                        with self.emulator.context.wrap_socket(plain, server_hostname="localhost"):
                            pass
                self.assertEqual(self.emulator.mappings(), {})
                harness.wait_for("its end", self.answers)
        self.assertEqual(len(self.emulator.events("OPEN")), 2)

    def answers(self):
        try:
            return self.emulator.get().status == 404
        except OSError:
            return False

    def test_which_request_a_rule_means(self):
        for match, want in (("GET#2", [404, 500, 404, 404]), ("GET#2-3", [404, 500, 500, 404]),
                            ("GET#3+", [404, 404, 500, 500]), ("GET#*", [500] * 4),
                            ("ANY#2", [404, 500, 404, 404]), ("PUT#*", [404] * 4)):
            self.emulator.fault(match, "status=500")
            self.assertEqual([self.emulator.get().status for _ in want], want, match)
        self.emulator.back("faults", [{"match": f"{kind}#1", "what": "status=500"} for kind in (
            "REGISTRATION", "REGISTRATIONS", "LIST", "DELETE", "STATUS", "METADATA", "OTHER",
            "TOKEN", "LOCKS", "OIDC", "IDENTITY", "SUBSCRIPTION", "ACTIVATION_KEY")])
        arm, send = self.emulator.arm, self.emulator.send
        place = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AzureStack/locations/global"
        for answer in (arm("GET", HUB), arm("GET", HUB.rsplit("/", 1)[0]), self.emulator.list(),
                       self.emulator.delete(), self.emulator.ask_token(), arm("GET", "/x"),
                       arm("GET", f"{place}/operationStatuses/x"), send("GET", "/github/idtoken"),
                       arm("GET", f"{HUB}/providers/Microsoft.Authorization/locks"),
                       arm("POST", f"{HUB}/getactivationkey"),
                       send("GET", "/metadata/endpoints"), send("GET", f"/subscriptions/{ONE}"),
                       send("GET", "/msi/token", port="machine-port")):
            self.expect(answer, 500)
        counts = self.emulator.back("faults")["counts"]
        self.assertEqual((counts["ANY"], counts["LIST"]), (13, 1))

    def test_wrong_scripts_are_refused(self):
        for rule in ({"match": "PUT#0", "what": "rst"}, {"match": "X#1", "what": "rst"},
                     {"match": "PUT", "what": "rst"}, {"match": "PUT#1", "what": "x"},
                     {"match": "PUT#1", "what": "status"}, {"match": "PUT#3-2", "what": "rst"}, 7,
                     {"match": "PUT#1", "what": "rst", "status": 3},
                     {"match": "PUT#1", "what": "rst", "when": "never"},
                     {"match": "PUT#1", "what": "half", "then": "x"}):
            with self.assertRaises(Refused, msg=rule):
                self.emulator.back("faults", [rule])
        with self.assertRaises(Refused):
            self.emulator.back("faults", {})


class Tls(Case):
    def test_every_value(self):
        for mode, pattern in TLS.items():
            with self.subTest(mode=mode):
                other = self.emulator.connect()
                self.emulator.get(connection=other)
                self.emulator.switch(tls=mode)
                with self.assertRaises((OSError, http.client.HTTPException)):
                    self.emulator.get(connection=other)    # the switch closes what is open
                other.close()
                if pattern:
                    with self.assertRaisesRegex(OSError, pattern):
                        self.emulator.get()
                self.emulator.reset()
                self.emulator.sign_in()
        self.assertEqual({event["tls"] for event in self.emulator.events("CONNECT")}, set(TLS))

    def test_what_two_of_them_do_speak(self):
        self.emulator.switch(tls="tls11")
        context = ssl.create_default_context(cafile=self.emulator.file("ca.pem"))
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", self.emulator.port), WAIT_S) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as line:
                self.assertEqual(line.version(), "TLSv1.1")
        self.emulator.switch(tls="plaintext")
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=WAIT_S)
        self.expect(self.emulator.get(connection=connection), 404)
        connection.close()

    def test_requests_to_the_canary_listener_are_logged(self):
        self.assertEqual(self.emulator.read_second(), "")
        own = Emulator()    # a process of its own: it complains when it is stopped
        own.sign_in()
        self.expect(own.get(port="canary-port"), 200)
        socket.create_connection(("127.0.0.1", own.read_port("canary-port"))).close()
        harness.wait_for("two", lambda: own.read_second().count("CONNECT") == 2)
        self.assertIn("<token #1>", own.read_second())
        self.assertNotIn(own.token, own.read_second())
        with self.assertRaisesRegex(AssertionError, "must not be contacted"):
            own.stop()
