# The way to the service: credential, arguments and variables, certificates, names, ports.
# SPDX-License-Identifier: MPL-2.0
import hashlib
import os
import socket
import ssl
import sys

import harness


def authority_names(path):
    """The names under which OpenSSL looks for an authority in a directory: the hash of its
    subject in canonical form (X509_NAME_hash: lower case, UTF8String, no outer SEQUENCE)."""
    kinds = {"commonName": b"\x03", "organizationName": b"\x0a"}
    encoded = b""
    for ((kind, text),) in ssl.create_default_context(cafile=path).get_ca_certs()[0]["subject"]:
        value = " ".join(text.lower().split()).encode()
        pair = b"\x06\x03\x55\x04" + kinds[kind] + b"\x0c" + bytes([len(value)]) + value
        pair = b"\x30" + bytes([len(pair)]) + pair
        encoded += b"\x31" + bytes([len(pair)]) + pair
    digest = hashlib.sha1(encoded).digest()
    return [f"{int.from_bytes(digest[:4], 'little'):08x}.0"]


class SignIn(harness.Case):
    expects_rejections = True

    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.workspace.init()

    def test_no_credential_is_told_when_the_service_is_needed(self):
        del self.workspace.environment["ARM_CLIENT_SECRET"]
        self.workspace.plan(expect=2)  # a plan needs nobody
        result = self.workspace.apply(expect=1)
        self.assertIn("client_secret", result.text)
        self.assertIn("ARM_CLIENT_SECRET", result.text)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_a_wrong_secret_is_explained_and_asked_once(self):
        self.workspace.environment["ARM_CLIENT_SECRET"] = "wrong"
        self.workspace.write(self.tenant() + self.tenant("other", customer=2))
        result = self.workspace.apply(expect=1)
        self.assertIn("AADSTS7000215", result.text)
        # Once while planning, once while applying: not once for each mapping.
        self.assertIn(self.emulator.calls(tokens=True), (["TOKEN"], ["TOKEN"] * 2))
        self.assertEqual(self.workspace.resources(), {})

    def test_a_port_that_refuses_is_tried_again_and_named_when_the_time_is_over(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # bound and not listening: refuses, and is nobody else's
            place = f"https://127.0.0.1:{nobody.getsockname()[1]}"
            self.workspace.environment["ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"] = place
            self.workspace.write(self.tenant(more='  timeouts {\n    create = "2s"\n  }\n'))
            result = self.workspace.apply(expect=1)
        self.assertIn(place.removeprefix("https://"), result.text)
        self.assertIn("refused", result.text.lower())
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_a_port_that_refuses_for_a_moment_is_waited_for(self):
        self.emulator.control.ask("refuse", {"ms": 1500})
        self.workspace.apply()
        self.assertEqual(self.emulator.kinds(), ["GET", "PUT", "GET"])

    def test_a_name_that_does_not_resolve_is_told_at_once(self):
        self.workspace.environment["ARM_RESOURCE_MANAGER_ENDPOINT"] = "https://arm.invalid"
        result = self.workspace.apply(expect=1)
        self.assertIn("arm.invalid", result.text)
        self.assertIn("What to do", result.text)

    def test_an_unknown_authority_is_named_with_the_way_to_add_it(self):
        del self.workspace.environment["SSL_CERT_FILE"]
        result = self.workspace.apply(expect=1)
        self.assertIn("ca_bundle", result.text)
        self.assertIn("SSL_CERT_FILE", result.text)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_ca_bundle_argument(self):
        del self.workspace.environment["SSL_CERT_FILE"]
        self.workspace.write(self.tenant(), provider='provider "azurestack" {\n  ca_bundle = '
                             f'"{self.emulator.file("ca.pem")}"\n}}\n')
        self.workspace.apply()

    def test_ssl_cert_dir(self):
        # The directory holds one file under the name by which OpenSSL looks for it.
        folder = os.path.join(self.workspace.root, "authorities")
        os.mkdir(folder)
        for name in authority_names(self.emulator.file("ca.pem")):
            os.symlink(self.emulator.file("ca.pem"), os.path.join(folder, name))
        del self.workspace.environment["SSL_CERT_FILE"]
        self.workspace.apply(SSL_CERT_DIR=folder)

    def test_arguments_come_before_variables(self):
        self.workspace.environment.update(ARM_TENANT_ID="wrong", ARM_CLIENT_ID="wrong",
                                          ARM_CLIENT_SECRET="wrong", ARM_ENVIRONMENT="mars",
                                          ARM_RESOURCE_MANAGER_ENDPOINT="https://arm.invalid",
                                          ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST="https://a.invalid")
        self.workspace.write(
            self.tenant() + 'variable "secret" {\n  sensitive = true\n}\n',
            provider=f'provider "azurestack" {{\n  tenant_id = "{harness.TENANT}"\n'
            f'  client_id = "{harness.CLIENT}"\n  client_secret = var.secret\n'
            f'  environment = "custom"\n  endpoint = [{{\n'
            f'    active_directory_authority_host = "{self.emulator.url}"\n'
            f'    resource_manager_endpoint = "{self.emulator.url}"\n'
            '    resource_manager_audience = "https://management.azure.com"\n  }]\n}\n')
        self.workspace.environment["TF_VAR_secret"] = harness.SECRET
        self.workspace.apply()
        self.workspace.expect_settled()

    def test_a_wrong_variable_is_named(self):
        result = self.workspace.apply(expect=1, ARM_ENVIRONMENT="mars")
        self.assertIn("ARM_ENVIRONMENT", result.text)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
