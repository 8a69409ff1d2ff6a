# ValidateDataResourceConfig and ReadDataSource, for every data source there is.
# SPDX-License-Identifier: MPL-2.0
from fake_azure import CLOUD_ID, Azure, customer, tenant
from client import (CUSTOMER_ID, MAPPING_ID, REGISTRATION_ID, SUBSCRIPTION_ID, TENANT_ID, UNKNOWN,
                    Case, Scene, dynamic, fill, value_of)

REGISTRATION = "azurestack_registration"
REGISTRATIONS = "azurestack_registrations"
CUSTOMER = "azurestack_customer_subscription"
CUSTOMERS = "azurestack_customer_subscriptions"
ABLE = {"deferral_allowed": True}


class DataSources(Case):
    def ask(self, scene, rpc, type_name, capabilities=None, **fields):
        block = scene.channel.schema().data_source_schemas[type_name].block
        more = {"client_capabilities": capabilities} if capabilities else {}
        return scene.channel.ask(rpc, type_name=type_name, config=dynamic(fill(block, **fields)),
                                 **more)

    def read(self, scene, type_name, **fields):
        return self.ask(scene, "ReadDataSource", type_name, **fields)

    def check_read(self, scene, type_name, expected, **fields):
        answer = self.read(scene, type_name, **fields)
        self.assertFalse(answer.diagnostics)
        found = value_of(answer.state)
        self.assertEqual({name: found[name] for name in expected}, expected)
        return found

    def check_no_state(self, answer, *arguments, **more):
        self.check_error(answer.diagnostics, *arguments, **more)
        self.assertFalse(answer.HasField("state"))
        self.assertFalse(answer.HasField("deferred"))

    def test_a_registration_is_found_by_each_of_its_three_names(self):
        shown = {"id": REGISTRATION_ID, "name": "berlin", "resource_group_name": "azurestack",
                 "billing_model": "PayAsYouUse", "cloud_id": CLOUD_ID}
        with Azure() as azure, Scene(azure) as scene:
            for fields in ({"id": REGISTRATION_ID},
                           {"name": "berlin", "subscription_id": SUBSCRIPTION_ID},
                           {"cloud_id": CLOUD_ID, "subscription_id": SUBSCRIPTION_ID}):
                self.check_read(scene, REGISTRATION, shown, **fields)

    def test_the_registrations_of_a_subscription_are_listed(self):
        with Azure() as azure, Scene(azure) as scene:
            found = self.check_read(scene, REGISTRATIONS, {
                "id": f"/subscriptions/{SUBSCRIPTION_ID}"}, subscription_id=SUBSCRIPTION_ID)
            self.assertEqual([one["id"] for one in found["registrations"]], [REGISTRATION_ID])

    def test_a_customer_subscription_is_looked_up_with_its_tenant(self):
        with Azure(is_mapped=True) as azure, Scene(azure) as scene:
            self.check_read(scene, CUSTOMER, {"tenant_id": TENANT_ID, "id": MAPPING_ID},
                            registration_id=REGISTRATION_ID, customer_subscription_id=CUSTOMER_ID)

    def test_the_customer_subscriptions_of_all_pages_are_compared(self):
        # One is expected and there, one there in another case, one not there.
        missing = "ffffffff-0000-4000-8000-000000000009"
        with Azure(pages=2, per_page=2) as azure, Scene(azure) as scene:
            found = self.check_read(
                scene, CUSTOMERS, {"missing": [missing], "case_mismatched": [customer(1)],
                                   "unmanaged": [customer(2), customer(3)]},
                registration_id=REGISTRATION_ID,
                expected_ids=[customer(0), customer(1).upper(), missing])
            self.assertIn(tenant(3), str(found))
            self.assertEqual(azure.pages_asked, 2)

    def test_what_is_not_there_is_an_error_and_no_state(self):
        with Azure() as azure, Scene(azure) as scene:
            self.check_no_state(
                self.read(scene, CUSTOMER, registration_id=REGISTRATION_ID,
                          customer_subscription_id=CUSTOMER_ID), summary="Customer subscription mapping not found")
            self.check_no_state(self.read(scene, REGISTRATION, name="hamburg",
                                          subscription_id=SUBSCRIPTION_ID), "hamburg")

    def test_a_wrong_argument_is_refused_by_both_rpcs_with_its_path(self):
        with Azure() as azure, Scene(azure) as scene:
            for type_name, name, more in (
                    (REGISTRATION, "id", {}), (REGISTRATIONS, "subscription_id", {}),
                    (CUSTOMER, "customer_subscription_id", {"registration_id": REGISTRATION_ID}),
                    (CUSTOMERS, "registration_id", {})):
                with self.subTest(type_name):
                    answer = self.ask(scene, "ValidateDataResourceConfig", type_name,
                                      **{name: "contoso"}, **more)
                    self.check_error(answer.diagnostics, path=[name])
                    self.check_no_state(self.read(scene, type_name, **{name: "contoso"}, **more),
                                        path=[name])
            self.assertEqual(azure.requests, [])

    def test_before_configure_nothing_is_read(self):
        with Scene() as scene:
            self.check_no_state(self.read(scene, REGISTRATION, id=REGISTRATION_ID),
                                summary="Provider configuration is not known yet")

    def test_a_host_that_can_put_it_off_gets_an_unknown_object(self):
        # As long as the provider block depends on what is not known yet.
        with Scene() as scene:
            answer = self.read(scene, REGISTRATION, capabilities=ABLE, id=REGISTRATION_ID)
            self.assertFalse(answer.diagnostics)
            self.assertEqual(answer.deferred.reason, 2)  # PROVIDER_CONFIG_UNKNOWN
            self.assertEqual(value_of(answer.state), UNKNOWN)
            self.check_no_state(self.read(scene, REGISTRATION, capabilities=ABLE, id="contoso"))

    def test_a_type_that_does_not_exist_is_an_error(self):
        with Scene() as scene:
            self.check_no_state(scene.channel.ask("ReadDataSource",
                                                  type_name="azurestack_nothing"),
                                "azurestack_nothing")
