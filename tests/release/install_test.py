# Every way in which the release reaches a user: from the release directory alone, init, plan and
# apply against the emulator, with each host.
# SPDX-License-Identifier: MPL-2.0
import atexit
import os
import re
import shutil
import sys
import tempfile
import unittest

import release

HERE = os.path.dirname(os.path.abspath(__file__))
UNPACKED = tempfile.mkdtemp(prefix="unpacked-")
atexit.register(shutil.rmtree, UNPACKED)
release.unpack("linux_amd64", UNPACKED)
os.environ["PROVIDER_BINARY"] = os.path.join(UNPACKED, release.EXECUTABLE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "acceptance"))
import harness  # noqa: E402


class Installed(harness.Case):
    """Each test begins without a way to install anything: it writes its own."""

    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())
        self.mirror = os.path.join(self.workspace.root, "mirror")

    def methods(self, text):
        harness.write(os.path.join(self.workspace.root, "cli.tfrc"),
                      f"disable_checkpoint = true\nprovider_installation {{\n{text}\n}}\n")

    def filesystem(self):
        self.methods(f'  filesystem_mirror {{\n    path = "{self.mirror}"\n  }}')

    def lock(self):
        """The hashes that the lock file holds."""
        text = self.workspace.read(".terraform.lock.hcl")
        self.assertIn(f'"{release.VERSION}"', text)
        return set(re.findall(r'"((?:h1|zh):[^"]+)"', text))

    def works(self, **environment):
        self.workspace.plan(expect=2, **environment)
        self.workspace.apply(**environment)
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.workspace.plan(**environment)

    def test_a_packed_filesystem_mirror(self):
        release.packed(self.mirror)
        self.filesystem()
        self.workspace.init()
        self.assertIn(release.h1("linux_amd64"), self.lock())
        self.works()

    def test_an_unpacked_filesystem_mirror(self):
        release.unpacked(self.mirror)
        self.filesystem()
        self.workspace.init()
        self.assertEqual(self.lock(), {release.h1("linux_amd64")})
        self.works()

    def over_https(self, directory):
        server = release.Server(directory, self.workspace.root)
        self.addCleanup(server.stop)
        bundle = os.path.join(self.workspace.root, "bundle.pem")
        with open(bundle, "wb") as stream:
            stream.write(release.read(self.emulator.file("ca.pem")) + release.read(server.ca))
        self.workspace.environment["SSL_CERT_FILE"] = bundle
        self.methods(f'  network_mirror {{\n    url = "{server.url}"\n  }}')
        return server

    def test_a_network_mirror(self):
        server = self.over_https(release.network(self.mirror))
        self.workspace.init()
        self.assertIn(release.h1("linux_amd64"), self.lock())
        self.assertEqual([code for _, code in server.asked], [200] * len(server.asked))
        self.assertIn("linux_amd64.zip", " ".join(path for path, _ in server.asked))
        self.works()

    def test_a_network_mirror_whose_archive_was_exchanged_is_refused(self):
        release.network(self.mirror)
        for folder, _, names in os.walk(self.mirror):
            for name in names:
                if name.endswith("linux_amd64.zip"):
                    shutil.copy(release.archive("linux_arm64"), os.path.join(folder, name))
        self.over_https(self.mirror)
        result = self.workspace.run("init", "-no-color", expect=1)
        self.assertRegex(result.text, "(?i)checksum|does not match|doesn't match")

    def registry(self):
        """The configuration takes the provider from one of ours, which serves self.mirror."""
        os.mkdir(self.mirror)
        server = self.over_https(self.mirror)
        release.registry(self.mirror, os.environ["RELEASE_PUBLIC_KEY"])
        self.methods("  direct {}")
        self.workspace.put("main.tf", self.workspace.read("main.tf").replace(
            '"azurestack-csp', f'"{server.url[len("https://"):-1]}/azurestack-csp'))

    @unittest.skipUnless("RELEASE_PUBLIC_KEY" in os.environ, "no public key was given")
    def test_a_registry_and_the_mirror_that_the_host_makes_from_it(self):
        self.registry()
        result = self.workspace.init()
        self.assertRegex(result.text, r"(self-)?signed")
        # All that the signed list has, and this platform's contents.
        self.assertLessEqual({release.h1("linux_amd64")}
                             | {release.zh(p) for p in release.PLATFORMS}, self.lock())
        self.works()

        made = os.path.join(self.workspace.root, "made")
        self.workspace.run("providers", "mirror",
                           *(f"-platform={p}" for p in release.PLATFORMS), made)
        zips = {name: os.path.join(folder, name) for folder, _, names in os.walk(made)
                for name in names if name.endswith(".zip")}
        self.assertEqual({name: release.read(path) for name, path in zips.items()},
                         {os.path.basename(path): release.read(path)
                          for path in map(release.archive, release.PLATFORMS)})

    @unittest.skipUnless("RELEASE_PUBLIC_KEY" in os.environ, "no public key was given")
    def test_a_registry_whose_signature_is_of_something_else_is_refused(self):
        self.registry()
        files = os.path.join(self.mirror, "files")
        shutil.copy(release.path("provenance.json.sig"),
                    os.path.join(files, os.path.basename(release.path("SHA256SUMS.sig"))))
        result = self.workspace.run("init", "-no-color", expect=1)
        self.assertRegex(result.text, "(?i)signature")

    def test_providers_lock_records_every_platform(self):
        release.packed(self.mirror)
        self.filesystem()
        self.workspace.run("providers", "lock", f"-fs-mirror={self.mirror}",
                           *(f"-platform={p}" for p in release.PLATFORMS), "-no-color")
        self.assertLessEqual({release.h1(p) for p in release.PLATFORMS}, self.lock())
        known = {hash(p) for p in release.PLATFORMS for hash in (release.h1, release.zh)}
        self.assertLessEqual(self.lock(), known)
        before = self.lock()
        self.workspace.run("init", "-no-color", "-lockfile=readonly")
        self.assertEqual(self.lock(), before)
        self.works()

    def test_the_checksums_of_a_release_are_enough_for_a_lock_file(self):
        # As a registry's signed checksums are written down: zh only.
        source = release.HOSTS["tofu" in os.path.basename(self.host)]
        self.workspace.put(".terraform.lock.hcl",
                           f'provider "{source}/azurestack-csp/azurestack" {{\n'
                           f'  version = "{release.VERSION}"\n  hashes = [\n'
                           f'    "{release.zh("linux_amd64")}",\n  ]\n}}\n')
        release.packed(self.mirror)
        self.filesystem()
        self.workspace.init()
        self.works()

    def test_a_lock_file_refuses_another_executable(self):
        release.unpacked(self.mirror)
        self.filesystem()
        self.workspace.init()
        shutil.rmtree(os.path.join(self.workspace.dir, ".terraform"))
        for folder, _, names in os.walk(self.mirror):
            if release.EXECUTABLE in names:
                with open(os.path.join(folder, release.EXECUTABLE), "ab") as stream:
                    stream.write(b"\0")
        result = self.workspace.run("init", "-no-color", expect=1)
        self.assertRegex(result.text, "(?i)checksum|does not match|doesn't match")

    def override(self):
        place = os.path.join(self.workspace.root, "override")
        os.mkdir(place)
        self.workspace.is_installed = False
        self.methods('  dev_overrides {\n    "azurestack-csp/azurestack" = '
                     f'"{place}"\n  }}\n  direct {{}}')
        return os.path.join(place, release.NAME)

    def test_a_development_override(self):
        shutil.copy(harness.PROVIDER, self.override())
        self.works()

    @unittest.skipUnless(shutil.which("qemu-aarch64-static"), "qemu-user-static is missing")
    def test_the_arm64_executable_under_qemu(self):
        binary = os.path.join(release.unpack("linux_arm64", self.workspace.root),
                              release.EXECUTABLE)
        program = self.override()
        harness.write(program,
                      f'#!/bin/sh\nexec {shutil.which("qemu-aarch64-static")} {binary} "$@"\n')
        os.chmod(program, 0o755)
        self.works()

    @unittest.skipUnless(os.geteuid() == 0, "only root may chroot")
    def test_nothing_but_the_host_the_archive_and_a_ca_bundle(self):
        """No C library, no resolver's configuration, no shell, no /proc."""
        root = os.path.join(self.workspace.root, "root")
        for folder in ("dev", "tmp", "configuration"):
            os.makedirs(os.path.join(root, folder))
        shutil.copy(os.path.realpath(self.host), os.path.join(root, "host"))
        shutil.copy(self.emulator.file("ca.pem"), os.path.join(root, "ca.pem"))
        shutil.copy(os.path.join(self.workspace.dir, "main.tf"),
                    os.path.join(root, "configuration"))
        release.packed(os.path.join(root, "mirror"))
        # What every host opens to start a program; a plain file will do.
        open(os.path.join(root, "dev", "null"), "wb").close()
        harness.write(os.path.join(root, "cli.tfrc"), 'provider_installation {\n'
                      '  filesystem_mirror {\n    path = "/mirror"\n  }\n}\n')
        address = self.emulator.url.replace("localhost", "127.0.0.1")
        environment = {**self.workspace.environment, "HOME": "/tmp", "TMPDIR": "/tmp",
                       "PATH": "/", "TF_CLI_CONFIG_FILE": "/cli.tfrc", "SSL_CERT_FILE": "/ca.pem",
                       "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": address,
                       "ARM_RESOURCE_MANAGER_ENDPOINT": address}
        outside = (self.workspace.host, self.workspace.dir)
        self.workspace.host = shutil.which("chroot")
        self.workspace.dir = root
        self.workspace.environment = environment
        for arguments, status in ((("init",), 0), (("plan", "-detailed-exitcode"), 2),
                                  (("apply", "-auto-approve"), 0),
                                  (("plan", "-detailed-exitcode"), 0)):
            result = self.workspace.finish(self.workspace.start(
                root, "/host", "-chdir=/configuration", *arguments))
            self.assertEqual(result.status, status, result.output)
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])
        self.workspace.host, self.workspace.dir = outside


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
