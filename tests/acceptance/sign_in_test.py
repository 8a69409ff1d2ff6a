# The way to the service: client secret, no credential at all, arguments and variables, who is
# trusted, names, ports. Each other method of signing in has a file of its own.
# SPDX-License-Identifier: MPL-2.0
import os

import harness
import sign_in
from harness import SECRET, TENANT
from sign_in import AUXILIARY, WRONG, fails, signs_in


class Secret(sign_in.SignInCase):
    METHOD = "client secret"

    test_a_secret = signs_in(METHOD, ARM_CLIENT_SECRET=SECRET)
    test_a_secret_that_is_wrong = fails(
        "Microsoft Entra rejected", "AADSTS7000215, the client secret is wrong.",
        "to the secret's value", asks=True, ARM_CLIENT_SECRET=WRONG)

    def test_a_refusal_does_not_try_another_identity(self):
        self.fails("AADSTS7000215", asks=True, ARM_CLIENT_SECRET=WRONG,
                   ARM_USE_MSI="true", ARM_MSI_ENDPOINT=(
                       self.emulator.machine + "/metadata/identity/oauth2/token"))
        self.assertEqual(self.issued("method"), [])

    def test_ten_resources_one_question_and_one_full_text(self):
        self.workspace.write("".join(self.tenant(f"t{n}", customer=n) for n in range(1, 11)))
        result = self.fails("AADSTS7000215, the client secret is wrong", asks=True,
                            ARM_CLIENT_SECRET=WRONG)
        # By the plan, and there is no apply; what exists has errors of its own, see below.
        self.assertEqual(self.emulator.calls(tokens=True), ["TOKEN"])
        self.assertEqual(result.text.count("to the secret's value"), 1)
        self.assertEqual(result.text.count("Another error of this run"), 0)

    def test_what_exists_is_not_asked_for_again_and_again(self):
        self.workspace.write("".join(self.tenant(f"t{n}", customer=n) for n in range(1, 4)))
        self.workspace.apply(ARM_CLIENT_SECRET=SECRET)
        self.emulator.mark()
        self.expects_rejections = True
        result = self.workspace.plan(expect=1, ARM_CLIENT_SECRET=WRONG)
        self.assertEqual(self.emulator.calls(tokens=True), ["TOKEN"])
        self.assertEqual(result.text.count("to the secret's value"), 1)
        self.assertEqual(result.text.count("Another error of this run has the same cause; see that error "
                                           "(AADSTS7000215)"), 2)
        self.assertEqual(len(self.workspace.resources()), 3)

    def test_tokens_of_other_tenants_are_sent_along(self):
        self.workspace.tokens_each = 2
        self.workspace.environment.update(ARM_CLIENT_SECRET=SECRET,
                                          ARM_AUXILIARY_TENANT_IDS=AUXILIARY)
        self.workspace.apply()
        tenants = {event["number"]: event["tenant_id"] for event in self.emulator.events("EFFECT")
                   if event["what"] == "token issued"}
        puts = [event for event in self.emulator.requests() if event["method"] == "PUT"]
        self.assertEqual(len(puts), 1)
        headers = {name.lower(): value for name, value in puts[0]["headers"].items()}
        for name, tenant in (("authorization", TENANT), ("x-ms-authorization-auxiliary",
                                                         AUXILIARY)):
            self.assertRegex(headers[name], r"^Bearer <token #\d+>$")
            number = int(headers[name].split("#")[1].rstrip(">"))
            self.assertEqual(tenants[number], tenant, name)


class Nothing(sign_in.SignInCase):
    def test_a_missing_credential_is_one_error_with_a_line_for_each_method(self):
        self.workspace.write(self.tenant() + self.tenant("other", customer=2))
        result = self.fails(
            "No sign-in method is fully configured. Complete one of these",
            "- client certificate: set client_certificate_path (ARM_CLIENT_CERTIFICATE_PATH)",
            "- client secret: set client_secret (ARM_CLIENT_SECRET)",
            "- OIDC token: use_oidc (ARM_USE_OIDC) is not true",
            "- OIDC token file: use_oidc", "- Azure DevOps OIDC: use_oidc",
            "- GitHub Actions OIDC: use_oidc",
            "- AKS workload identity: use_aks_workload_identity (ARM_USE_AKS_WORKLOAD_IDENTITY)",
            "- managed identity: use_msi (ARM_USE_MSI) is not true",
            "- Azure CLI: use_cli (ARM_USE_CLI) is false")
        self.assertEqual(result.text.count("No sign-in method"), 1)
        self.assertEqual(result.text.count("Another error of this run"), 1)


class Way(harness.Case):
    expects_rejections = True

    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())

    def test_ssl_cert_dir(self):
        # Any name does, not only the one by which OpenSSL looks for a certificate; damaged
        # files do not hide it, nor does an SSL_CERT_FILE that is missing.
        folder = os.path.join(self.workspace.root, "authorities")
        os.mkdir(folder)
        os.symlink(self.emulator.file("ca.pem"), os.path.join(folder, "our authority"))
        harness.write(os.path.join(folder, "damaged.pem"),
                      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        missing = os.path.join(folder, "missing.pem")
        self.workspace.environment["SSL_CERT_FILE"] = missing
        self.workspace.apply(expect=1).says(f"SSL_CERT_FILE names {missing}, which cannot be read")
        self.workspace.apply(SSL_CERT_DIR=f"/nowhere{';' if harness.IS_WINDOWS else ':'}{folder}")

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
