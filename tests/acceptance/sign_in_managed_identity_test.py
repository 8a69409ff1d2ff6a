# Signing in as the machine: on a virtual machine, and in App Service.
# SPDX-License-Identifier: MPL-2.0
import socket
import sys

import harness
import sign_in
from harness import CLIENT
from sign_in import IDENTITY_HEADER, USER_IDENTITY


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
                   "Check that the user-assigned identity with this client id is assigned to "
                   "this machine: 12345678-", asks=True,
                   ARM_CLIENT_ID="12345678-1234-4234-8234-123456789012")

    def test_a_machine_without_an_identity(self):
        self.emulator.control.ask("identity", {"place": "virtual_machine", "client_id": CLIENT,
                                               "assigned": "user"})
        self.fails("gives no token (status 400)", "Check that this machine has a system-assigned "
                   "identity, or set client_id (ARM_CLIENT_ID)", asks=True)

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
                   f"assigned to this machine: {USER_IDENTITY}", asks=True,
                   ARM_CLIENT_ID=USER_IDENTITY)

    def test_the_header_goes_nowhere_else(self):
        """An endpoint of one's own is a virtual machine's, and gets no App Service secret."""
        self.signs_in("managed identity, virtual_machine", ARM_MSI_ENDPOINT=(
            self.emulator.machine + "/metadata/identity/oauth2/token"))
        for event in self.emulator.events("REQUEST"):
            self.assertNotIn("x-identity-header", {name.lower() for name in event["headers"]})


class Switch(MachineCase):
    def test_without_the_switch_nobody_is_asked(self):
        self.fails("managed identity: use_msi (ARM_USE_MSI) is not true", ARM_USE_MSI="false",
                   IDENTITY_ENDPOINT=f"{self.emulator.machine}/msi/token",
                   IDENTITY_HEADER=IDENTITY_HEADER)


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
