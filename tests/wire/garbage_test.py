# Requests that no host sends, because they make no sense: no body, no protobuf, no msgpack, no UTF-8.
# Each is answered, and leaves the provider serving.
# SPDX-License-Identifier: MPL-2.0
import random

from client import EXHAUSTED, INVALID, OK, RESOURCE, Case, Scene, message, pack
from rpcs_test import SERVED

# No protobuf: a wire type that does not exist, a length behind the end, a field cut off.
NO_MESSAGES = (b"\xFF", b"\x0F", b"\x0A\x7F", b"\x0A\x7F\x01", b"\x0A\xFF\xFF\xFF\xFF\x07",
               b"\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", b"\x0B\x0B\x0B\x0B")
# Msgpack that lies: counts of 4 G, an extension longer than the rest, a value cut off, a byte
# that means nothing, endless nesting.
LIES = (b"\xDF\xFF\xFF\xFF\xFF", b"\xDD\xFF\xFF\xFF\xFF", b"\xDB\xFF\xFF\xFF\xFF",
        b"\xC9\xFF\xFF\xFF\xFF\x0C", b"\x81\xA1\x61", b"\xC1", b"\x91" * 100_000)


class Garbage(Case):
    def test_a_call_without_a_message_is_refused(self):
        with Scene() as scene:
            for rpc in SERVED:
                if rpc != "ListResource":  # a stream
                    self.assertEqual(scene.channel.begin_empty(rpc).code(), INVALID, rpc)
            self.check_alive(scene)

    def test_garbage_is_refused_by_every_rpc(self):
        seed = random.randrange(2 ** 32)
        print(f"seed {seed}")
        generator = random.Random(seed)
        with Scene() as scene:
            for rpc in SERVED:
                has_request = bool(message(f"tfplugin6.{rpc}.Request").DESCRIPTOR.fields)
                for data in NO_MESSAGES:
                    # An rpc that asks for nothing looks at nothing.
                    self.assertEqual(scene.channel.code(rpc, data),
                                     INVALID if has_request else OK, (rpc, data))
                for data in [*self.random_messages(generator), *self.lying_messages()]:
                    # The host's fault, the provider's limit, or an answer: never INTERNAL, never
                    # silence.
                    self.assertIn(scene.channel.code(rpc, data), (OK, INVALID, EXHAUSTED),
                                  (rpc, data[:99]))
            self.check_alive(scene)

    def random_messages(self, generator):
        for i in range(50):
            data = bytearray(generator.randbytes(generator.randrange(64)))
            if len(data) > 2 and i % 2 == 0:  # half of them begin like a field
                data[:2] = generator.randint(1, 9) << 3 | 2, len(data) - 2
            yield bytes(data)

    def lying_messages(self):
        """Field 1 the type's name, fields 2 to 4 a value: more than one request has its values
        there."""
        for lie in LIES:
            yield pack("PlanResourceChange", type_name=RESOURCE, prior_state={"msgpack": lie},
                       proposed_new_state={"msgpack": lie}, config={"msgpack": lie})

    def test_a_name_that_is_not_utf8_comes_back_clean(self):
        # Else the host would refuse the whole answer. Parsing it here refuses too.
        with Scene() as scene:
            call = scene.channel.begin("ValidateResourceConfig", b"\x0A\x0Dazurestack_\xFF\xFE")
            self.assertEqual(call.code(), OK)
            answer = message("tfplugin6.ValidateResourceConfig.Response").FromString(call.result())
            self.check_error(answer.diagnostics, "azurestack_")
