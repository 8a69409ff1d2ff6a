# ReadDataSource: an error, and before Configure. tests/acceptance/data_sources_test.py has the values.
# SPDX-License-Identifier: MPL-2.0
from fake_azure import Azure
from client import (CUSTOMER_ID, REGISTRATION_ID, SUBSCRIPTION_ID, UNKNOWN, Case, Scene, dynamic,
                    fill, value_of)

REGISTRATION = "azurestack_registration"
CUSTOMER = "azurestack_customer_subscription"
ABLE = {"deferral_allowed": True}


class DataSources(Case):
    def read(self, scene, type_name, capabilities=None, **fields):
        block = scene.channel.schema().data_source_schemas[type_name].block
        more = {"client_capabilities": capabilities} if capabilities else {}
        return scene.channel.ask("ReadDataSource", type_name=type_name,
                                 config=dynamic(fill(block, **fields)), **more)

    def check_no_state(self, answer, *arguments, **more):
        self.check_error(answer.diagnostics, *arguments, **more)
        self.assertFalse(answer.HasField("state"))
        self.assertFalse(answer.HasField("deferred"))

    def test_what_is_not_there_is_an_error_and_no_state(self):
        with Azure() as azure, Scene(azure) as scene:
            self.check_no_state(
                self.read(scene, CUSTOMER, registration_id=REGISTRATION_ID,
                          customer_subscription_id=CUSTOMER_ID), summary="Customer subscription mapping not found")
            self.check_no_state(self.read(scene, REGISTRATION, name="hamburg",
                                          subscription_id=SUBSCRIPTION_ID), "hamburg")
            self.check_no_state(scene.channel.ask(
                "ReadDataSource", type_name="azurestack_nothing"), "azurestack_nothing")

    def test_before_configure_nothing_is_read_and_it_is_put_off_where_the_host_can(self):
        # As long as the provider block depends on what is not known yet.
        with Scene() as scene:
            for kind, more in ((REGISTRATION, {"name": "x"}), ("azurestack_user_subscriptions", {})):
                self.check_no_state(self.read(scene, kind, **more), summary="Provider configuration is not known yet")
            answer = self.read(scene, REGISTRATION, capabilities=ABLE, id=REGISTRATION_ID)
            self.assertFalse(answer.diagnostics)
            self.assertEqual(answer.deferred.reason, 2)  # PROVIDER_CONFIG_UNKNOWN
            self.assertEqual(value_of(answer.state), UNKNOWN)
            self.check_no_state(self.read(scene, REGISTRATION, capabilities=ABLE, id="contoso"))
