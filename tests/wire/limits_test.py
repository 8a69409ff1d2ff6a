# Requests that no host sends: too big, too many, too late. Each is answered, costs nothing for long,
# and leaves the provider serving.
# SPDX-License-Identifier: MPL-2.0
import os

import grpc

from client import (CUSTOMER_ID, DEADLINE, EXHAUSTED, INVALID, OK, RESOURCE, Case, Scene, dynamic,
                    fill, pack, wait_for)

MB = 1024 * 1024


class Limits(Case):
    def test_a_message_of_5_mb_is_served(self):
        # gRPC's own limit is 4 MB: a big state would never arrive.
        with Scene() as scene:
            config = fill(scene.channel.resource_block(), registration_id="x" * 5 * MB,
                          customer_subscription_id=CUSTOMER_ID)
            answer = scene.channel.ask("ValidateResourceConfig", type_name=RESOURCE,
                                       config=dynamic(config))
            self.check_error(answer.diagnostics, path=["registration_id"])
            # What is wrong is not said in full.
            self.assertLess(answer.ByteSize(), 16 * 1024)

    def test_a_message_of_257_mb_is_refused(self):
        with Scene() as scene:
            self.assertEqual(scene.channel.code("ValidateResourceConfig", bytes(257 * MB)),
                             EXHAUSTED)
            self.check_alive(scene)

    def test_a_compressed_message_is_not_unpacked(self):
        # A few bytes could become more than the memory holds. Gzip keeps random bytes as they are, so the
        # memory can be searched for them: the provider has wiped them.
        noise = os.urandom(256 * 1024)
        with Scene() as scene:
            call = scene.channel.begin("ValidateResourceConfig", bytes(5 * MB) + noise,
                                       compression=grpc.Compression.Gzip)
            self.assertEqual((call.code(), call.details()), (INVALID, "the request is compressed"))
            if os.path.exists("/proc/self/mem"):
                wait_for("the memory", lambda: not scene.provider.holds(noise[128 * 1024:][:64]))
            self.check_alive(scene)

    def test_a_thousand_calls_at_once_are_answered(self):
        with Scene() as scene:
            config = fill(scene.channel.resource_block(), registration_id="x")
            request = pack("ValidateResourceConfig", type_name=RESOURCE, config=dynamic(config))
            calls = [scene.channel.begin("ValidateResourceConfig", request) for _ in range(1000)]
            for call in calls:
                self.assertEqual(call.code(), OK)
                self.assertTrue(call.result())
            self.check_alive(scene)

    def test_calls_that_the_client_cancels_at_once_do_no_harm(self):
        with Scene() as scene:
            scene.configure()
            codes = []
            for _ in range(50):
                call = scene.channel.begin("ApplyResourceChange", scene.apply, 0.001)
                codes.append(call.code())
                if call.code() != DEADLINE:   # the provider's answer was there before the client's
                    self.check_stopped(call)
                self.check_alive(scene)
            self.assertIn(DEADLINE, codes)
