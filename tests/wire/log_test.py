# What the process says on standard error: lines that the host can parse, and no secret.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import subprocess

from fake_azure import Azure
from client import (IS_WINDOWS, PROVIDER, RESOURCE, UNAVAILABLE, Case, Channel, Scene, shut_down)

CANARY = "canary-2f9e6b1d4c"
TIME = (r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}"
        r"(Z|[+-][0-9]{2}:[0-9]{2})$")


def no_name_twice(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


class Log(Case):
    def run_with(self, **variables):
        """What it said while much of what can happen to it happened; each line is checked."""
        with Scene(**variables) as scene:
            scene.configure(client_secret=CANARY)
            calls = scene.begin_applies(2)
            for rpc, request in (("GetProviderSchema", b""), ("ReadDataSource", b""),
                                 ("ReadResource", b"\xFF"), ('No"Such\\Method{}', b"")):
                scene.channel.code(rpc, request)
            stranger = Channel(scene.provider)
            self.assertEqual(stranger.code("GetProviderSchema"), UNAVAILABLE)
            stranger.close()
            calls[0].cancel()
            scene.channel.code("StopProvider")
            self.check_stopped(calls[1])
            shut_down(scene.provider, scene.identity)
            text = scene.provider.errors()
        self.assertNotIn(CANARY, text)
        self.assertTrue(text == "" or text.endswith("\n"))
        return text, [self.check_line(line) for line in text.splitlines()]

    def check_line(self, line):
        """Terraform 1.11 panics over a level, a message or a time that is no string, and shows
        the line raw if the time has other than six digits behind its point."""
        self.assertLess(len(line), 64 * 1024)
        found = json.loads(line, object_pairs_hook=no_name_twice)
        for name in "@level", "@message", "@module", "@timestamp":
            self.assertIsInstance(found[name], str, line)
        self.assertIn(found["@level"], ("trace", "debug", "info", "warn", "error"))
        self.assertRegex(found["@timestamp"], TIME)
        return found

    def test_each_rpc_is_logged_at_trace_in_lines_that_the_host_parses(self):
        _, lines = self.run_with(TF_LOG_PROVIDER="TRACE")
        self.assertGreaterEqual(len(lines), 10)
        for name, value in (("tf_rpc", "ApplyResourceChange"), ("tf_resource_type", RESOURCE)):
            self.assertIn(value, [line.get(name) for line in lines])
        calls = [line["tf_req_id"] for line in lines if line["@message"] == "served"]
        self.assertGreater(len(calls), 4)
        self.assertEqual(len(set(calls)), len(calls))
        for one in calls:
            self.assertRegex(one, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

    def test_without_a_level_only_warnings_and_errors_are_logged(self):
        _, lines = self.run_with()
        self.assertLessEqual({line["@level"] for line in lines}, {"warn", "error"})

    def test_variables_of_libraries_make_nothing_leak(self):
        # gRPC prints whole messages, credentials among them, if these are set; OpenSSL's
        # users write the keys of their connections. They may be set for another program.
        keys = self.folder()
        text, _ = self.run_with(
            GRPC_TRACE="all", GRPC_VERBOSITY="DEBUG", GRPC_STACKTRACE_MINLOGLEVEL="DEBUG",
            TF_LOG="TRACE", CURL_VERBOSE="1", SSLKEYLOGFILE=os.path.join(keys, "log"))
        self.assertNotIn("63 61 6e 61 72 79", text)  # as gRPC dumps bytes
        self.assertNotIn("PRIVATE KEY", text)
        with Azure() as azure:
            found = subprocess.run([*["wine"] * IS_WINDOWS, PROVIDER, "doctor"], env={
                **os.environ, **azure.variables, "ARM_ENVIRONMENT": "custom",
                "ARM_RESOURCE_MANAGER_ENDPOINT": azure.url, "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST": azure.url,
                "sslKeyLogFile" if IS_WINDOWS else "SSLKEYLOGFILE": f"{keys}/log"}, capture_output=True,
                                   text=True, check=False).stdout
        self.assertIn("connection: https://127.0.0.1", found)
        self.assertEqual(os.listdir(keys), [])
