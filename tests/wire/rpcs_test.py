# What is served and what is not: every rpc of the protocol, go-plugin's services, health.
# SPDX-License-Identifier: MPL-2.0
import os

import grpc

from client import (BROKER, CANCELLED, CUSTOMER_ID, HEALTH, INVALID, MAPPING_ID, OK,
                    REGISTRATION_ID, RESOURCE, SHUTDOWN, STDIO, UNIMPLEMENTED, Case, Scene,
                    dynamic, fill, message, value_of)

SERVED = ("GetMetadata GetProviderSchema GetResourceIdentitySchemas ValidateProviderConfig"
          " ConfigureProvider ValidateResourceConfig UpgradeResourceState ReadResource"
          " PlanResourceChange ApplyResourceChange ImportResourceState MoveResourceState"
          " UpgradeResourceIdentity ValidateDataResourceConfig ReadDataSource"
          " ValidateEphemeralResourceConfig OpenEphemeralResource RenewEphemeralResource"
          " CloseEphemeralResource ValidateListResourceConfig ListResource GetFunctions"
          " CallFunction StopProvider").split()  # the last: it is for good
# Called only by hosts that saw it declared in the schema. All together are those of
# tfplugin6.Provider 6.11 (proto/SOURCE.md).
NOT_SERVED = ("GenerateResourceConfig ValidateActionConfig PlanAction InvokeAction"
              " ValidateStateStoreConfig ConfigureStateStore ReadStateBytes WriteStateBytes"
              " LockState UnlockState GetStates DeleteState").split()
STRANGE = ("GetProviderSchem", "GetProviderSchemas", "getproviderschema",
           "/tfplugin5.Provider/GetSchema", "/grpc.health.v1.Health/Watch",
           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
           "/plugin.GRPCController/Restart", "/", "/tfplugin6.Provider/")


class Rpcs(Case):
    def test_every_rpc_is_served_or_unimplemented(self):
        # An empty message is a message, and every field is missing.
        self.assertEqual(len(SERVED) + len(NOT_SERVED), 36)  # as many as the protocol has
        with Scene() as scene:
            for rpcs, code in ((SERVED, OK), (NOT_SERVED + list(STRANGE), UNIMPLEMENTED)):
                for rpc in rpcs:
                    self.assertEqual(scene.channel.code(rpc), code, rpc)
            self.assertEqual(scene.channel.code("GetProviderSchema"), OK)

    def test_streams_that_are_not_served_end(self):
        with Scene() as scene:
            for rpc in ("InvokeAction", "ReadStateBytes", "WriteStateBytes",
                        "/grpc.health.v1.Health/Watch"):
                self.assertEqual(scene.channel.stream(rpc).code(), UNIMPLEMENTED, rpc)

    def test_the_schema_is_the_same_each_time_in_each_process(self):
        answers = []  # the host keeps one for all processes
        for _ in range(2):
            with Scene() as scene:
                answers += [scene.channel.begin("GetProviderSchema").result() for _ in range(2)]
        self.assertGreater(len(answers[0]), 0)
        self.assertEqual(answers, [answers[0]] * 4)

    def test_before_configure_nothing_is_applied_and_a_read_is_put_off_where_the_host_can(self):
        with Scene() as scene:
            apply = scene.channel.plan_create()  # needs no session
            self.check_stopped(scene.channel.begin("ApplyResourceChange", apply))
            state = dynamic(fill(scene.channel.resource_block(), registration_id=REGISTRATION_ID,
                                 customer_subscription_id=CUSTOMER_ID, id=MAPPING_ID))
            answer = scene.channel.ask("ReadResource", type_name=RESOURCE, current_state=state,
                                       client_capabilities={"deferral_allowed": True})
            self.assertFalse(answer.diagnostics)
            self.assertEqual(answer.deferred.reason, 2)  # PROVIDER_CONFIG_UNKNOWN
            self.assertEqual(value_of(answer.new_state)["id"], MAPPING_ID)

    def test_health_says_that_the_plugin_serves(self):
        request = message("grpc.health.v1.HealthCheckRequest")
        with Scene() as scene:
            for service, code in (("plugin", OK), ("", OK), ("another", grpc.StatusCode.NOT_FOUND)):
                call = scene.channel.begin(HEALTH, request(service=service).SerializeToString())
                self.assertEqual(call.code(), code, service)
                if code == OK:
                    self.assertEqual(call.result(), b"\x08\x01")  # field 1: SERVING
            self.assertEqual(scene.channel.code(HEALTH, b"\xFF"), INVALID)

    def test_stdio_and_broker_are_held_open_until_shutdown(self):
        # As a host does: both opened at once, then everything else, then Shutdown beside them.
        with Scene() as scene:
            stdio, broker = scene.channel.stream(STDIO), scene.channel.stream(BROKER)
            for stream in stdio, broker:
                stream.initial_metadata()
            for _ in range(20):
                self.assertEqual(scene.channel.code("GetProviderSchema"), OK)
            self.assertTrue(stdio.is_active() and broker.is_active())
            # One that the peer leaves is no harm to the other.
            broker.cancel()
            self.assertEqual(broker.code(), CANCELLED)
            self.assertEqual(scene.channel.code("GetProviderSchema"), OK)
            self.assertTrue(stdio.is_active())
            # Shutdown is answered, and does not wait for the stream to end.
            self.assertEqual(scene.channel.code(SHUTDOWN), OK)
            self.assertEqual(scene.provider.wait(), (os.CLD_EXITED, 0))
            with self.assertRaises(grpc.RpcError) as ended:
                next(stdio)  # nothing was ever printed there
            self.assertNotEqual(ended.exception.code(), OK)
