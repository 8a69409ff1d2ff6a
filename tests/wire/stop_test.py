# StopProvider, Shutdown and cancellation, each while applies block on an Azure that never
# answers: one thread serves them whatever the others wait for.
# SPDX-License-Identifier: MPL-2.0
import os

from client import CANCELLED, DEADLINE, OK, SHUTDOWN, WAIT_S, Case, Scene, is_closed_by_peer

# Far more than it takes; but after 30 s the provider gives a silent Azure up by itself, and then
# nothing is shown.
SOON_S = 20
MANY = 80  # more than there are workers, so that some still wait for one


class Stop(Case):
    def test_stop_is_served_while_more_applies_block_than_there_are_workers(self):
        with Scene() as scene:
            scene.configure()
            calls = scene.begin_applies(MANY)
            self.check_alive(scene)
            self.assertFalse(any(call.done() for call in calls))
            self.assertEqual(scene.channel.code("StopProvider"), OK)
            for call in calls:
                self.check_stopped(call)
            # No call waits on Azure any more, and the process is not ended by it.
            self.assertTrue(is_closed_by_peer(scene.connections[0], SOON_S))
            self.check_alive(scene)

    def test_what_comes_after_a_stop_does_not_even_begin(self):
        with Scene() as scene:
            scene.configure()
            for _ in range(2):  # once more is no error
                self.assertEqual(scene.channel.ask("StopProvider").Error, "")
            self.check_stopped(scene.channel.begin("ApplyResourceChange", scene.apply))
            # Not for a host that configures once more either: only --debug serves many runs.
            self.assertFalse(scene.channel.configure(scene.azure.url).diagnostics)
            self.check_stopped(scene.channel.begin("ApplyResourceChange", scene.apply))
            self.assertIsNone(scene.azure.accept(0))

    def test_shutdown_is_answered_and_ends_the_process_beside_running_applies(self):
        # A second Ctrl-C. The other way out is what leak checkers ask for: slower.
        for variables in {}, {"AZURESTACK_ORDERLY_EXIT": "1"}:
            with self.subTest(variables), Scene(**variables) as scene:
                scene.configure()
                calls = scene.begin_applies(MANY)
                self.assertEqual(scene.channel.code(SHUTDOWN), OK)
                self.assertEqual(scene.provider.wait(), (os.CLD_EXITED, 0))
                for call in calls:
                    call.code()
                self.assertTrue(is_closed_by_peer(scene.connections[0], SOON_S))

    def test_a_cancelled_apply_ends_and_another_one_continues(self):
        with Scene() as scene:
            scene.configure()
            calls = scene.begin_applies(2)  # they share the one request for a token
            calls[0].cancel()
            self.assertEqual(calls[0].code(), CANCELLED)
            self.check_alive(scene)
            self.assertFalse(calls[1].done())
            # The neighbour is cancelled too: now no call uses the connection.
            calls[1].cancel()
            self.assertTrue(is_closed_by_peer(scene.connections[0], SOON_S))
            self.check_alive(scene)

    def test_a_broken_connection_ends_its_calls_and_not_the_process(self):
        with Scene() as scene:
            scene.configure()
            scene.begin_applies(2)
            scene.reconnect()
            self.assertTrue(is_closed_by_peer(scene.connections[0], SOON_S))
            self.check_alive(scene)

    def test_a_deadline_ends_the_work_and_not_only_the_call(self):
        # How long the work takes to begin depends on the machine: the deadline is doubled until
        # it was seen.
        with Scene() as scene:
            scene.configure()
            connection, deadline_s = None, 0.25
            while connection is None:
                self.assertLess(deadline_s, WAIT_S)
                call = scene.channel.begin("ApplyResourceChange", scene.apply, deadline_s)
                if call.code() != DEADLINE:   # the provider's answer was there before the client's
                    self.check_stopped(call)
                connection, deadline_s = scene.azure.accept(0), 2 * deadline_s
            scene.connections.append(connection)
            self.assertTrue(is_closed_by_peer(connection, SOON_S))
            self.check_alive(scene)
