# What must not be shown anywhere: the client secret and the tokens. Every other test looks for
# them in what was printed and stored; here everything that can be written is.
# SPDX-License-Identifier: MPL-2.0
import os
import threading

import harness
from harness import secret_forms, wait_for


def argument_lists():
    """Of every process that can be seen: what the whole machine can see."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                yield stream.read()
        except OSError:
            continue


class Trace(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())

    def test_trace_shows_the_traffic_and_no_secret(self):
        log = os.path.join(self.workspace.dir, "trace.log")
        self.workspace.run("plan", "-no-color", "-out=saved", TF_LOG="TRACE", TF_LOG_PATH=log)
        self.workspace.run("apply", "-no-color", "saved", TF_LOG="TRACE", TF_LOG_PATH=log)
        result = self.workspace.plan(TF_LOG_PROVIDER="TRACE")
        text = harness.read(log)
        for fragment in ("> PUT ", "> GET ", "/oauth2/v2.0/token", "> POST "):
            self.assertTrue(fragment in text, f"the trace shows too little: no {fragment}")
        self.assertTrue("> GET " in result.output)
        self.assertFalse("Bearer ey" in text + result.output)
        # tearDown looks into the outputs, the log, the state and the saved plan.
        self.assertTrue(os.path.exists(os.path.join(self.workspace.dir, "saved")))

    def test_a_sign_in_that_fails_shows_nothing_either(self):
        self.emulator.control.ask("application", {"client_id": harness.CLIENT,
                                                  "client_secret": "changed since"})
        self.expects_rejections = True
        self.workspace.apply(expect=1, TF_LOG="TRACE").says("AADSTS7000215")

    def test_no_argument_list_holds_it_while_it_runs(self):
        self.emulator.switch(latency_ms=1000, latency_on="PUT")
        seen, done = [], threading.Event()

        def watch():
            while not done.is_set():
                seen.extend(argument_lists())
                done.wait(0.05)
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            process = self.workspace.start("apply", "-no-color", "-auto-approve")
            wait_for("the PUT", lambda: "PUT" in self.emulator.kinds())
            self.emulator.switch(latency_ms=0)
            self.assertEqual(self.workspace.finish(process).status, 0)
        finally:
            done.set()
            watcher.join()
        self.assertTrue(any(b"terraform-provider-azurestack" in line for line in seen))
        for form in secret_forms(harness.SECRET):
            self.assertFalse(any(form.encode() in line for line in seen), "in an argument list")
