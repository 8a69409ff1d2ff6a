# Signing in with a certificate, in every form that people have it in.
# SPDX-License-Identifier: MPL-2.0
import os

import harness
import sign_in
from sign_in import PASSWORD, read_base64

METHOD = "client certificate"


class Certificate(sign_in.SignInCase):
    def test_pfx_by_its_path(self):
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(PASSWORD),
                      ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)
        # Each process makes its own assertion; no key is in any of them.
        self.assertEqual(len(set(self.emulator.control.ask("assertions"))), 2)

    def test_pfx_without_a_password(self):
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(None))

    def test_pem_by_its_path(self):
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pem_with_key())

    def test_pem_with_an_encrypted_key(self):
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pem_with_key(PASSWORD),
                      ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)

    def test_pfx_in_base64(self):
        encoded = read_base64(self.ours.pfx(PASSWORD))
        self.workspace.secrets.append(encoded)
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE=encoded,
                      ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)

    def test_arguments_instead_of_variables(self):
        # Terraform keeps input variables in saved plans; an ephemeral one it does not.
        self.workspace.write(
            self.tenant() + 'variable "password" {\n  ephemeral = true\n}\n',
            provider='provider "azurestack" {\n  client_certificate_path = "'
            + self.ours.pfx(PASSWORD) + '"\n  client_certificate_password = var.password\n}\n')
        self.signs_in(METHOD, TF_VAR_password=PASSWORD)

    def test_each_renewal_has_an_assertion_of_its_own(self):
        self.renews(ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(None))
        self.assertEqual(len(set(self.emulator.control.ask("assertions"))), 3)
        self.assertEqual(self.methods(), [METHOD] * 3)

    def test_a_certificate_comes_before_a_secret(self):
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(None),
                      ARM_CLIENT_SECRET=harness.SECRET)


class Wrong(sign_in.SignInCase):
    def test_a_wrong_password(self):
        self.fails("ARM_CLIENT_CERTIFICATE_PASSWORD", "is not the password",
                   ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(PASSWORD),
                   ARM_CLIENT_CERTIFICATE_PASSWORD="wrong-canary")
        self.workspace.secrets.append("wrong-canary")

    def test_no_password(self):
        self.fails("is protected by a password", "ARM_CLIENT_CERTIFICATE_PASSWORD",
                   ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(PASSWORD))

    def test_a_missing_file(self):
        path = os.path.join(self.folder, "missing.pfx")
        self.fails("ARM_CLIENT_CERTIFICATE_PATH", path, "cannot be read",
                   ARM_CLIENT_CERTIFICATE_PATH=path)

    def test_an_old_pfx_is_told_with_the_command_that_converts_it(self):
        path = self.ours.pfx(PASSWORD, "-legacy", "-certpbe", "PBE-SHA1-RC2-40", name="old.pfx")
        result = self.fails("RC2", "client_certificate_password",
                            ARM_CLIENT_CERTIFICATE_PATH=path,
                            ARM_CLIENT_CERTIFICATE_PASSWORD=PASSWORD)
        # As a person would copy it, and it works: with the old password in, and a new one out.
        command = f'openssl pkcs12 -legacy -in "{path}" -out new.pem'
        result.says(command)
        new = os.path.join(self.folder, "new.pem")
        sign_in.openssl("pkcs12", "-legacy", "-in", path, "-out", new, "-passin", "env:PASSWORD",
                        "-passout", "env:PASSWORD", password=PASSWORD)
        self.emulator.mark()
        self.signs_in(METHOD, ARM_CLIENT_CERTIFICATE_PATH=new)

    def test_neither_pfx_nor_pem(self):
        path = self.file("text.pfx", "nothing of the kind")
        self.fails("neither PKCS#12", "PEM", ARM_CLIENT_CERTIFICATE_PATH=path)

    def test_a_path_where_base64_belongs(self):
        self.fails("is not base64", "ARM_CLIENT_CERTIFICATE_PATH",
                   ARM_CLIENT_CERTIFICATE=os.path.join(self.folder, "ours.pfx"))

    def test_a_certificate_without_its_key(self):
        self.fails("without its private key", ARM_CLIENT_CERTIFICATE_PATH=self.ours.path)

    def test_a_certificate_that_entra_does_not_know(self):
        self.fails("AADSTS700027", "Check that the certificate is registered with the application",
                   asks=True, ARM_CLIENT_CERTIFICATE_PATH=self.other.pfx(None))

    def test_a_clock_that_is_wrong_is_named(self):
        self.emulator.switch(clock_ahead_s=1800)
        self.fails("AADSTS700024", "this machine's clock is 1", "behind", asks=True,
                   ARM_CLIENT_CERTIFICATE_PATH=self.ours.pfx(None))
