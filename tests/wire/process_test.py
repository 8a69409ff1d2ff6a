# How the process ends: signals, a host that dies, a crash, no memory; and the debug mode, in which
# it outlives its hosts.
# SPDX-License-Identifier: MPL-2.0
import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import unittest

from client import (IS_SANITIZED, IS_WINDOWS, OK, STDIO, Case, Channel, Identity, Scene, Silence,
                    check_served, posix_only)

PR_SET_CHILD_SUBREAPER = 36
COUNT = 80  # more applies than there are workers
# Four times as long as a host that vanished goes unnoticed.
LOOKS_S = 1


@contextlib.contextmanager
def reaping_orphans():
    """An orphan becomes a child of this process."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    yield
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


class Process(Case):
    def check_served(self, scene):
        self.assertEqual(scene.channel.code("GetProviderSchema"), OK)

    # --- signals ---

    @posix_only
    def test_an_interrupt_and_a_lost_terminal_are_ignored(self):
        # Both reach the whole group: the host says what is to happen.
        with Scene() as scene:
            scene.configure()
            call, = scene.begin_applies(1)
            for number in signal.SIGINT, signal.SIGINT, signal.SIGHUP:
                os.kill(scene.provider.pid, number)
            self.check_served(scene)
            self.assertFalse(call.done())
            self.assertEqual(scene.channel.code("StopProvider"), OK)
            self.check_stopped(call)

    @posix_only
    def test_terminate_lets_running_applies_answer_and_ends_the_process(self):
        # Who stops a group of processes stops the host as well, and it saves what the provider reports.
        for count in 0, COUNT:
            with self.subTest(count), Scene() as scene:
                scene.channel.stream(STDIO).initial_metadata()
                scene.configure()
                calls = scene.begin_applies(count) if count else []
                self.check_served(scene)  # so all of them are there
                os.kill(scene.provider.pid, signal.SIGTERM)
                for call in calls:
                    self.check_stopped(call)
                self.assertEqual(scene.provider.wait(), (os.CLD_EXITED, 128 + signal.SIGTERM))

    # --- the host dies ---

    @posix_only
    def test_where_the_host_was_killed_the_provider_ends(self):
        # Busy, and with a connection that stays: neither keeps it alive.
        with reaping_orphans(), Scene(under=True) as scene:
            scene.configure()
            scene.begin_applies(1)
            scene.channel.stream(STDIO).initial_metadata()
            scene.provider.child.kill()
            scene.provider.child.wait()
            self.assertIsNotNone(scene.provider.wait())

    # --- debug mode ---

    def start_debug(self, **options):
        """The line is what the host's developer would copy."""
        provider = self.start(option="--debug", cookie=False, **options)
        begin = "TF_REATTACH_PROVIDERS='"
        self.assertEqual(provider.line[:len(begin)], begin)
        self.assertEqual(provider.line[-1], "'")
        found = json.loads(provider.line[len(begin):-1])
        one = found["azurestack-csp/azurestack"]  # in the registry of the host, OpenTofu or Terraform
        provider.socket, provider.own_pid = one["Addr"]["String"], one["Pid"]
        self.assertEqual(found, {"azurestack-csp/azurestack": {
            "Protocol": "grpc", "ProtocolVersion": 6,
            "Pid": one["Pid"] if IS_WINDOWS else provider.pid,  # wine has numbers of its own
            "Test": True,  # false makes Terraform 1.11 panic
            "Addr": {"Network": "tcp" if IS_WINDOWS else "unix", "String": provider.socket}}})
        return provider

    def check_run(self, provider, azure):
        provider.knock().close()  # what a host does first
        channel = Channel(provider)
        # Before Configure, and so neither asks anybody.
        apply = channel.plan_create()
        self.assertFalse(channel.configure(azure.url).diagnostics)
        call = channel.begin("ApplyResourceChange", apply)
        connection = azure.accept()
        self.assertIsNotNone(connection, "the stop of the last run holds")
        self.assertEqual(channel.code("StopProvider"), OK)
        self.check_stopped(call)
        # A configuration that fails is no run that begins.
        self.assertTrue(channel.configure(azure.url, subscription_id="x").diagnostics)
        self.check_stopped(channel.begin("ApplyResourceChange", apply))
        connection.close()
        channel.close()

    def test_debug_mode_serves_run_after_run(self):
        # No cookie, no TLS; each run has its own configuration, and a stop of one is none of the
        # next.
        azure = Silence()
        self.addCleanup(azure.close)
        provider = self.start_debug()
        for _ in range(2):
            self.check_run(provider, azure)
        check_served(provider)
        if not IS_WINDOWS:  # where Ctrl-C comes from a console
            os.kill(provider.pid, signal.SIGINT)
            self.assertEqual(provider.wait(), (os.CLD_EXITED, 0))
        self.assertEqual(provider.leftovers(), [])

    @posix_only
    def test_debug_mode_outlives_who_started_it(self):
        with reaping_orphans():
            provider = self.start_debug(under=True)
            provider.child.kill()
            provider.child.wait()
            os.kill(provider.pid, signal.SIGHUP)  # which `under` has ignored, as nohup does
            self.assertIsNone(provider.wait(LOOKS_S))
            check_served(provider)
            os.kill(provider.pid, signal.SIGTERM)
            self.assertEqual((provider.wait(), os.listdir(provider.temporary)), ((os.CLD_EXITED, 0), []))

    # --- crashes ---

    def check_panic(self, provider, text=""):
        """At the beginning of a line, or the host does not take it for a crash."""
        self.assertRegex(provider.errors(), f"(?m)^panic: .*{text}")

    @posix_only
    def test_a_fatal_signal_gives_a_panic_line_and_no_core(self):
        numbers = [signal.SIGABRT]
        if not IS_SANITIZED:
            numbers += [signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL]
        for number in numbers:
            with self.subTest(number):
                host = Identity()
                provider = self.start(host)
                check_served(provider, host)
                os.kill(provider.pid, number)
                self.assertEqual(provider.wait(), (os.CLD_KILLED, number))  # not CLD_DUMPED
                self.check_panic(provider, number.name)

    @unittest.skipUnless(IS_WINDOWS, "the same without signals")
    def test_an_exception_gives_a_panic_line_and_no_window(self):
        provider = self.start_debug()
        subprocess.run(["wine", os.environ["CRASH"], str(provider.own_pid)], check=True,
                       env={**os.environ, "TMPDIR": provider.temporary})  # of the same wine
        self.assertEqual(provider.wait(), (os.CLD_EXITED, 5))  # of 0xC0000005
        self.check_panic(provider, "access violation")

    @posix_only
    @unittest.skipIf(IS_SANITIZED, "sanitizers need more address space than a limit can leave")
    def test_running_out_of_memory_ends_the_process_with_a_panic_line(self):
        # Whether our code or a library runs out: the end comes at once, and the host gets an error.
        mb = 1024 * 1024
        with Scene() as scene:
            self.check_served(scene)
            with open(f"/proc/{scene.provider.pid}/statm", encoding="ascii") as stream:
                limit = int(stream.read().split()[0]) * resource.getpagesize() + 24 * mb
            resource.prlimit(scene.provider.pid, resource.RLIMIT_AS, (limit, limit))
            self.assertNotEqual(scene.channel.code("ValidateResourceConfig", bytes(128 * mb)), OK)
            self.assertNotEqual(scene.provider.wait(), (os.CLD_EXITED, 0))
            self.check_panic(scene.provider)
            # A crash leaves its folder to the system.
            shutil.rmtree(scene.provider.temporary)
            os.mkdir(scene.provider.temporary)
