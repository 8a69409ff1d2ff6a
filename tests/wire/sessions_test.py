# Which configuration answers, and what is asked in odd ways: absent values, values of another
# type, unknown types.
# SPDX-License-Identifier: MPL-2.0
from fake_azure import Azure
from client import (CUSTOMER_ID, INVALID, MAPPING_ID, REGISTRATION_ID, RESOURCE, TENANT_ID,
                    UNKNOWN, Case, Scene, Silence, dynamic, fill, is_closed_by_peer, pack,
                    value_of)

# Nearly a resource type.
NO_TYPES = ("", "azurestack", "azurestack_", "customer_subscription",
            "azurestackcustomer_subscription", "azurestack_customer_subscriptions",
            "azurestack_customer_subscriptio", "azurerm_customer_subscription",
            "AZURESTACK_customer_subscription")
ODD = {"msgpack": b"\x93\x01\x02\x03"}  # of no type: handed back as it came


class Sessions(Case):
    def state(self, scene):
        return fill(scene.channel.resource_block(), registration_id=REGISTRATION_ID,
                    customer_subscription_id=CUSTOMER_ID, id=MAPPING_ID, tenant_id=TENANT_ID)

    def check_read_fails(self, scene, summary):
        """And so changes nothing."""
        state = self.state(scene)
        # With a session nothing is put off, nor for a host that cannot.
        may_defer = {"deferral_allowed": summary == "Cannot sign in to Azure"}
        answer = scene.channel.ask("ReadResource", type_name=RESOURCE, private=b"{}",
                                   current_state=dynamic(state), client_capabilities=may_defer)
        self.check_error(answer.diagnostics, summary=summary)
        self.assertEqual(value_of(answer.new_state), state)
        self.assertEqual(answer.private, b"{}")
        self.assertFalse(answer.HasField("deferred"))

    def configure(self, scene, **fields):
        block = scene.channel.schema().provider.block
        return scene.channel.ask("ConfigureProvider", terraform_version="1.11.4",
                                 config=dynamic(fill(block, **fields))).diagnostics

    def test_a_configuration_that_is_not_known_yet_is_no_error_and_no_session(self):
        with Scene() as scene:
            self.check_read_fails(scene, "Provider configuration is not known yet")
            self.assertFalse(self.configure(scene, client_secret=UNKNOWN))
            self.check_read_fails(scene, "Provider configuration is not known yet")
            self.assertFalse(self.configure(scene))
            self.check_read_fails(scene, "Cannot sign in to Azure")
            self.assertFalse(self.configure(scene, client_id=UNKNOWN))
            self.check_read_fails(scene, "Provider configuration is not known yet")

    def test_a_call_keeps_the_configuration_it_began_with(self):
        other = Silence()
        self.addCleanup(other.close)
        with Scene() as scene:
            scene.configure()
            first, = scene.begin_applies(1)
            self.assertFalse(scene.channel.configure(other.url).diagnostics)
            # One that fails leaves the one before it.
            for fields, summary in (({"subscription_id": "x"}, "Invalid subscription_id"),
                                    ({"ca_bundle": "/missing.pem"},
                                     "Cannot configure the provider")):
                self.check_error(scene.channel.configure(scene.azure.url, **fields).diagnostics,
                                 summary=summary)
            second = scene.channel.begin("ApplyResourceChange", scene.apply)
            connection = other.accept()
            self.assertIsNotNone(connection)
            self.assertFalse(first.done() or second.done())
            self.assertFalse(is_closed_by_peer(scene.connections[0], 0.1))
            scene.channel.code("StopProvider")
            self.check_stopped(first)
            self.check_stopped(second)
            connection.close()

    def test_the_user_agent_names_the_host_that_configures(self):
        with Azure(is_mapped=True) as azure, Scene(azure) as scene:
            scene.channel.ask("ReadResource", type_name=RESOURCE,
                              current_state=dynamic(self.state(scene)))
        agents = {headers["User-Agent"] for _, path, headers in azure.requests
                  if "/customerSubscriptions/" in path}
        self.assertEqual(len(agents), 1)
        self.assertRegex(agents.pop(), r"^Terraform/1\.11\.4 \(\+https://www\.terraform\.io\) "
                         r"terraform-provider-azurestack/\d+\.\d+\.\d+ "
                         r"pid-222c6c49-1b0a-5959-a213-6608f9eb8820$")

    def test_an_unknown_type_is_an_error_and_changes_nothing(self):
        asked = (("ValidateResourceConfig", {"config": ODD}, {}),
                 ("ReadResource", {"current_state": ODD, "private": b"secret"},
                  {"new_state": ODD, "private": b"secret"}),  # else it would read "gone"
                 ("ApplyResourceChange", {"prior_state": ODD, "planned_private": b"secret"},
                  {"new_state": ODD, "private": b"secret"}),
                 ("PlanResourceChange", {}, {}), ("UpgradeResourceState", {}, {}),
                 ("ImportResourceState", {"id": MAPPING_ID}, {}))
        with Scene() as scene:
            for name in NO_TYPES:
                for rpc, fields, expected in asked:
                    with self.subTest(name=name, rpc=rpc):
                        answer = scene.channel.ask(rpc, type_name=name, **fields)
                        self.check_error(answer.diagnostics, summary="Unknown resource type")
                        answer.ClearField("diagnostics")
                        self.assertEqual(answer, type(answer)(**expected))

    def test_absent_values_are_null_values(self):
        with Scene() as scene:
            for is_configured in False, True:
                if is_configured:
                    self.assertFalse(self.configure(scene))
                self.assertFalse(scene.channel.ask("ValidateProviderConfig").diagnostics)
                for rpc, result, needs_session in (
                        ("ValidateResourceConfig", None, False),
                        ("PlanResourceChange", "planned_state", False),
                        ("ReadResource", "new_state", True),
                        ("ApplyResourceChange", "new_state", True)):
                    answer = scene.channel.ask(rpc, type_name=RESOURCE)
                    self.assertEqual(len(answer.diagnostics), needs_session, rpc)
                    if result:
                        self.assertIsNone(value_of(getattr(answer, result)), rpc)

    def test_a_value_of_another_type_is_a_broken_protocol(self):
        for rpc, name in ("ReadResource", "current_state"), ("ConfigureProvider", "config"):
            with self.subTest(rpc), Scene() as scene:
                more = {"type_name": RESOURCE} if rpc == "ReadResource" else {}
                call = scene.channel.begin(rpc, pack(rpc, **{name: dynamic("x")}, **more))
                self.assertEqual(call.code(), INVALID)
                self.assertTrue(call.details().startswith(f"{name}: "), call.details())

    def test_a_fault_in_a_nested_attribute_has_its_whole_path(self):
        with Scene() as scene:
            block = scene.channel.resource_block()
            timeouts, = [row.block for row in block.block_types if row.type_name == "timeouts"]
            config = fill(block, registration_id=REGISTRATION_ID,
                          customer_subscription_id=CUSTOMER_ID,
                          timeouts=fill(timeouts, create="never"))
            answer = scene.channel.ask("ValidateResourceConfig", type_name=RESOURCE,
                                       config=dynamic(config))
            self.check_error(answer.diagnostics, summary="Invalid timeouts.create",
                             path=["timeouts", "create"])
