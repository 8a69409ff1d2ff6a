# Identity, import, upgrade and moves: how an object that exists already is named, and becomes a
# state. What hosts make of it is in tests/acceptance.
# SPDX-License-Identifier: MPL-2.0
import json

from fake_azure import Azure
from client import (CUSTOMER_ID, MAPPING_ID, REGISTRATION_ID, RESOURCE, TENANT_ID, Case, Scene,
                    dynamic, fill, identity_of, value_of)

AZAPI = "registry.terraform.io/azure/azapi"
AZURERM = "registry.terraform.io/hashicorp/azurerm"
MAPPING_TYPE = "Microsoft.AzureStack/registrations/customerSubscriptions@2017-06-01"
HUB_TYPE = "Microsoft.AzureStack/registrations@2022-06-01"


def azapi_state(id_, type_):
    return json.dumps({"id": id_, "type": type_, "body": {"properties": {}}, "output": {},
                       "name": "x", "parent_id": "y", "tags": None})


MAPPING = azapi_state(MAPPING_ID, MAPPING_TYPE)
# The source's address, type and state; the target's type; part of the error, None: it is moved.
MOVES = (
    *((address, "azapi_resource", MAPPING, RESOURCE, None)
      for address in (AZAPI, "registry.opentofu.org/azure/azapi",
                      "registry.terraform.io/Azure/azapi")),
    # What the service answered may be anything.
    (AZAPI, "azapi_resource", MAPPING.replace('"output": {}', '"output": [1' + 30 * "0" + r', "\u0000"]'),
     RESOURCE, None),
    *((AZAPI, "azapi_resource", azapi_state(id_, type_), target, None) for id_, type_, target in (
        (REGISTRATION_ID, HUB_TYPE, "azurestack_registration"),
        ("/providers/Microsoft.Subscription/aliases/a", "Microsoft.Subscription/aliases@2021-10-01",
         "azurestack_partner_azure_subscription"))),
    (AZAPI, "azapi_resource", azapi_state(REGISTRATION_ID, HUB_TYPE), RESOURCE, HUB_TYPE),
    (AZAPI, "azapi_resource", azapi_state(REGISTRATION_ID, MAPPING_TYPE), RESOURCE,
     "it is the ID of a resource of type Microsoft.AzureStack/registrations"),
    (AZAPI, "azapi_update_resource", MAPPING, RESOURCE, "azapi_update_resource"),
    (AZURERM, "azapi_resource", MAPPING, RESOURCE, "azure/azapi"),
    (AZURERM, "azurerm_thing", "{}", RESOURCE, "azurerm_thing"),
    (AZAPI, "azapi_resource", MAPPING, "azurestack_other", "azurestack_other"),
    *((AZAPI, "azapi_resource", text, RESOURCE, "no ID and no type")
      for text in (json.dumps({"id": MAPPING_ID}), "{", "")))


class Adoption(Case):
    def state(self, scene, is_read):
        """The mapping as a state: with its tenant, or before it was read."""
        return fill(scene.channel.resource_block(), registration_id=REGISTRATION_ID,
                    customer_subscription_id=CUSTOMER_ID, id=MAPPING_ID,
                    tenant_id=TENANT_ID if is_read else None)

    def check_identity(self, got, **changed):
        self.assertEqual(value_of(got.identity_data), {**identity_of(CUSTOMER_ID), **changed})

    def test_the_identity_has_the_four_parts_of_the_id(self):
        with Scene() as scene:  # asked for right after the schema: not configured
            answer = scene.channel.ask("GetResourceIdentitySchemas")
            resources = set(scene.channel.schema().resource_schemas)
        self.assertFalse(answer.diagnostics)
        self.assertLessEqual(set(answer.identity_schemas), resources)
        schema = answer.identity_schemas[RESOURCE]
        self.assertEqual(schema.version, 0)
        self.assertEqual([(row.name, row.type, row.required_for_import, row.optional_for_import)
                          for row in schema.identity_attributes],
                         [(name, b'"string"', True, False) for name in identity_of("")])

    def test_what_is_stored_is_read_and_what_is_newer_or_none_is_refused(self):
        with Scene() as scene:
            for rpc, raw, result, stored in (
                    ("UpgradeResourceState", "raw_state", "upgraded_state", self.state(scene, True)),
                    ("UpgradeResourceIdentity", "raw_identity", "upgraded_identity",
                     identity_of(CUSTOMER_ID))):
                for version, text, is_good in ((0, json.dumps(stored), True),
                                               (1, json.dumps(stored), False), (0, "[]", False),
                                               (0, None, False)):
                    with self.subTest(rpc, version=version, text=text):
                        answer = scene.channel.ask(
                            rpc, type_name=RESOURCE, version=version,
                            **{raw: {"json": text.encode()}} if text else {})
                        self.assertEqual(answer.HasField(result), is_good)
                        if is_good:
                            self.assertFalse(answer.diagnostics)
                            found = getattr(answer, result)
                            self.assertEqual(value_of(getattr(found, "identity_data", found)), stored)
                        else:
                            self.check_error(answer.diagnostics)

    def test_an_import_by_identity_or_id_is_a_state_that_reads(self):
        identity = {"identity_data": dynamic(identity_of(CUSTOMER_ID))}
        with Azure(is_mapped=True) as azure, Scene(azure) as scene:
            for asked in {"identity": identity}, {"id": MAPPING_ID}:
                answer = scene.channel.ask("ImportResourceState", type_name=RESOURCE, **asked)
                self.assertFalse(answer.diagnostics)
                one, = answer.imported_resources
                self.assertEqual(one.type_name, RESOURCE)
                self.assertEqual(value_of(one.state), self.state(scene, False))
                self.check_identity(one.identity)
                self.assertTrue(one.private)
            self.assertEqual(azure.count("GET"), 0)  # only the read asks
            # In the state of a host that knows no identity, one would count as a change.
            for known in one.identity, None:
                answer = scene.channel.ask("ReadResource", type_name=RESOURCE,
                                           current_state=one.state, current_identity=known,
                                           private=one.private)
                self.assertFalse(answer.diagnostics)
                self.assertEqual(value_of(answer.new_state), self.state(scene, True))
                self.assertEqual(answer.HasField("new_identity"), known is not None)

    def test_a_plan_names_what_forces_a_replacement_and_the_new_identity(self):
        with Scene() as scene:
            state = self.state(scene, True)
            config = {**state, "registration_id": REGISTRATION_ID + "2", "id": None,
                      "tenant_id": TENANT_ID.replace("b", "c")}
            answer = scene.channel.ask(
                "PlanResourceChange", type_name=RESOURCE, prior_state=dynamic(state),
                proposed_new_state=dynamic(config), config=dynamic(config),
                prior_private=b"keep")
            self.assertFalse(answer.diagnostics)
            self.assertEqual([[step.attribute_name for step in path.steps]
                              for path in answer.requires_replace],
                             [["registration_id"], ["tenant_id"]])
            self.assertEqual(len(answer.planned_private), 4)
            self.assertFalse(answer.legacy_type_system)
            self.assertEqual(value_of(answer.planned_state)["id"],
                             MAPPING_ID.replace("berlin", "berlin2"))
            self.check_identity(answer.planned_identity, registration_name="berlin2")

    def test_what_azapi_managed_is_moved_and_nothing_else(self):
        with Scene() as scene:
            for address, type_name, text, target, error in MOVES:
                with self.subTest(address, type_name=type_name, text=text, target=target):
                    answer = scene.channel.ask(
                        "MoveResourceState", source_provider_address=address,
                        source_type_name=type_name, source_schema_version=2,
                        source_state={"json": text.encode()}, target_type_name=target)
                    for field in "target_state", "target_identity":
                        self.assertEqual(answer.HasField(field), error is None)
                    if error is not None:
                        self.check_error(answer.diagnostics, error)
                        continue
                    self.assertFalse(answer.diagnostics)
                    self.assertTrue(answer.target_private)
                    self.assertEqual(value_of(answer.target_state)["id"], json.loads(text)["id"])
                    if target == RESOURCE:
                        self.assertEqual(value_of(answer.target_state), self.state(scene, False))
                        self.check_identity(answer.target_identity)
