# Signing in as the machine: on a virtual machine, in App Service, with Azure Arc, in Cloud Shell.
# SPDX-License-Identifier: MPL-2.0
import os
import socket
import unittest

import harness
import sign_in
from harness import CLIENT
from sign_in import ARC_KEY, ARC_KEY_FILE, IDENTITY_HEADER, USER_IDENTITY


def remove_empty(folder):
    try:
        os.rmdir(folder)
    except OSError:
        pass


class MachineCase(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        # There is no tenant to be named: the machine's identity has one.
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID"):
            del self.workspace.environment[name]
        self.workspace.environment["ARM_USE_MSI"] = "true"

    def clients(self):
        return {event["client_id"] for event in self.emulator.events("EFFECT")
                if event["what"] == "token issued"}


class VirtualMachine(MachineCase):
    def setUp(self):
        super().setUp()
        self.workspace.environment["ARM_MSI_ENDPOINT"] = (
            self.emulator.machine + "/metadata/identity/oauth2/token")

    def test_its_own_identity(self):
        self.signs_in("managed identity, virtual_machine")
        self.assertEqual(self.clients(), {CLIENT})

    def test_an_identity_that_is_assigned_to_it(self):
        self.signs_in("managed identity, virtual_machine", ARM_CLIENT_ID=USER_IDENTITY)
        self.assertEqual(self.clients(), {USER_IDENTITY})

    def test_another_api_version(self):
        self.signs_in("managed identity, virtual_machine", ARM_MSI_API_VERSION="2020-06-01")

    def test_renewal(self):
        self.renews()
        self.assertEqual(self.methods(), ["managed identity, virtual_machine"] * 3)

    def test_a_proxy_is_not_asked(self):
        # It would ask for its own machine's identity. Nobody listens there.
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            proxy = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            self.signs_in("managed identity, virtual_machine", http_proxy=proxy, ALL_PROXY="",
                          NO_PROXY="localhost")

    def test_an_identity_that_is_not_assigned(self):
        self.fails("gives no token (status 400)", "Identity not found",
                   "Check that the user-assigned identity with this client ID, from client_id "
                   "(ARM_CLIENT_ID), is assigned here: 12345678-", asks=True,
                   ARM_CLIENT_ID="12345678-1234-4234-8234-123456789012")

    def test_a_machine_without_an_identity(self):
        self.emulator.control.ask("identity", {"place": "virtual_machine", "client_id": CLIENT,
                                               "assigned": "user"})
        self.fails("gives no token (status 400)", "Check that this machine has a system-assigned "
                   "identity, or set client_id (ARM_CLIENT_ID) to the client ID", asks=True)

    def test_a_busy_service_is_asked_again(self):
        self.emulator.fault("IDENTITY#1", "status=429", retry_after=1)
        self.workspace.tokens_each = 2
        self.signs_in("managed identity, virtual_machine")

    def test_nobody_answers_where_no_machine_of_azure_is(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{nobody.getsockname()[1]}"
            self.workspace.write(self.tenant(more='  timeouts {\n    create = "2s"\n  }\n'))
            self.fails("managed identity", place,
                       ARM_MSI_ENDPOINT=f"http://{place}/metadata/identity/oauth2/token")


class AppService(MachineCase):
    def setUp(self):
        super().setUp()
        self.workspace.environment.update(IDENTITY_ENDPOINT=f"{self.emulator.machine}/msi/token",
                                          IDENTITY_HEADER=IDENTITY_HEADER)

    def test_an_app_signs_in(self):
        self.signs_in("managed identity, app_service")

    def test_a_wrong_header(self):
        self.workspace.secrets.append("wrong-canary")
        self.fails("gives no token (status 401)", "X-IDENTITY-HEADER is missing or wrong",
                   asks=True, IDENTITY_HEADER="wrong-canary")

    def test_an_identity_that_the_app_has_not(self):
        self.fails("gives no token (status 400)", "No managed identity was found",
                   f"is assigned here: {USER_IDENTITY}", asks=True,
                   ARM_CLIENT_ID=USER_IDENTITY)

    def test_the_header_goes_nowhere_else(self):
        """An endpoint of one's own is a virtual machine's, and gets no App Service secret."""
        self.signs_in("managed identity, virtual_machine", ARM_MSI_ENDPOINT=(
            self.emulator.machine + "/metadata/identity/oauth2/token"))
        for event in self.emulator.events("REQUEST"):
            self.assertNotIn("x-identity-header", {name.lower() for name in event["headers"]})


class AzureArc(MachineCase):
    def setUp(self):
        super().setUp()
        self.workspace.environment.update(
            IDENTITY_ENDPOINT=f"{self.emulator.machine}/arc/metadata/identity/oauth2/token",
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

    def test_a_key_that_cannot_be_read(self):
        self.fails("the agent of Azure Arc", ARC_KEY_FILE, "cannot be read", asks=True)

    def test_a_file_of_somebody_elses_is_not_sent(self):
        self.emulator.control.ask("identity", {"place": "azure_arc", "client_id": CLIENT,
                                               "key_file": self.ours.key})
        self.fails("the agent of Azure Arc", "is not a .key file in /var/opt/azcmagent/tokens",
                   asks=True)
        for event in self.emulator.events("REQUEST"):
            self.assertNotIn("authorization", {name.lower() for name in event["headers"]})

    def test_it_has_one_identity(self):
        self.fails("the managed identity service of Azure Arc does not let a caller choose",
                   ARM_CLIENT_ID=USER_IDENTITY)


class CloudShell(MachineCase):
    def test_a_shell_signs_in(self):
        self.signs_in("managed identity, cloud_shell",
                      MSI_ENDPOINT=f"{self.emulator.machine}/oauth2/token")


class Half(MachineCase):
    def test_a_variable_that_came_through_alone(self):
        self.fails("only these are set: IDENTITY_ENDPOINT",
                   "Azure Arc: IDENTITY_ENDPOINT, IMDS_ENDPOINT",
                   "name the service in msi_endpoint (ARM_MSI_ENDPOINT)",
                   IDENTITY_ENDPOINT=f"{self.emulator.machine}/msi/token")


class Switch(MachineCase):
    def test_without_the_switch_nobody_is_asked(self):
        self.fails("managed identity: use_msi (ARM_USE_MSI) is not true", ARM_USE_MSI="false",
                   IDENTITY_ENDPOINT=f"{self.emulator.machine}/msi/token",
                   IDENTITY_HEADER=IDENTITY_HEADER)
