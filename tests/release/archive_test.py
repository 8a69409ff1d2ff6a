# The release directory: names, modes, checksums, signature, manifest, bill of materials,
# provenance. What a registry would refuse is refused here first.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import release
from release import DIR, NAME, PLATFORMS, VERSION, executable

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(tail):
    return json.loads(release.read(release.path(tail)))


class Names(unittest.TestCase):
    def test_the_directory_holds_what_a_registry_wants_and_nothing_unexpected(self):
        want = {f"{NAME}_{VERSION}_{tail}" for tail in
                ["SHA256SUMS", "manifest.json", "provenance.json"]
                + [platform + tail for platform in PLATFORMS for tail in (".zip", ".spdx.json")]}
        found = {name for name in os.listdir(DIR) if not name.endswith(".sig")}
        self.assertEqual(found, want)

    def test_the_manifest_says_protocol_6(self):
        self.assertEqual(load("manifest.json"),
                         {"version": 1, "metadata": {"protocol_versions": ["6.0"]}})

    def test_the_checksums_are_of_the_zips_and_the_manifest(self):
        lines = release.read(release.path("SHA256SUMS")).decode().splitlines()
        found = dict(reversed(re.fullmatch(r"([0-9a-f]{64})  (\S+)", line).groups())
                     for line in lines)
        want = [release.archive(platform) for platform in PLATFORMS]
        want.append(release.path("manifest.json"))
        self.assertEqual(found, {os.path.basename(p): release.sha256(release.read(p))
                                 for p in want})


class Archives(unittest.TestCase):
    def test_an_archive_holds_one_executable_and_its_papers(self):
        for platform in PLATFORMS:
            with self.subTest(platform), zipfile.ZipFile(release.archive(platform)) as files:
                self.assertIsNone(files.testzip())
                modes = {i.filename: (i.create_system, i.external_attr >> 16)
                         for i in files.infolist()}
                papers = ("LICENSE", "README.md", "CHANGELOG.md", "THIRD-PARTY-NOTICES.txt")
                self.assertEqual(modes, {executable(platform): (3, 0o100755),
                                         **{name: (3, 0o100644) for name in papers}})
                # The first name that matches is the one that is started.
                matching = [n for n in modes if re.match(NAME + r"([_.]|$)", n)]
                self.assertEqual(matching, [executable(platform)])

    def test_the_executables_are_static_and_for_their_machines(self):
        machines = {"linux_amd64": "X86-64", "linux_arm64": "AArch64"}
        self.assertLessEqual(set(machines), set(PLATFORMS))
        for platform in PLATFORMS:
            with self.subTest(platform), tempfile.TemporaryDirectory() as scratch:
                binary = os.path.join(release.unpack(platform, scratch), executable(platform))
                if platform not in machines:
                    subprocess.run([os.path.join(TOP, ".ci", "packing", "loads"), binary, platform],
                                   check=True)
                    continue
                shown = subprocess.run(
                    ["readelf", "--wide", "--file-header", "--program-headers", "--dynamic",
                     "--sections", binary], capture_output=True, text=True, check=True).stdout
                self.assertRegex(shown, r"Machine: .*" + machines[platform])
                self.assertRegex(shown, r"Type: +DYN")
                for unwanted in (" INTERP ", "(NEEDED)", ".symtab", "RUNPATH"):
                    self.assertNotIn(unwanted, shown)

    def test_no_place_of_the_building_machine_is_in_an_executable(self):
        for platform in PLATFORMS:
            with self.subTest(platform), zipfile.ZipFile(release.archive(platform)) as files:
                data = files.read(executable(platform))
                for place in os.environ.get("RELEASE_PLACES", TOP).split(":"):
                    self.assertNotIn(place.encode(), data)

    def test_every_licence_of_what_is_inside_comes_along(self):
        for platform in PLATFORMS:
            with self.subTest(platform), zipfile.ZipFile(release.archive(platform)) as files:
                text = files.read("THIRD-PARTY-NOTICES.txt").decode()
                for package in load(platform + ".spdx.json")["packages"][1:]:
                    title = f"{package['name']} {package['versionInfo']}\n" + "=" * 78
                    self.assertIn(title, text)
                for words in ("Apache License", "Daniel Stenberg", "Petri Lehtinen", "msgpack-c"):
                    self.assertIn(words, text)


class Papers(unittest.TestCase):
    def test_the_bill_of_materials_names_the_libraries_that_the_executable_shows(self):
        # What the libraries say of themselves within the binary, seen without our tools.
        shown = {"openssl": rb"OpenSSL (\d+\.\d+\.\d+)",
                 "zlib": rb"inflate (\d+\.\d+\.\d+) Copyright"}
        for platform in PLATFORMS:
            document = load(platform + ".spdx.json")
            with zipfile.ZipFile(release.archive(platform)) as files:
                data = files.read(executable(platform))
            packages = {p["name"]: p for p in document["packages"]}
            self.assertEqual(packages[NAME]["checksums"],
                             [{"algorithm": "SHA256", "checksumValue": release.sha256(data)}])
            linked = {r["relatedSpdxElement"] for r in document["relationships"]
                      if r["relationshipType"] == "STATIC_LINK"}
            for name, pattern in shown.items():
                with self.subTest(platform + " " + name):
                    version = re.search(pattern, data)[1].decode()
                    plain = packages[name]["versionInfo"].split(":")[-1]
                    self.assertTrue(plain.startswith(version), (plain, version))
            compilers = {"linux": ("glibc", "gcc-12"), "darwin": ("ziglang",),
                         "windows": ("gcc-mingw-w64", "mingw-w64")}[platform.split("_")[0]]
            for name in ("grpc", "abseil", "curl", "nghttp2", "openssl", "zlib", "jansson",
                         "protobuf-c", *compilers):
                with self.subTest(platform + " " + name):
                    self.assertIn(packages[name]["SPDXID"], linked)
            ids = [p["SPDXID"] for p in document["packages"]]
            self.assertEqual(len(ids), len(set(ids)))

    def test_the_provenance_is_of_every_file_and_of_one_commit(self):
        statement = load("provenance.json")
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["predicateType"], "https://slsa.dev/provenance/v1")
        want = {name: {"sha256": release.sha256(release.read(os.path.join(DIR, name)))}
                for name in os.listdir(DIR)
                if not name.endswith((".sig", "_provenance.json"))}
        self.assertEqual({s["name"]: s["digest"] for s in statement["subject"]}, want)
        definition = statement["predicate"]["buildDefinition"]
        commits = [d["digest"]["gitCommit"] for d in definition["resolvedDependencies"]
                   if "gitCommit" in d.get("digest", {})]
        self.assertEqual(commits, [definition["externalParameters"]["revision"]])
        self.assertRegex(commits[0], "^[0-9a-f]{40}$")
        if "RELEASE_COMMIT" in os.environ:
            self.assertEqual(commits[0], os.environ["RELEASE_COMMIT"])


@unittest.skipUnless("RELEASE_PUBLIC_KEY" in os.environ, "no public key was given")
class Signature(unittest.TestCase):
    """With a keyring that holds the public key and nothing else."""

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="gnupg-")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.gpg("--import", os.environ["RELEASE_PUBLIC_KEY"])

    def gpg(self, *arguments, check=True):
        return subprocess.run(["gpg", "--homedir", self.home, "--batch", "--status-fd", "1",
                               *arguments], check=check, capture_output=True, text=True)

    def test_both_signatures_are_good(self):
        for tail in ("SHA256SUMS", "provenance.json"):
            with self.subTest(tail):
                signature = release.path(tail + ".sig")
                self.assertNotIn(b"BEGIN PGP", release.read(signature), "it must be binary")
                self.assertIn("[GNUPG:] GOODSIG", self.gpg("--verify", signature,
                                                           release.path(tail)).stdout)

    def test_one_changed_digit_of_a_checksum_is_found(self):
        changed = os.path.join(self.home, "changed")
        data = release.read(release.path("SHA256SUMS"))
        with open(changed, "wb") as stream:
            stream.write((b"1" if data[:1] == b"0" else b"0") + data[1:])
        run = self.gpg("--verify", release.path("SHA256SUMS.sig"), changed, check=False)
        self.assertIn("[GNUPG:] BADSIG", run.stdout)
        self.assertNotEqual(run.returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv)
