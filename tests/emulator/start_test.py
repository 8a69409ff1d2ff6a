# How it starts and ends, what it writes down, the control interface from a shell, and what --help says.
# SPDX-License-Identifier: MPL-2.0
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import client
from client import (HERE, HUB, ONE, OTHER_TENANT, TWO, VERSION, WAIT_S, Case, Refused, harness,
                    item, tenant_of)

BINARY = harness.EMULATOR
BAD_CONFIGURATIONS = (
    "[]", "{", '{"nonsense": 1}', '{"bom": 3}', '{"registrations": [{}]}', '{"switches": 1}',
    '{"faults": [{"match": "PUT", "what": "rst"}]}', '{"applications": [{"x": "y"}]}',
    '{"put_answer": "203"}', '{"switches": {"x": 1}}', '{"bom": true, "bom": true}',
    '{"mappings": [{"id": "x"}]}', '{"jobs": {}}')


class Start(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, *arguments):
        process = subprocess.Popen([BINARY, "--dir", self.dir, *arguments])
        self.addCleanup(process.kill)
        harness.wait_for("its port", lambda: os.path.exists(self.path("port")))
        with open(self.path("port"), encoding="ascii") as stream:
            return process, int(stream.read())

    def test_the_documented_world_on_a_chosen_port_and_each_loopback(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            chosen = free.getsockname()[1]
        process, port = self.start("--port", str(chosen), "--tls", "plaintext")
        self.assertEqual(port, chosen)
        self.assertFalse(os.path.exists(self.path("machine-port")))
        self.assertFalse(os.path.exists(self.path("canary.log")))
        hubs = client.harness.Control(self.dir).ask("registrations")
        self.assertEqual([hub["name"] for hub in hubs], ["berlin", "munich"])
        for host in ("127.0.0.1", "::1"):
            connection = http.client.HTTPConnection(host, port, timeout=WAIT_S)
            try:
                connection.request("GET", f"{HUB}?{VERSION}")
            except OSError as error:
                self.assertEqual(host, "::1", error)    # not every machine has it
                continue
            self.assertEqual(connection.getresponse().status, 401)
            connection.close()
        process.terminate()
        self.assertEqual(process.wait(WAIT_S), 0)

    def test_wrong_options_and_configurations_are_refused(self):
        for config in BAD_CONFIGURATIONS:
            with open(self.path("config.json"), "w", encoding="utf-8") as stream:
                stream.write(config)
            self.refused(["--dir", self.dir, "--config", self.path("config.json")])
        for arguments in ([], ["--dir"], ["--dir", self.dir, "--port", "70000"],
                          ["--dir", self.dir, "--tls", "perfect"], ["--dir", self.dir, "x"],
                          ["--dir", self.dir, "--machine-port", "-1"],
                          ["--dir", self.dir, "--parent", "1"],
                          ["--dir", self.dir, "--config", self.path("none")]):
            self.refused(arguments)
        self.assertFalse(os.path.exists(self.path("port")))

    def refused(self, arguments):
        run = subprocess.run([BINARY, *arguments], capture_output=True, timeout=WAIT_S)
        self.assertEqual(run.returncode, 2, arguments)
        self.assertIn(b"azurestack-emulator: ", run.stderr)
        self.assertNotIn(b"Traceback", run.stderr)

    def test_it_ends_with_its_parent(self):
        script = ('"$0" --dir "$1" --parent $$ & echo $!; '
                  'while [ ! -e "$1/port" ]; do sleep 0.01; done')
        run = subprocess.run(["/bin/sh", "-c", script, BINARY, self.dir], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=WAIT_S)
        harness.wait_for("its end", lambda: not os.path.exists(f"/proc/{int(run.stdout)}/exe")
                         or open(f"/proc/{int(run.stdout)}/stat").read().split()[2] == "Z")

    def test_a_python_without_the_library_gives_way_to_the_systems(self):
        run = subprocess.run([sys.executable, "-S", BINARY, "--dir", self.dir, "x"], text=True,
                             capture_output=True, timeout=WAIT_S)
        self.assertRegex(run.stderr, "(?s)usage:.*arguments: x|package is python3-cryptography")

    def test_it_leaves_no_trace_in_the_tree(self):
        """Python's cache of what it compiled is nothing that git sees."""
        status = subprocess.run(["git", "status", "--porcelain", "--", HERE], cwd=HERE, text=True,
                                capture_output=True, timeout=WAIT_S)
        self.assertNotIn("__pycache__", status.stdout)


class Kept(Case):
    def test_the_log_holds_requests_as_received(self):
        connection, target = self.emulator.connect(), HUB.replace("berlin", "%62erlin")
        self.emulator.arm("GET", target, connection=connection)
        self.emulator.arm("PUT", item(), "{ }", connection=connection,
                          headers={"X-Odd-Case": "ö".encode()})
        connection.close()
        first, second = self.emulator.events("REQUEST")
        self.assertEqual((first["path"], second["body"], first["connection"]),
                         (f"{target}?{VERSION}", "{ }", second["connection"]))
        self.assertEqual(second["headers"]["X-Odd-Case"], "ö")
        self.assertRegex(second["headers"]["Authorization"], r"^Bearer <token #\d+>$")
        self.assertEqual([event["event"] for event in self.emulator.events()], [
            "CONNECT", "TLS", "REQUEST", "ANSWER", "REQUEST", "EFFECT", "ANSWER"])
        self.assertEqual(self.emulator.events("TLS")[0]["version"], "TLSv1.3")
        self.assertEqual([(event["request"], event["status"])
                          for event in self.emulator.events("ANSWER")],
                         [(first["n"], 200), (second["n"], 200)])
        self.assertEqual(self.emulator.events("EFFECT")[0]["what"], f"PUT mapping {item().lower()}")
        numbers = [event["n"] for event in self.emulator.all_events()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(self.emulator.back("log")["n"], numbers[-1])
        # One object a line, without blanks, in this order: programs other than Python read it.
        self.assertRegex(self.emulator.read_log().splitlines()[-1],
                         r'^\{"n":\d+,"t":\d{13},"event":"ANSWER","request":\d+,"status":200,')

    def test_mappings_behind_everybodys_back(self):
        e = self.emulator
        e.map(item(ONE.upper()), OTHER_TENANT)
        e.map(item(TWO), OTHER_TENANT)
        self.assertEqual(len(e.mappings()), 2, "nothing is overwritten")
        e.unmap(item(ONE))
        self.assertEqual(e.mappings(), {item(TWO): OTHER_TENANT})
        for name, body in (("unmap", {"id": item(ONE)}), ("map", {"id": HUB}), ("map", {}),
                           ("nonsense", {}), ("tenant", {}), ("refuse", {}), ("map", [])):
            with self.assertRaises(Refused, msg=name):
                e.back(name, body)
        self.assertEqual(e.tenant_of(ONE.upper()), tenant_of(ONE))
        self.assertEqual((len(e.events("CONTROL")), e.events("EFFECT")), (11, []))
        e.back("application", {"tenant_id": OTHER_TENANT, "client_id": ONE,
                               "client_secret": "behind"})
        self.assertNotIn("behind", e.read_log())

    def test_control_py(self):
        def control(*arguments):
            run = subprocess.run([sys.executable, os.path.join(HERE, "control.py"),
                                  self.emulator.dir, *arguments], capture_output=True, text=True,
                                 timeout=WAIT_S)
            return run.returncode, run.stdout, run.stderr
        self.assertEqual(control("map", f"id={item()}", f"tenant_id={OTHER_TENANT}")[0], 0)
        self.assertEqual(json.loads(control("mappings")[1])[0]["tenant_id"], OTHER_TENANT)
        control("switches", "page_size=2", "bom=true", "put_answer=204")
        values = {row["name"]: row["value"] for row in json.loads(control("switches")[1])}
        self.assertEqual([values[name] for name in ("page_size", "bom", "put_answer")],
                         [2, True, "204"])
        control("faults", '[{"match": "GET#1", "what": "status=503"}]')
        self.expect(self.emulator.get(), 503)
        control("reset")
        self.assertEqual(self.emulator.back("faults")["faults"], [])
        self.assertEqual(self.emulator.mappings(), {})
        for arguments, text in ((["nonsense"], "no operation"), (["unmap", "id=x"], "no mapping"),
                                (["unmap", "x"], "not name=value"), ([], "usage"),
                                (["faults", "[}"], "faults: ")):
            status, shown, reported = control(*arguments)
            self.assertEqual((status, shown), (1, ""))
            self.assertIn(text, reported)

    def test_help_names_everything(self):
        reported = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True,
                              timeout=WAIT_S).stdout
        for word in [*(row["name"] for row in self.emulator.back("switches")),
                     *(row["question"] for row in self.emulator.back("switches")),
                     *self.emulator.back("faults")["known"], "--dir", "--parent",
                     "--machine-port", "oidc-token", "revoke-tokens", "CONTROL", "with-emulator"]:
            self.assertIn(word, reported)
        # What it says to set is what the script sets, which acceptance/examples_test.py runs.
        script = os.path.join(harness.TOP, "examples", "offline", "with-emulator")
        with open(script, encoding="utf-8") as stream:
            script = stream.read()
        said = dict(re.findall(r"(ARM_\w+)=(\S+)", reported))
        self.assertEqual(len(said), 7)
        for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_ENVIRONMENT",
                     "ARM_RESOURCE_MANAGER_AUDIENCE"):
            self.assertRegex(script, name + r"=(\S+:-)?" + "\"?" + re.escape(said[name]))
