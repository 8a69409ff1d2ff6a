# Calls of every kind in any order, 64 at a time, some cancelled at any moment, the provider configured
# again in between, with values that are huge, deep, of another type or none at all. Each call ends
# as it should, and the provider serves afterwards. WIRE_CALLS=100000 makes as many, and
# compares the memory that is in use between calls in the second quarter with that in the last.
# SPDX-License-Identifier: MPL-2.0
import collections
import faulthandler
import os
import random
import time

from google.protobuf.descriptor import FieldDescriptor

from client import (CANCELLED, CUSTOMER_ID, DEADLINE, EXHAUSTED, INVALID, IS_SANITIZED, MAPPING_ID,
                    OK, REGISTRATION_ID, RESOURCE, TENANT_ID, UNKNOWN, WAIT_S, Case, Scene, dynamic,
                    fill, message)
from fake_azure import Azure
from garbage_test import LIES
from rpcs_test import SERVED

AT_ONCE = 64
CALLS = int(os.environ.get("WIRE_CALLS", "1500"))
LOOKS_AT_MEMORY = CALLS >= 50_000 and not IS_SANITIZED   # before, threads are still started
# Memory that is freed goes back to the system. By default glibc keeps what calls needed at the same
# time, and up to 240 kB of free blocks for each thread, which grows by chance and hides a leak.
EXACT = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=8192"
                           ":glibc.malloc.trim_threshold=8192"} if LOOKS_AT_MEMORY else {}
ENDS = {True: (OK, INVALID, EXHAUSTED, CANCELLED, DEADLINE), False: (OK, INVALID, EXHAUSTED)}
TEXTS = (RESOURCE, RESOURCE, RESOURCE, "azurestack_registration", "azurestack_activation_key",
         "registration_id", "", "x" * 100_000, MAPPING_ID, "a\0b", "\u202e", "../..%2f")


class AnyOrder(Case):
    def values(self, scene):
        """Messages with a value: of the resource, of the provider, and such as no host sends."""
        block = scene.channel.resource_block()
        known = {"registration_id": REGISTRATION_ID, "customer_subscription_id": CUSTOMER_ID}
        nested = b"1"
        for i in range(2000):
            nested = b"[" + nested + b"]" if i % 2 else b'{"a":' + nested + b"}"
        good = [dynamic(fill(block, **known)), dynamic(None),
                dynamic(fill(block, **known, id=MAPPING_ID, tenant_id=TENANT_ID)),
                dynamic(fill(block, **known, id=UNKNOWN, tenant_id=UNKNOWN)),
                {"json": b'{"registration_id":"%s"}' % REGISTRATION_ID.encode()}]
        bad = [{"msgpack": lie} for lie in LIES] + [
            {}, dynamic(7), dynamic(UNKNOWN), dynamic(fill(block, id=["x"])), {"json": nested},
            dynamic(fill(block, registration_id="x" * 1_000_000)), {"json": b"{"},
            {"json": b'{"id":' + b"9" * 100_000 + b"}"}, {"json": b'{"id":"\\ud800\xff"}'}]
        return good * 5 + bad

    def request(self, rpc, values):
        request = message(f"tfplugin6.{rpc}.Request")()
        for field in request.DESCRIPTOR.fields:
            kind = field.message_type.name if field.message_type else field.type
            if field.label == FieldDescriptor.LABEL_REPEATED or self.random.random() < 0.1:
                continue
            if kind == FieldDescriptor.TYPE_STRING:
                setattr(request, field.name, self.random.choice(TEXTS))
            elif kind == FieldDescriptor.TYPE_BYTES:
                setattr(request, field.name, self.random.randbytes(self.random.randrange(99)))
            elif kind == FieldDescriptor.TYPE_BOOL:
                setattr(request, field.name, self.random.random() < 0.5)
            elif kind in ("DynamicValue", "RawState"):
                part = getattr(request, field.name)
                for name, value in self.random.choice(values).items():
                    setattr(part, name if hasattr(part, name) else "json", value)
        return request.SerializeToString()

    def begin(self, scene, values, configure):
        """(rpc, call, whether it is cut short)"""
        rpc = self.random.choice([*SERVED[:-1], "ApplyResourceChange"])
        data = self.request(rpc, values)
        if self.random.random() < 0.3:   # as a host does it
            data = {"ApplyResourceChange": scene.apply, "ConfigureProvider": configure}.get(rpc, data)
        is_cut = self.random.random() < 0.2
        limit_s = self.random.random() * 0.05 if is_cut else 2 * WAIT_S
        if rpc == "ApplyResourceChange" and not is_cut:   # may wait for Azure for half an hour
            limit_s, is_cut = 5, True
        if rpc == "ListResource":
            call = scene.channel.stream(rpc, data)
            if not is_cut:
                collections.deque(self.read(call), maxlen=0)
        else:
            call = scene.channel.begin(rpc, data, limit_s)
        if is_cut and limit_s < 1 and (rpc == "ListResource" or self.random.random() < 0.5):
            call.cancel()
        return rpc, call, is_cut

    def read(self, call):
        try:
            yield from call
        except Exception:   # its status is looked at where it ends
            pass

    def memory(self, scene, configure):
        """In kB, without the program itself, when no call is running and the session is new."""
        self.assertEqual(scene.channel.code("ConfigureProvider", configure), OK)
        time.sleep(1)   # work that outlives its call ends
        with open(f"/proc/{scene.provider.pid}/status", encoding="ascii") as stream:
            return next(int(line.split()[1]) for line in stream if line.startswith("RssAnon"))

    def test_calls_in_any_order_end_and_leave_the_provider_serving(self):
        if CALLS > 1500:   # each call has its own limit
            faulthandler.cancel_dump_traceback_later()
        seed = random.randrange(2 ** 32)
        print(f"seed {seed}, {CALLS} calls")
        self.random, ends, sizes = random.Random(seed), collections.Counter(), []
        with Azure() as azure, Scene(**azure.variables, **EXACT) as scene:
            values, under_way = self.values(scene), collections.deque()
            scene.apply = scene.channel.plan_create()
            block = scene.channel.schema().provider.block
            nested = next(row for row in block.attributes if row.name == "endpoint").nested_type
            configure = message("tfplugin6.ConfigureProvider.Request")(config=dynamic(fill(
                block, tenant_id=TENANT_ID, client_id=CUSTOMER_ID, client_secret="not-a-secret",
                environment="custom", endpoint=[fill(
                    nested, active_directory_authority_host=azure.url,
                    resource_manager_endpoint=azure.url)]))).SerializeToString()
            for number in range(1, CALLS + 1):
                under_way.append(self.begin(scene, values, configure))
                is_measured = LOOKS_AT_MEMORY and number % (CALLS // 20) == 0
                while len(under_way) > (0 if is_measured or number == CALLS else AT_ONCE):
                    rpc, call, is_cut = under_way.popleft()
                    self.assertIn(call.code(), ENDS[is_cut], rpc)
                    ends[call.code().name] += 1
                if is_measured:
                    sizes.append(self.memory(scene, configure))
            self.assertEqual(scene.channel.code("GetProviderSchema"), OK)
            print(f"{dict(ends)}, {azure.count('PUT')} PUT, kB of memory: {sizes}")
            self.assertGreater(azure.count("PUT"), 0)
            if LOOKS_AT_MEMORY:   # the least: free blocks between others stay for a while
                self.assertLess(min(sizes[15:]), min(sizes[5:10]) * 1.25)
