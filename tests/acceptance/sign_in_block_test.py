# What the provider block says about signing in beside variables that say something else. What is not
# mixed is in tests/exchanges/configure.
# SPDX-License-Identifier: MPL-2.0
import sign_in
from harness import CLIENT, SECRET, TENANT, provider_block
from sign_in import CLUSTER

SECOND = "45454545-4545-4545-8545-454545454545"


class Block(sign_in.SignInCase):
    """The environment has everything of the first application; the second has a federated
    credential and nothing else."""

    more_applications = [
        {"tenant_id": TENANT, "client_id": SECOND,
         "federated_credentials": [{**CLUSTER, "audience": sign_in.AUDIENCE}]}]

    def setUp(self):
        super().setUp()
        self.workspace.environment.update(ARM_TENANT_ID=TENANT, ARM_CLIENT_ID=CLIENT,
                                          ARM_CLIENT_SECRET=SECRET)

    def token_file(self):
        return self.file("token", self.oidc_token())

    def test_oidc_of_a_second_application(self):
        self.workspace.write(self.tenant(), provider=provider_block(
            use_oidc=True, client_id=SECOND, oidc_token_file_path=self.token_file()))
        self.signs_in("federated token")
        self.assertEqual(self.issued("client_id"), [SECOND] * 2)

    def test_each_of_two_blocks_signs_in_as_it_says(self):
        self.workspace.write(
            self.tenant() + self.tenant("other", customer=2,
                                        more="  provider = azurestack.second\n"),
            provider='provider "azurestack" {}\n' + provider_block(
                alias="second", use_oidc=True, client_id=SECOND,
                oidc_token_file_path=self.token_file()))
        self.workspace.tokens_each = 2
        self.workspace.apply()
        self.assertEqual(set(zip(self.issued("client_id"), self.issued("method"))),
                         {(CLIENT, "client secret"), (SECOND, "federated token")})

    def test_managed_identity(self):
        self.workspace.write(self.tenant(), provider=provider_block(use_msi=True,
                                                           client_id=sign_in.USER_IDENTITY))
        self.signs_in("managed identity, virtual_machine", ARM_MSI_ENDPOINT=(
            self.emulator.machine + "/metadata/identity/oauth2/token"))

    def test_a_secret_beside_a_certificate_of_the_environment(self):
        self.workspace.write('variable "secret" {\n  ephemeral = true\n}\n' + self.tenant(),
                             provider='provider "azurestack" {\n'
                                      '  client_secret = var.secret\n}\n')
        del self.workspace.environment["ARM_CLIENT_SECRET"]
        self.signs_in("client secret", TF_VAR_secret=SECRET,
                      ARM_CLIENT_CERTIFICATE_PATH=self.ours.pem_with_key())

    def test_an_unknown_choice_is_waited_for(self):
        self.workspace.write(
            'resource "terraform_data" "client" {\n  input = "' + SECOND + '"\n}\n' + self.tenant(),
            provider='provider "azurestack" {\n  use_oidc = true\n'
                     "  client_id = terraform_data.client.output\n"
                     f'  oidc_token_file_path = "{self.token_file()}"\n}}\n')
        self.workspace.run("validate", "-no-color")
        self.workspace.plan(expect=2)
        self.assertEqual(self.emulator.calls(tokens=True), [])
        self.workspace.apply()
        self.assertEqual(set(self.issued("client_id")), {SECOND})
