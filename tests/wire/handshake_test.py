# The start: options, cookie, socket, the one line on standard output.
# SPDX-License-Identifier: MPL-2.0
import concurrent.futures
import datetime
import errno
import os
import stat
import subprocess
import sys
import unittest

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from client import (IS_WINDOWS, PROVIDER, Case, Identity, certificate_of, check_served, posix_only,
                    shut_down)

# Prints what connect() says to another user.
CONNECT = """import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except OSError as error:
    print(error.errno)"""
HELP = ("NAME\n", "SYNOPSIS\n", "DESCRIPTION\n", "OPTIONS\n", "ARGUMENTS", "ENVIRONMENT\n",
        "FILES\n", "EXIT STATUS\n", "EXAMPLES\n", "SEE ALSO\n", "--version", "--debug",
        "doctor [--json] [REGISTRATION_ID]\n", "TF_LOG_PROVIDER_AZURESTACK", "ARM_CLIENT_SECRET",
        "endpoint.resource_manager_endpoint\n")


class Handshake(Case):
    def test_the_line_names_what_is_served_and_nothing_else_is_printed(self):
        host = Identity()
        provider = self.start(host)
        self.assertEqual(provider.fields[:3], ["1", "6", "tcp" if IS_WINDOWS else "unix"])
        self.assertRegex(provider.socket, r"^127\.0\.0\.1:[12]\d{4}$" if IS_WINDOWS else "^/")
        self.assertEqual(provider.fields[4], "grpc")
        self.assertEqual(len(provider.fields), 6)
        # Go looks at the alternative name alone, at the time, and at the key.
        certificate = x509.load_der_x509_certificate(certificate_of(provider))
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        self.assertEqual(names.value.get_values_for_type(x509.DNSName), ["localhost"])
        self.assertLess(certificate.not_valid_before, datetime.datetime.utcnow())
        self.assertGreater(certificate.not_valid_after, datetime.datetime.utcnow())
        certificate.public_key().verify(
            certificate.signature, certificate.tbs_certificate_bytes,
            ec.ECDSA(certificate.signature_hash_algorithm))
        check_served(provider, host)
        shut_down(provider, host)
        self.assertEqual(provider.output(), "")
        self.assertEqual(provider.leftovers(), [])

    def test_every_run_has_a_key_of_its_own(self):
        keys = [x509.load_der_x509_certificate(certificate_of(self.start(Identity())))
                .public_key().public_numbers() for _ in range(2)]
        self.assertNotEqual(*keys)

    def test_without_tls_the_certificate_is_empty(self):
        # One that was not asked for makes Terraform 1.11 panic.
        provider = self.start()
        self.assertEqual(provider.fields[5:], [""])
        check_served(provider)
        shut_down(provider)

    def test_multiplexing_is_declined_when_the_host_offers_it(self):
        host = Identity()
        provider = self.start(host, PLUGIN_MULTIPLEX_GRPC="true")
        self.assertEqual(provider.fields[6:], ["false"])
        check_served(provider, host)
        shut_down(provider, host)

    def test_without_the_whole_cookie_it_refuses_to_start(self):
        for variables in {}, {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd"}:
            with self.subTest(variables):
                provider = self.start(cookie=False, **variables)
                self.assertEqual(provider.wait(), (os.CLD_EXITED, 1))
                self.assertEqual(provider.line, "")
                self.assertIn("This program is a plugin.", provider.errors())
                self.assertEqual(provider.leftovers(), [])

    @posix_only
    def test_only_the_owner_can_reach_the_socket(self):
        host = Identity()
        provider = self.start(host, umask=0)  # however careless the user is
        found = os.lstat(provider.socket)
        self.assertTrue(stat.S_ISSOCK(found.st_mode))
        self.assertEqual(stat.S_IMODE(found.st_mode), 0o600)
        self.assertEqual(found.st_uid, os.geteuid())
        folder = os.lstat(os.path.dirname(provider.socket))
        self.assertEqual(stat.S_IMODE(folder.st_mode), 0o700)
        if os.geteuid() == 0:  # only root can become another user
            for path in provider.folder, provider.temporary:
                os.chmod(path, 0o755)
            said = subprocess.run([sys.executable, "-c", CONNECT, provider.socket], user=65534,
                                  group=65534, check=True, capture_output=True, text=True).stdout
            self.assertEqual(said.strip(), str(errno.EACCES))
        check_served(provider, host)
        shut_down(provider, host)

    @posix_only
    def test_the_group_that_the_host_names_can_reach_the_socket_too(self):
        group = 65534 if os.geteuid() == 0 else os.getegid()
        provider = self.start(PLUGIN_UNIX_SOCKET_GROUP=str(group))
        for path, mode in (provider.socket, 0o660), (os.path.dirname(provider.socket), 0o710):
            found = os.lstat(path)
            self.assertEqual((stat.S_IMODE(found.st_mode), found.st_gid), (mode, group))
        shut_down(provider)
        provider = self.start(PLUGIN_UNIX_SOCKET_GROUP="no|\rgroup")
        self.assertIn("group no  group does not exist", provider.line)

    @posix_only
    def test_where_the_path_of_the_socket_would_be_too_long_another_is_taken(self):
        host, folder = Identity(), self.folder()
        name = "x" * (103 - len(folder + "/azs-xxxxxx/p"))  # with the "/" before it, one too many
        temporary = os.path.join(folder, name)
        provider = self.start(host, temporary=temporary)
        # 103 bytes is what a socket's address holds on every system.
        self.assertLessEqual(len(provider.socket), 103)
        self.assertNotIn(name, provider.socket)
        check_served(provider, host)
        shut_down(provider, host)
        self.assertFalse(os.path.exists(os.path.dirname(provider.socket)))

    @posix_only
    def test_the_folder_that_the_host_names_comes_before_the_users(self):
        folder = os.path.join(self.folder(), "a%2Fb %ü?#")  # as Jenkins names that of a branch
        os.mkdir(folder)
        provider = self.start(PLUGIN_UNIX_SOCKET_DIR=folder)
        self.assertTrue(provider.socket.startswith(folder + "/"), provider.line)
        check_served(provider)
        shut_down(provider)
        self.assertEqual(os.listdir(folder), [])

    @posix_only
    def test_a_folder_that_cannot_hold_the_socket_is_passed_over(self):
        # Not absolute; not there; a character that would end a field of the line.
        folder = self.folder()
        divided, broken = os.path.join(folder, "a|b"), os.path.join(folder, "a\nb")
        os.mkdir(divided)
        os.mkdir(broken)
        for folder in ".", os.path.join(folder, "none"), divided, broken:
            with self.subTest(folder):
                provider = self.start(PLUGIN_UNIX_SOCKET_DIR=folder)
                self.assertTrue(provider.socket.startswith(provider.temporary + "/"))
                check_served(provider)
                shut_down(provider)
        self.assertEqual(os.listdir(divided) + os.listdir(broken), [])

    @posix_only
    def test_abandoned_socket_folders_are_removed_but_not_those_of_others(self):
        folder = self.folder()
        for name, owner in ("azs-aaaaaa", os.geteuid()), ("azs-bbbbbb", 65534):
            os.mkdir(os.path.join(folder, name))
            if os.geteuid() == 0:  # only root can make folders of another user
                os.chown(os.path.join(folder, name), owner, owner)
        provider = self.start(PLUGIN_UNIX_SOCKET_DIR=folder)
        shut_down(self.start(PLUGIN_UNIX_SOCKET_DIR=folder))
        check_served(provider)  # its folder is still there
        shut_down(provider)
        self.assertEqual(os.listdir(folder), ["azs-bbbbbb"] if os.geteuid() == 0 else [])

    @unittest.skipUnless(IS_WINDOWS, "where the place is a port")
    def test_as_many_start_at_once_as_the_range_has_ports(self):
        ports = range(12340, 12348)
        ends = {"PLUGIN_MIN_PORT": str(ports[0]), "PLUGIN_MAX_PORT": str(ports[-1])}
        with concurrent.futures.ThreadPoolExecutor(len(ports)) as pool:
            started = list(pool.map(lambda _: self.start(**ends), ports))
        self.assertEqual({one.socket for one in started}, {f"127.0.0.1:{port}" for port in ports})
        late = self.start(**ends)
        self.assertIn("cannot listen on any port of 127.0.0.1 from 12340 to 12347",
                      late.line + late.errors())
        self.assertEqual(late.wait(), (os.CLD_EXITED, 1))

    def test_a_broken_certificate_is_said_on_standard_output(self):
        # The host shows its user a first line that is no handshake.
        provider = self.start(certificate="no|certificate")
        self.assertIn("PLUGIN_CLIENT_CERT", provider.line)
        self.assertEqual(len(provider.fields), 1)
        self.assertEqual(provider.wait(), (os.CLD_EXITED, 1))
        self.assertEqual(provider.output(), "")
        self.assertEqual(provider.leftovers(), [])

    def test_options(self):
        begin = "terraform-provider-azurestack "
        for option, status, line, errors in (("--version", 0, begin, ""),
                                             ("-version", 0, begin, ""), ("--help", 0, begin, ""),
                                             ("--verbose", 2, "", "--verbose"), ("serve", 2, "", "serve")):
            with self.subTest(option):
                provider = self.start(option=option, cookie=False)
                rest = provider.output()
                self.assertEqual(provider.wait(), (os.CLD_EXITED, status))
                self.assertEqual(provider.line[:len(begin)], line)
                self.assertEqual(provider.errors() == "", errors == "")
                self.assertIn(errors, provider.errors())
                full = ["sh", "-c", f'"$0" {option} >/dev/full 2>&1', PROVIDER]
                self.assertTrue(IS_WINDOWS or subprocess.run(full, check=False).returncode)
                if option != "--help":
                    self.assertEqual(rest, "")
                    continue
                self.assertEqual([part for part in HELP if part not in rest], [])
                self.assertLessEqual(max(map(len, rest.splitlines())), 79)  # the width of a terminal
