# Ctrl-C, once and twice, and a host that dies, in the middle of a create.
# SPDX-License-Identifier: MPL-2.0
import os
import shutil
import signal

import harness
from harness import wait_for

ADDRESS = "azurestack_customer_subscription.tenant"


class Interrupt(harness.Case):
    def setUp(self):
        super().setUp()
        self.workspace.write(self.tenant())

    def start_until(self, kind, latency_ms):
        """An apply that has sent `kind` and waits for its answer."""
        self.emulator.switch(latency_ms=latency_ms, latency_on=kind)
        process = self.workspace.start("apply", "-no-color", "-auto-approve")
        wait_for(kind, lambda: kind in self.emulator.kinds() or process.poll() is not None)
        if process.poll() is not None:
            self.fail("the apply ended too early: " + self.workspace.finish(process).output)
        return process

    def agree(self):
        self.assertEqual([s["id"] for s in self.workspace.resources().values()],
                         list(self.emulator.mappings()), "state and service")

    def test_once_during_the_put_follows_it_to_its_end(self):
        process = self.start_until("PUT", 1500)
        os.killpg(process.pid, signal.SIGINT)
        result = self.workspace.finish(process)
        self.agree()
        self.assertIn(ADDRESS, self.workspace.resources(), result.output)
        self.assertEqual(self.emulator.kinds(), ["GET", "PUT", "GET"])
        self.emulator.switch(latency_ms=0)
        self.workspace.apply()
        self.workspace.expect_settled()

    def test_once_during_the_first_get_starts_no_write(self):
        process = self.start_until("GET", 1500)
        os.killpg(process.pid, signal.SIGINT)
        result = self.workspace.finish(process)
        self.assertNotEqual(result.status, 0)
        self.assertEqual(self.emulator.kinds(), ["GET"])
        self.agree()

    def test_once_while_waiting_for_it_to_show(self):
        self.emulator.switch(visible_after_gets=1000)
        process = self.start_until("PUT", 0)
        wait_for("a few looks", lambda: self.emulator.kinds().count("GET") > 2)
        os.killpg(process.pid, signal.SIGINT)
        self.emulator.map(self.id_of())
        result = self.workspace.finish(process)
        self.agree()
        self.assertIn(ADDRESS, self.workspace.resources(), result.output)

    def test_a_killed_provider_leaves_nothing_and_the_next_run_repairs_it(self):
        process = self.start_until("PUT", 3000)
        for pid in self.workspace.providers():
            os.kill(pid, signal.SIGKILL)
        self.assertNotEqual(self.workspace.finish(process).status, 0)
        # A killed process cannot tidy up: its private directory is all that it may leave.
        left = self.workspace.leftovers()
        self.assertLessEqual(len(left), 1, left)
        for name in left:
            self.assertRegex(name, "^azs-")
            shutil.rmtree(os.path.join(self.workspace.tmp, name))
        self.emulator.switch(latency_ms=0)
        self.repair()

    def repair(self):
        """At most one apply, following the printed import id where there is one."""
        for name in (".terraform.tfstate.lock.info",):
            path = os.path.join(self.workspace.dir, name)
            if os.path.exists(path):
                os.remove(path)
        result = self.workspace.apply(expect=None)
        if result.status != 0 and "already exists" in result.text:
            self.workspace.run("import", "-no-color", ADDRESS, self.id_of())
        self.workspace.expect_settled()
        self.agree()
