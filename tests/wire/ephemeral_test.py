# The rpcs about ephemeral resources.
# SPDX-License-Identifier: MPL-2.0
import os
import unittest

from fake_azure import ACTIVATION_KEY, Azure
from client import REGISTRATION_ID, UNKNOWN, Case, Scene, dynamic, fill, value_of, wait_for

TYPE = "azurestack_registration_activation_key"


class Ephemeral(Case):
    def ask(self, scene, rpc, registration_id, **more):
        block = scene.channel.schema().ephemeral_resource_schemas[TYPE].block
        return scene.channel.ask(f"{rpc}EphemeralResource{'Config' * (rpc == 'Validate')}", **{
            "type_name": TYPE, "config": dynamic(fill(block, registration_id=registration_id)),
            **more})

    def test_the_host_sees_its_schema(self):
        with Scene() as scene:
            names = scene.channel.ask("GetMetadata").ephemeral_resources
            schemas = scene.channel.schema().ephemeral_resource_schemas
        self.assertEqual([one.type_name for one in names], [TYPE])
        self.assertEqual(list(schemas), [TYPE])
        asked, key = schemas[TYPE].block.attributes
        self.assertTrue(asked.name == "registration_id" and asked.required)
        self.assertTrue(key.name == "activation_key" and key.computed and key.sensitive)

    def test_what_is_opened_holds_the_configuration_and_nothing_to_renew(self):
        with Azure() as azure, Scene(azure) as scene:
            answer = self.ask(scene, "Open", REGISTRATION_ID)
            self.assertFalse(answer.diagnostics)
            self.assertEqual(value_of(answer.result), {"registration_id": REGISTRATION_ID,
                                                       "activation_key": ACTIVATION_KEY})
            self.assertFalse(answer.HasField("renew_at") or answer.HasField("private"))
            self.assertEqual(len(azure.actions()), 1)

    @unittest.skipUnless(os.path.exists("/proc/self/mem"), "where memory is a file")
    def test_no_key_no_token_and_no_configuration_stays_in_memory(self):
        # A sanitizer's build also keeps what was released.
        with Azure() as azure, Scene(azure) as scene:
            self.ask(scene, "Open", REGISTRATION_ID)
            scene.channel.configure(azure.url)
            for text in ACTIVATION_KEY, "Bearer not-a-token", "client_secret\xacnot-a-secret":
                with self.subTest(text):
                    wait_for("the memory", lambda held=text.encode("latin-1"):
                             not scene.provider.holds(held))

    def test_a_wrong_or_unknown_configuration_opens_nothing(self):
        with Azure() as azure, Scene(azure) as scene:
            # The plan may know less than the apply.
            self.check_error(self.ask(scene, "Validate", "contoso").diagnostics,
                             path=["registration_id"])
            self.assertFalse(self.ask(scene, "Validate", UNKNOWN).diagnostics)
            for asked, summary in (("contoso", None), (None, None),
                                   (UNKNOWN, "Configuration is not known yet")):
                answer = self.ask(scene, "Open", asked)
                self.check_error(answer.diagnostics, summary=summary)
                self.assertFalse(answer.HasField("result"))
            self.assertFalse(scene.channel.ask("OpenEphemeralResource",
                                               type_name=TYPE).HasField("result"))
            self.assertEqual(azure.actions(), [])

    def test_without_a_configuration_it_is_put_off_where_the_host_can(self):
        with Scene() as scene:
            answer = self.ask(scene, "Open", REGISTRATION_ID,
                              client_capabilities={"deferral_allowed": True})
            self.assertFalse(answer.diagnostics)
            self.assertTrue(answer.HasField("deferred") and answer.HasField("result"))

    def test_renew_and_close_do_nothing_and_an_unknown_type_is_an_error(self):
        with Scene() as scene:
            for rpc in "Renew", "Close":
                answer = scene.channel.ask(f"{rpc}EphemeralResource", type_name=TYPE)
                self.assertEqual(answer, type(answer)())
            for rpc in "Validate", "Open", "Renew", "Close":
                name = f"{rpc}EphemeralResource{'Config' * (rpc == 'Validate')}"
                answer = scene.channel.ask(name, type_name="azurestack_registration")
                self.check_error(answer.diagnostics, summary="Unknown ephemeral resource type")
                answer.ClearField("diagnostics")
                self.assertEqual(answer, type(answer)())
