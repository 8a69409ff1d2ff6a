# Every way to sign in but the client secret and the Azure CLI, with real files, keys, issuers and
# machines. What each refusal says in full is in tests/exchanges/sign_in.
# SPDX-License-Identifier: MPL-2.0
import hashlib
import os
import socket
import ssl
import unittest

import harness
import sign_in
from harness import CLIENT, TENANT
from sign_in import (ARC_KEY, ARC_KEY_FILE, CONNECTION, DEVOPS, GITHUB, IDENTITY_HEADER, PASSWORD,
                     USER_IDENTITY, fails, read_base64, signs_in)


class Certificate(sign_in.SignInCase):
    METHOD = "client certificate"

    def test_pfx_by_its_path(self):
        self.signs_in(self.METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(PASSWORD),
                      ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)
        # Each process makes its own assertion; no key is in any of them.
        self.assertEqual(len(set(self.emulator.control.ask("assertions"))), 2)

    test_pfx_without_a_password = signs_in(
        METHOD, ARM_CLIENT_CERTIFICATE_PATH=lambda case: case.ours.pfx(None))
    test_pem_by_its_path = signs_in(
        METHOD, ARM_CLIENT_CERTIFICATE_PATH=lambda case: case.ours.pem_with_key())
    test_pem_with_an_encrypted_key = signs_in(
        METHOD, ARM_CLIENT_CERTIFICATE_PATH=lambda case: case.ours.pem_with_key(PASSWORD),
        ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)

    def test_pfx_in_base64(self):
        encoded = read_base64(self.ours.pfx(PASSWORD))
        self.workspace.secrets.append(encoded)
        self.signs_in(self.METHOD, ARM_CLIENT_CERTIFICATE=encoded,
                      ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)

    def test_arguments_instead_of_variables(self):
        # Terraform keeps input variables in saved plans; an ephemeral one it does not.
        self.workspace.write(
            self.tenant() + 'variable "password" {\n  ephemeral = true\n}\n',
            provider='provider "azurestack" {\n  client_certificate_path = "'
            + self.ours.pfx(PASSWORD) + '"\n  client_certificate_password = var.password\n}\n')
        self.signs_in(self.METHOD, TF_VAR_password=PASSWORD)

    def test_each_renewal_has_an_assertion_of_its_own(self):
        self.renews(ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(None))
        self.assertEqual(len(set(self.emulator.control.ask("assertions"))), 3)
        self.assertEqual(self.issued("method"), [self.METHOD] * 3)

    def test_the_command_that_converts_an_old_pfx_works(self):
        path = self.ours.pfx(PASSWORD, "-legacy", "-certpbe", "PBE-SHA1-RC2-40", name="old.pfx")
        # As a person would copy it: with the old password in, and a new one out.
        self.fails("RC2", "client_certificate_password",
                   f'openssl pkcs12 -legacy -in "{path}" -out new.pem',
                   ARM_CLIENT_CERTIFICATE_PATH=path, ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)
        new = os.path.join(self.folder, "new.pem")
        sign_in.openssl("pkcs12", "-legacy", "-in", path, "-out", new, "-passin", "env:PASSWORD",
                        "-passout", "env:PASSWORD", password=PASSWORD)
        self.emulator.mark()
        self.signs_in(self.METHOD, ARM_CLIENT_CERTIFICATE_PATH=new)


class Oidc(sign_in.SignInCase):
    METHOD = "federated token"

    def setUp(self):
        super().setUp()
        self.workspace.environment["ARM_USE_OIDC"] = "true"

    # A variable that was filled from a command's output ends in a line break.
    test_a_token = signs_in(METHOD, ARM_OIDC_TOKEN=lambda case: case.oidc_token() + "\n")
    test_a_file = signs_in(METHOD, ARM_OIDC_TOKEN_FILE_PATH=lambda case: case.file(
        "token", case.oidc_token() + "\n"))

    def github(self, **changes):
        return {"ACTIONS_ID_TOKEN_REQUEST_URL":
                f"{self.emulator.url}/github/idtoken?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": GITHUB, **changes}

    def devops(self, connection="ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", **changes):
        return {"SYSTEM_OIDCREQUESTURI": f"{self.emulator.url}/azure_devops/oidctoken",
                "SYSTEM_ACCESSTOKEN": DEVOPS, connection: CONNECTION, **changes}

    def test_an_issuer_makes_a_new_token_for_each_sign_in(self):
        for issuer in (self.github, self.devops):
            with self.subTest(issuer.__name__):
                self.emulator.reset()
                self.emulator.mark()
                self.signs_in(self.METHOD, **issuer())
                self.assertEqual(self.issued("oidc_token"), [1, 2])
                for name in issuer():
                    del self.workspace.environment[name]
                self.workspace.destroy(ARM_OIDC_TOKEN=self.oidc_token())

    def test_each_renewal_has_a_new_token_of_github(self):
        self.renews(**self.github())
        self.assertEqual(self.issued("oidc_token"), [1, 2, 3])

    def test_each_renewal_has_a_new_token_of_azure_devops(self):
        self.renews(**self.devops())
        self.assertEqual(self.issued("oidc_token"), [1, 2, 3])

    def test_azure_devops_with_azapis_variables(self):
        self.signs_in(self.METHOD, **self.devops("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"))

    def test_github_by_arguments(self):
        self.workspace.write(
            self.tenant() + 'variable "request_token" {\n  ephemeral = true\n}\n',
            provider='provider "azurestack" {\n  use_oidc = true\n  oidc_request_url = "'
            f'{self.emulator.url}/github/idtoken?api-version=2.0"\n'
            '  oidc_request_token = var.request_token\n}\n')
        del self.workspace.environment["ARM_USE_OIDC"]
        self.signs_in(self.METHOD, TF_VAR_request_token=GITHUB)


class Pod(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID"):
            del self.workspace.environment[name]
        # As the webhook sets them in a pod.
        self.workspace.environment.update(
            ARM_USE_AKS_WORKLOAD_IDENTITY="true", AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=CLIENT,
            AZURE_FEDERATED_TOKEN_FILE=self.file("token", self.oidc_token()))

    test_workload_identity = signs_in("federated token")

    def test_the_file_is_read_again_for_each_renewal(self):
        path = self.workspace.environment["AZURE_FEDERATED_TOKEN_FILE"]
        self.renews(lambda: os.rename(self.file("new", self.oidc_token()), path))
        self.assertEqual(self.issued("oidc_token"), [1, 1, 2])


class MachineCase(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        # There is no tenant to be named: the machine's identity has one.
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID"):
            del self.workspace.environment[name]
        self.workspace.environment["ARM_USE_MSI"] = "true"

    def at(self, path):
        return self.emulator.machine + path

    def expect_nothing_sent(self, header):
        for event in self.emulator.events("REQUEST"):
            self.assertNotIn(header, {name.lower() for name in event["headers"]})


class VirtualMachine(MachineCase):
    METHOD = "managed identity, virtual_machine"

    def setUp(self):
        super().setUp()
        self.workspace.environment["ARM_MSI_ENDPOINT"] = self.at("/metadata/identity/oauth2/token")

    test_another_api_version = signs_in(METHOD, ARM_MSI_API_VERSION="2020-06-01")

    def test_its_own_identity_and_one_that_is_assigned_to_it(self):
        for given, client in (({}, CLIENT), ({"ARM_CLIENT_ID": USER_IDENTITY}, USER_IDENTITY)):
            self.emulator.reset()
            self.emulator.mark()
            self.signs_in(self.METHOD, **given)
            self.assertEqual(set(self.issued("client_id")), {client})
            self.workspace.destroy()

    def test_renewal(self):
        self.renews()
        self.assertEqual(self.issued("method"), [self.METHOD] * 3)

    def test_a_proxy_is_not_asked(self):
        # It would ask for its own machine's identity. There is no listener.
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            self.signs_in(self.METHOD, ALL_PROXY="", NO_PROXY="localhost",
                          http_proxy=f"http://127.0.0.1:{nobody.getsockname()[1]}")

    def test_the_header_of_app_service_goes_nowhere_else(self):
        self.signs_in(self.METHOD, IDENTITY_ENDPOINT=self.at("/msi/token"),
                      IDENTITY_HEADER=IDENTITY_HEADER)
        self.expect_nothing_sent("x-identity-header")


class OtherMachines(MachineCase):
    test_an_app = signs_in(
        "managed identity, app_service", IDENTITY_HEADER=IDENTITY_HEADER,
        IDENTITY_ENDPOINT=lambda case: case.at("/msi/token"))
    test_a_variable_that_came_through_alone = fails(
        "Only these are set: IDENTITY_ENDPOINT", "Azure Arc: IDENTITY_ENDPOINT, IMDS_ENDPOINT",
        "or set msi_endpoint (ARM_MSI_ENDPOINT)",
        IDENTITY_ENDPOINT=lambda case: case.at("/msi/token"))
    test_a_cloud_shell = signs_in("managed identity, cloud_shell",
                                  MSI_ENDPOINT=lambda case: case.at("/oauth2/token"))

    def test_a_machine_learning_compute(self):
        for given, client in (({"DEFAULT_IDENTITY_CLIENT_ID": USER_IDENTITY}, USER_IDENTITY),
                              ({"DEFAULT_IDENTITY_CLIENT_ID": USER_IDENTITY,
                                "ARM_CLIENT_ID": CLIENT}, CLIENT), ({}, CLIENT)):
            self.emulator.reset()
            self.emulator.mark()
            self.signs_in("managed identity, azure_ml", MSI_SECRET=IDENTITY_HEADER,
                          MSI_ENDPOINT=self.at("/msi/machine_learning"), **given)
            self.assertEqual(set(self.issued("client_id")), {client})
            self.workspace.destroy()


class ServiceFabric(MachineCase):
    def setUp(self):
        super().setUp()
        name, port = "servicefabric.localhost", self.emulator.url.rsplit(":", 1)[1]
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (socket.create_connection(("127.0.0.1", int(port))) as node,
              context.wrap_socket(node, server_hostname=name) as tls):
            thumbprint = hashlib.sha1(tls.getpeercert(True)).hexdigest().upper()
        self.workspace.environment.update(
            IDENTITY_ENDPOINT=f"https://{name}:{port}/metadata/identity/oauth2/token",
            IDENTITY_HEADER=IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT=thumbprint)

    test_a_node_signs_in = signs_in("managed identity, service_fabric")
    test_another_certificate_gets_no_secret = fails(
        "which is not the expected one", "IDENTITY_SERVER_THUMBPRINT",
        IDENTITY_SERVER_THUMBPRINT="00" * 20)
    test_the_manifest_chooses_the_identity = fails(
        "the managed identity service of Service Fabric does not let you choose",
        ARM_CLIENT_ID=USER_IDENTITY)


class AzureArc(MachineCase):
    def setUp(self):
        super().setUp()
        self.workspace.environment.update(
            IDENTITY_ENDPOINT=self.at("/arc/metadata/identity/oauth2/token"),
            IMDS_ENDPOINT=self.emulator.machine)

    @unittest.skipIf(os.path.isdir("/opt/azcmagent"), "this is a machine of Azure Arc")
    @unittest.skipUnless(os.access("/var/opt", os.W_OK), "only root makes the agent's folder")
    def test_a_machine_signs_in_with_the_key_of_its_agent(self):
        folder = os.path.dirname(ARC_KEY_FILE)
        os.makedirs(folder, exist_ok=True)
        # Last added, first removed; a parallel run may have files of its own there.
        self.addCleanup(remove_empty, os.path.dirname(folder))
        self.addCleanup(remove_empty, folder)
        self.addCleanup(os.remove, ARC_KEY_FILE)
        harness.write(ARC_KEY_FILE, ARC_KEY)
        self.workspace.tokens_each = 2  # the question that is answered with the file, and the other
        self.signs_in("managed identity, azure_arc")

    test_it_has_one_identity = fails(
        "the managed identity service of Azure Arc does not let you choose",
        ARM_CLIENT_ID=USER_IDENTITY)


def remove_empty(folder):
    try:
        os.rmdir(folder)
    except OSError:
        pass
