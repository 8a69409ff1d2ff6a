# Signing in with the token of another issuer: given, in a file, from GitHub Actions, from Azure
# DevOps, in a pod of AKS.
# SPDX-License-Identifier: MPL-2.0
import os

import sign_in
from harness import CLIENT, TENANT, wait_for
from sign_in import CLUSTER, CONNECTION, DEVOPS, GITHUB

METHOD = "federated token"


class OidcCase(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        self.workspace.environment["ARM_USE_OIDC"] = "true"

    def issue(self, **changes):
        return self.emulator.control.ask("oidc-token", {**CLUSTER, **changes})["oidc_token"]

    def numbers(self):
        """Of the OIDC tokens that were presented with success."""
        return [event["oidc_token"] for event in self.emulator.events("EFFECT")
                if event["what"] == "token issued"]


class Given(OidcCase):
    def test_a_token(self):
        # A variable that was filled from a command's output ends in a line break.
        self.signs_in(METHOD, ARM_OIDC_TOKEN=self.issue() + "\n")

    def test_a_file(self):
        self.signs_in(METHOD, ARM_OIDC_TOKEN_FILE_PATH=self.file("token", self.issue() + "\n"))

    def test_the_client_id_from_a_file(self):
        del self.workspace.environment["ARM_CLIENT_ID"]
        self.signs_in(METHOD, ARM_OIDC_TOKEN=self.issue(),
                      ARM_CLIENT_ID_FILE_PATH=self.file("client", CLIENT + "\n"))

    def test_a_file_is_read_again_for_each_renewal(self):
        path = self.file("token", self.issue())
        self.workspace.environment["ARM_OIDC_TOKEN_FILE_PATH"] = path
        self.workspace.run("plan", "-no-color", "-out=saved")
        # Between the PUT and the GET behind it the token passes the half of its life.
        self.emulator.switch(token_lifetime_s=12, latency_ms=8000, latency_on="PUT")
        process = self.workspace.start("apply", "-no-color", "saved")
        wait_for("the PUT", lambda: "PUT" in self.emulator.kinds())
        new = self.file("new", self.issue())
        os.rename(new, path)
        result = self.workspace.finish(process)
        self.assertEqual(result.status, 0, result.output)
        self.assertEqual(self.numbers(), [1, 1, 2])

    def test_without_the_switch_the_token_does_not_count(self):
        self.fails("no way to sign in is configured completely",
                   "OIDC token: use_oidc (ARM_USE_OIDC) is not true",
                   ARM_OIDC_TOKEN=self.issue(), ARM_USE_OIDC="false")

    def test_a_token_that_entra_does_not_trust(self):
        self.fails("AADSTS700213", "Compare issuer, subject and audience of the token",
                   asks=True, ARM_OIDC_TOKEN=self.issue(subject="somebody-else"))

    def test_an_issuer_and_an_audience_that_entra_does_not_trust(self):
        self.fails("AADSTS700211", "Compare issuer, subject and audience of the token",
                   asks=True, ARM_OIDC_TOKEN=self.issue(issuer="https://oidc.example"))
        self.fails("AADSTS700212", "Compare issuer, subject and audience of the token",
                   asks=True, ARM_OIDC_TOKEN=self.issue(audience="https://elsewhere"))

    def test_a_token_that_is_over(self):
        self.fails("AADSTS700024", asks=True, ARM_OIDC_TOKEN=self.issue(lifetime_s=0))

    def test_what_is_no_token(self):
        self.workspace.secrets.append("no-token-but-a-secret")
        self.fails("oidc_token (ARM_OIDC_TOKEN) does not hold a JSON Web Token",
                   ARM_OIDC_TOKEN="no-token-but-a-secret")

    def test_a_file_that_is_not_there(self):
        path = os.path.join(self.workspace.root, "missing")
        self.fails("ARM_OIDC_TOKEN_FILE_PATH", path, "cannot be read",
                   ARM_OIDC_TOKEN_FILE_PATH=path)


class Issued(OidcCase):
    def github(self, **changes):
        return {"ACTIONS_ID_TOKEN_REQUEST_URL":
                f"{self.emulator.url}/github/idtoken?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": GITHUB, **changes}

    def devops(self, **changes):
        return {"SYSTEM_OIDCREQUESTURI": f"{self.emulator.url}/azure_devops/oidctoken",
                "SYSTEM_ACCESSTOKEN": DEVOPS,
                "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": CONNECTION, **changes}

    def test_github(self):
        self.signs_in(METHOD, **self.github())
        self.assertEqual(self.numbers(), [1, 2])  # a new one for each token of Entra's

    def test_github_by_arguments(self):
        self.workspace.write(
            self.tenant() + 'variable "request_token" {\n  ephemeral = true\n}\n',
            provider='provider "azurestack" {\n  use_oidc = true\n  oidc_request_url = "'
            f'{self.emulator.url}/github/idtoken?api-version=2.0"\n'
            '  oidc_request_token = var.request_token\n}\n')
        del self.workspace.environment["ARM_USE_OIDC"]
        self.signs_in(METHOD, TF_VAR_request_token=GITHUB)

    def test_each_renewal_has_a_new_token(self):
        self.renews(**self.github())
        self.assertEqual(self.numbers(), [1, 2, 3])

    def test_each_renewal_has_a_new_token_of_azure_devops(self):
        self.renews(**self.devops())
        self.assertEqual(self.numbers(), [1, 2, 3])

    def test_github_has_a_passing_fault(self):
        self.emulator.fault("OIDC#1", "status=503")
        self.signs_in(METHOD, **self.github())
        self.assertEqual(self.emulator.calls(tokens=True).count("OIDC"), 3)

    def test_github_refuses(self):
        self.workspace.secrets.append("wrong-canary")
        self.fails("GitHub Actions issues no token (status 401)", "id-token: write", asks=True,
                   **self.github(ACTIONS_ID_TOKEN_REQUEST_TOKEN="wrong-canary"))

    def test_github_without_the_permission(self):
        self.fails("GitHub Actions OIDC: set oidc_request_url (ARM_OIDC_REQUEST_URL, "
                   "ACTIONS_ID_TOKEN_REQUEST_URL)", "id-token: write")

    def test_no_secret_is_sent_in_the_open(self):
        self.fails("is not an https:// address", **self.github(
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{self.emulator.machine}/github/idtoken"))

    def test_azure_devops(self):
        self.signs_in(METHOD, **self.devops())
        self.assertEqual(self.numbers(), [1, 2])

    def test_azure_devops_with_azapis_variables(self):
        environment = self.devops()
        environment["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = environment.pop(
            "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID")
        self.signs_in(METHOD, **environment)

    def test_azure_devops_refuses(self):
        self.fails("Azure DevOps issues no token (status 400)", "SYSTEM_ACCESSTOKEN",
                   "service connection", asks=True,
                   **self.devops(ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID=CLIENT))

    def test_azure_devops_without_a_connection(self):
        environment = self.devops()
        del environment["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"]
        self.fails("Azure DevOps OIDC: set ado_pipeline_service_connection_id",
                   "the address in SYSTEM_OIDCREQUESTURI is Azure DevOps's", **environment)


class Pod(sign_in.SignInCase):
    def setUp(self):
        super().setUp()
        token = self.emulator.control.ask("oidc-token", CLUSTER)["oidc_token"]
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID"):
            del self.workspace.environment[name]
        # As the webhook sets them in a pod.
        self.workspace.environment.update(
            ARM_USE_AKS_WORKLOAD_IDENTITY="true", AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=CLIENT,
            AZURE_FEDERATED_TOKEN_FILE=self.file("token", token))

    def test_workload_identity(self):
        self.signs_in(METHOD)

    def test_the_file_is_read_again_for_each_renewal(self):
        new = self.emulator.control.ask("oidc-token", CLUSTER)["oidc_token"]
        path = self.workspace.environment["AZURE_FEDERATED_TOKEN_FILE"]
        self.renews(lambda: os.rename(self.file("new", new), path))
        self.assertEqual([event["oidc_token"] for event in self.emulator.events("EFFECT")
                          if event["what"] == "token issued"], [1, 1, 2])

    def test_without_the_switch_a_pod_is_none(self):
        self.fails("AKS workload identity: use_aks_workload_identity "
                   "(ARM_USE_AKS_WORKLOAD_IDENTITY) is not true",
                   ARM_USE_AKS_WORKLOAD_IDENTITY="false")

    def test_a_pod_without_the_label(self):
        for name in ("AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"):
            del self.workspace.environment[name]
        self.fails("AKS workload identity: set tenant_id (ARM_TENANT_ID, AZURE_TENANT_ID), "
                   "AZURE_FEDERATED_TOKEN_FILE", "azure.workload.identity/use")

    def test_a_service_account_that_entra_does_not_trust(self):
        token = self.emulator.control.ask("oidc-token", {**CLUSTER, "subject": "x"})["oidc_token"]
        self.fails("AADSTS700213", "the OIDC token of the file", asks=True,
                   AZURE_FEDERATED_TOKEN_FILE=self.file("other", token))
