# The network between: proxies, an HTTP/2 front, private authorities, IPv6. What each is asked
# for is read from its own log, and what arrived from the emulator's.
# SPDX-License-Identifier: MPL-2.0
import base64
import os
import socket
import time
import unittest

import harness
from proxies import Front, Proxy, Relay
from harness import secret_forms

USER = "operator"
PASSWORD = "canary.pr0xy-pass_word"
AT_ONCE_S = 15  # an immediate error comes long before the end of retried connections


class Network(harness.Case):
    def setUp(self):
        super().setUp()
        self.port = self.emulator.url.rpartition(":")[2]
        # Not an exception from proxies, as localhost and 127.0.0.1 are: Go compares exactly.
        self.far = f"LOCALHOST:{self.port}"
        self.workspace.write(self.tenant())
        self.point_at(f"https://{self.far}")

    def point_at(self, url):
        for name in ("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "ARM_RESOURCE_MANAGER_ENDPOINT"):
            self.workspace.environment[name] = url

    def start(self, program):
        self.addCleanup(program.stop)
        return program

    def write_proxy(self, url, more=""):
        self.workspace.write(self.tenant() + 'variable "password" {\n  sensitive = true\n}\n',
                             provider=f'provider "azurestack" {{\n  proxy = {{\n    url = "{url}"\n'
                             f'{more}  }}\n}}\n')
        self.workspace.environment["TF_VAR_password"] = PASSWORD

    def with_user(self):
        return f'    username = "{USER}"\n    password = var.password\n'

    def live(self):
        """A whole life: what arrived is what arrives without anybody between."""
        self.workspace.apply()
        self.assertEqual(self.emulator.kinds(), ["GET", "PUT", "GET"])
        self.workspace.expect_settled()
        self.emulator.mark()
        self.workspace.destroy()
        self.assertEqual(self.emulator.kinds(), ["GET", "DELETE"])
        self.assertEqual(self.emulator.mappings(), {})

    def fail_at_once(self, **environment):
        start = time.monotonic()
        result = self.workspace.apply(expect=1, **environment)
        self.assertLess(time.monotonic() - start, AT_ONCE_S)
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.assertEqual(self.workspace.resources(), {})
        return result

    def traced(self):
        return {"TF_LOG": "TRACE", "TF_LOG_PATH": os.path.join(self.workspace.dir, "trace.log")}

    def expect_no_password(self):
        """Neither in what was printed nor in what was written, however it is encoded."""
        self.assertTrue("oauth2/v2.0/token" in self.workspace.read("trace.log"),
                        "the trace shows too little")
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode().rstrip("=")
        for form in secret_forms(PASSWORD) + [pair]:
            for text in self.workspace.printed:
                self.assertFalse(form in text, "the proxy's password was printed")
            for folder, _, names in os.walk(self.workspace.dir):
                for name in names:
                    for part, data in harness.contents(os.path.join(folder, name)):
                        self.assertFalse(form.encode() in data, part)


class AProxy(Network):
    def test_by_the_variable_and_no_other_service_is_contacted(self):
        proxy = self.start(Proxy())
        self.workspace.environment["HTTPS_PROXY"] = proxy.url
        self.live()
        # `custom` asks only the hosts that it names.
        self.assertEqual(set(proxy.asked_for()), {self.far})
        connections = self.emulator.all_events()[self.emulator.test_position:]
        connections = [event for event in connections if event["event"] == "CONNECT"]
        self.assertEqual(len(proxy.asked_for()), len(connections), "some went past the proxy")

    def test_no_proxy_is_honoured_by_variable_and_argument(self):
        proxy = self.start(Proxy())
        self.workspace.apply(HTTPS_PROXY=proxy.url, NO_PROXY="localhost")
        self.write_proxy(proxy.url)
        self.workspace.plan(NO_PROXY="localhost")
        self.assertEqual(proxy.asked_for(), [])
        self.workspace.plan(NO_PROXY="elsewhere.example")
        self.assertNotEqual(proxy.asked_for(), [])

    def test_the_argument_overrides_the_variable_and_has_a_password(self):
        proxy = self.start(Proxy(USER, PASSWORD))
        other = self.start(Proxy())
        self.write_proxy(proxy.url, self.with_user())
        self.workspace.environment.update(HTTPS_PROXY=other.url, **self.traced())
        self.live()
        self.assertEqual(other.asked_for(), [])
        self.assertEqual(set(proxy.asked_for()), {self.far})
        self.expect_no_password()

    def test_a_password_in_the_variable(self):
        proxy = self.start(Proxy(USER, PASSWORD))
        address = proxy.url.replace("//", f"//{USER}:{PASSWORD.replace('_', '%5F')}@")
        self.workspace.apply(HTTPS_PROXY=address, **self.traced())
        self.assertEqual(self.emulator.kinds(), ["GET", "PUT", "GET"])
        self.expect_no_password()

    def test_a_wrong_password_is_reported_at_once(self):
        proxy = self.start(Proxy(USER, "another"))
        self.write_proxy(proxy.url, self.with_user())
        result = self.fail_at_once(**self.traced())
        self.assertIn("rejected the user name and password", result.text)
        self.assertIn("username and password in the provider argument proxy", result.text)
        self.assertIn(f"127.0.0.1:{proxy.port}", result.text)
        # Planning asks once for each of its checks at most, applying once.
        self.assertLessEqual(len(proxy.asked_for()), 4)
        self.expect_no_password()

    def test_a_proxy_that_refuses_the_host_is_reported_at_once(self):
        proxy = self.start(Proxy(allows=[r"^allowed\.example$"]))
        self.fail_at_once(HTTPS_PROXY=proxy.url).says("the proxy returned status 403", "NO_PROXY")
        self.assertEqual(set(proxy.asked_for()), {self.far})

    def test_a_password_in_the_address_is_refused_unseen(self):
        self.write_proxy(f"http://{USER}:{PASSWORD}@127.0.0.1:3128")
        result = self.workspace.run("validate", "-no-color", expect=1)
        result.says("username and password in the same argument")
        os.remove(os.path.join(self.workspace.dir, "main.tf"))  # which has it
        # The CLI shows the line at fault; the provider's own words must not have it.
        said = result.text.partition("do not belong")[2]
        self.assertFalse(PASSWORD in said)

    def test_behind_tls(self):
        front = self.start(Front(self.emulator))  # which has a certificate for localhost
        relay = self.start(Relay("https", front.file("certificate.pem"), front.file("key.pem")))
        self.workspace.environment["HTTPS_PROXY"] = f"https://localhost:{relay.port}"
        result = self.fail_at_once()
        self.assertIn(f"the proxy localhost:{relay.port} (set by HTTPS_PROXY) is not trusted",
                      result.text)
        self.assertEqual(relay.asked, [])
        both = os.path.join(self.workspace.root, "both.pem")
        with open(both, "w", encoding="utf-8") as stream:
            for path in (front.file("certificate.pem"), self.emulator.file("ca.pem")):
                stream.write(harness.read(path))
        self.workspace.environment["SSL_CERT_FILE"] = both
        self.live()
        self.assertEqual(set(relay.asked), {self.far})

    def test_socks_resolves_names_at_the_proxy_under_either_scheme(self):
        relay = self.start(Relay("socks5"))
        for scheme in ("socks5", "socks5h"):
            with self.subTest(scheme):
                relay.asked.clear()
                self.workspace.environment["HTTPS_PROXY"] = f"{scheme}://127.0.0.1:{relay.port}"
                self.emulator.mark()
                self.live()
                # A name: what the provider had resolved would be an address.
                self.assertEqual(set(relay.asked), {self.far})

    def test_socks_with_a_password(self):
        relay = self.start(Relay("socks5", pair=(USER, PASSWORD)))
        self.write_proxy(f"socks5://127.0.0.1:{relay.port}", self.with_user())
        self.workspace.environment.update(self.traced())
        self.live()
        self.assertEqual(set(relay.asked), {self.far})
        self.expect_no_password()


class AFront(Network):
    def test_a_whole_life_over_http_2(self):
        front = self.start(Front(self.emulator))
        self.point_at(front.url)
        self.workspace.environment["SSL_CERT_FILE"] = front.file("certificate.pem")
        self.live()
        requests = front.requests()
        self.assertEqual({protocol for protocol, _, _ in requests}, {"h2"})
        everything = self.emulator.all_events()[self.emulator.test_position:]
        arrived = [event for event in everything if event["event"] == "REQUEST"]
        self.assertEqual(len(requests), len(arrived))

    def test_a_private_authority_is_named_with_the_way_to_add_it(self):
        front = self.start(Front(self.emulator))
        self.point_at(front.url)
        self.fail_at_once().says(f"localhost:{front.port} is not trusted",
                                 'the certificate of "CN = localhost"',
                                 'issued by "CN = localhost"', "is not a certificate authority in",
                                 self.emulator.file("ca.pem"), "ca_bundle", "SSL_CERT_FILE")
        self.workspace.write(self.tenant(), provider='provider "azurestack" {\n  ca_bundle = '
                             f'"{front.file("certificate.pem")}"\n}}\n')
        self.workspace.apply()


class Version6(Network):
    def test_an_address_of_ipv6(self):
        with socket.socket(socket.AF_INET6) as knocking:
            try:
                knocking.connect(("::1", int(self.port)))
            except OSError as error:
                raise unittest.SkipTest(f"no ::1 here: {error}") from None
        self.point_at(f"https://[::1]:{self.port}")
        self.live()
