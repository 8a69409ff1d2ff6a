# GetFunctions and CallFunction: pure, and served before any Configure.
# SPDX-License-Identifier: MPL-2.0
from client import (CUSTOMER_ID, MAPPING_ID, REGISTRATION_ID, SUBSCRIPTION_ID, UNKNOWN, Case,
                    Scene, dynamic, value_of)

RESULTS = (
    ("build_registration_id", [SUBSCRIPTION_ID, "azurestack", "berlin"], REGISTRATION_ID),
    ("build_customer_subscription_id", [REGISTRATION_ID, CUSTOMER_ID], MAPPING_ID),
    ("normalize_subscription_id", [f" /subscriptions/{SUBSCRIPTION_ID.upper()} "],
     SUBSCRIPTION_ID),
    ("normalize_subscription_id", [f"\ufeff{{{SUBSCRIPTION_ID}}}\u00a0"], SUBSCRIPTION_ID),
    # Without its slash, the fixed words in another case: what people have at hand.
    ("parse_registration_id",
     [f"subscriptions/{SUBSCRIPTION_ID}/resourcegroups/azurestack"
      "/providers/microsoft.azurestack/REGISTRATIONS/berlin"],
     {"subscription_id": SUBSCRIPTION_ID, "resource_group_name": "azurestack", "name": "berlin",
      "id": REGISTRATION_ID}),
    ("parse_customer_subscription_id", [MAPPING_ID.lower()],
     {"registration_id": REGISTRATION_ID, "registration_subscription_id": SUBSCRIPTION_ID,
      "resource_group_name": "azurestack", "registration_name": "berlin",
      "customer_subscription_id": CUSTOMER_ID, "id": MAPPING_ID}),
    ("multi_tenancy_request", [REGISTRATION_ID],
     {"to": "azstcsp@microsoft.com",
      "subject": "Enable multi-tenancy for Azure Stack Hub registration berlin",
      "body": "Please enable multi-tenancy for this registration of an Azure Stack Hub, which we "
              "operate as a Cloud Solution Provider:\n\n"
              f"Registration subscription ID: {SUBSCRIPTION_ID}\n"
              "Resource group name: azurestack\nRegistration name: berlin\n"}))
# The place of the argument at fault, None: none is; and a part of the text.
FAULTS = (
    ("parse_registration_id", [MAPPING_ID], 0, "customer subscription"),
    ("parse_customer_subscription_id", ["contoso"], 0, "form"),
    ("multi_tenancy_request", [MAPPING_ID], 0, "customer subscription"),
    ("build_registration_id", ["contoso", "azurestack", "berlin"], 0, ""),
    ("build_registration_id", [SUBSCRIPTION_ID, "", "berlin"], 1, "name"),
    ("build_registration_id", [SUBSCRIPTION_ID, "azurestack", "a/b"], 2, "name"),
    ("build_registration_id", [SUBSCRIPTION_ID, "..", "berlin"], 1, "name"),
    ("build_registration_id", [SUBSCRIPTION_ID, "azurestack", "a%2Fb"], 2, "name"),
    ("build_registration_id", [SUBSCRIPTION_ID, "azurestack.", "berlin"], 1, "ends with a period"),
    ("build_customer_subscription_id", [REGISTRATION_ID, "contoso"], 1, ""),
    ("build_customer_subscription_id", [REGISTRATION_ID], 1, "missing"),
    ("nothing", ["x"], None, "no function"),
    # No host sends these, since no parameter allows them.
    *(("normalize_subscription_id", [value], 0, "") for value in (None, 7, "a\0", UNKNOWN)))


class Functions(Case):
    def test_they_are_those_of_the_schema(self):
        with Scene() as scene:
            functions = scene.channel.ask("GetFunctions")
            self.assertFalse(functions.diagnostics)
            self.assertEqual(dict(functions.functions), dict(scene.channel.schema().functions))
        self.assertGreaterEqual(len(functions.functions), 5)
        for name, one in functions.functions.items():
            self.assertTrue(one.parameters and one.summary and getattr(one, "return").type, name)
            self.assertFalse(one.HasField("variadic_parameter"), name)
            for parameter in one.parameters:
                self.assertFalse(parameter.allow_null_value or parameter.allow_unknown_values)

    def test_a_result_or_the_argument_at_fault(self):
        with Scene() as scene:
            for name, arguments, *expected in RESULTS + FAULTS:
                with self.subTest(name=name, arguments=arguments):
                    answer = scene.channel.ask("CallFunction", name=name,
                                               arguments=[dynamic(one) for one in arguments])
                    if len(expected) == 1:
                        self.assertFalse(answer.HasField("error"), answer)
                        self.assertEqual(value_of(answer.result), expected[0])
                        continue
                    place, text = expected
                    self.assertFalse(answer.HasField("result"))
                    self.assertIn(text, answer.error.text)
                    self.assertEqual(answer.error.HasField("function_argument"), place is not None)
                    self.assertEqual(answer.error.function_argument, place or 0)
