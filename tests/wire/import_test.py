# Identity, import, upgrade and moves: how an object that exists already is named, and becomes a
# state.
# SPDX-License-Identifier: MPL-2.0
import json

from fake_azure import Azure
from client import (CUSTOMER_ID, MAPPING_ID, OK, REGISTRATION_ID, RESOURCE, TENANT_ID, Case,
                    Scene, dynamic, fill, identity_of, message, value_of)

AZAPI = "registry.terraform.io/azure/azapi"
MAPPING_TYPE = "Microsoft.AzureStack/registrations/customerSubscriptions@2017-06-01"
HUB_TYPE = "Microsoft.AzureStack/registrations@2022-06-01"


def azapi_state(id_, type_):
    return json.dumps({"id": id_, "type": type_, "body": {"properties": {}}, "output": {},
                       "name": "x", "parent_id": "y", "tags": None})


# The source's address, type and state; the target's type; part of the error.
REFUSED_MOVES = (
    (AZAPI, "azapi_resource", azapi_state(REGISTRATION_ID, HUB_TYPE), RESOURCE, HUB_TYPE),
    (AZAPI, "azapi_resource", azapi_state(REGISTRATION_ID, MAPPING_TYPE), RESOURCE,
     "it is the ID of a resource of type Microsoft.AzureStack/registrations"),
    (AZAPI, "azapi_update_resource", azapi_state(MAPPING_ID, MAPPING_TYPE), RESOURCE,
     "azapi_update_resource"),
    ("registry.terraform.io/hashicorp/azurerm", "azapi_resource",
     azapi_state(MAPPING_ID, MAPPING_TYPE), RESOURCE, "azure/azapi"),
    ("registry.terraform.io/hashicorp/azurerm", "azurerm_thing", "{}", RESOURCE, "azurerm_thing"),
    (AZAPI, "azapi_resource", azapi_state(MAPPING_ID, MAPPING_TYPE), "azurestack_other",
     "azurestack_other"),
    *((AZAPI, "azapi_resource", text, RESOURCE, "no ID and no type")
      for text in (json.dumps({"id": MAPPING_ID}), "{", "")))


class Adoption(Case):
    def state(self, scene, is_read):
        """The mapping as a state: with its tenant, or before it was read."""
        return fill(scene.channel.resource_block(), registration_id=REGISTRATION_ID,
                    customer_subscription_id=CUSTOMER_ID, id=MAPPING_ID,
                    tenant_id=TENANT_ID if is_read else None)

    def check_identity(self, got):
        self.assertEqual(value_of(got.identity_data), identity_of(CUSTOMER_ID))

    def check_read(self, scene, state, identity, private):
        """Reads what an import or a move gave, as a host does next. Without an identity, as in
        the state of a host that knows none, none comes: it would count as a change."""
        answer = scene.channel.ask("ReadResource", type_name=RESOURCE, current_state=state,
                                   current_identity=identity, private=private)
        self.assertFalse(answer.diagnostics)
        self.assertEqual(value_of(answer.new_state), self.state(scene, True))
        self.assertEqual(answer.HasField("new_identity"), identity is not None)
        if identity:
            self.check_identity(answer.new_identity)

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

    def test_a_stored_identity_is_read_and_a_newer_one_refused(self):
        stored = json.dumps(identity_of(CUSTOMER_ID))
        with Scene() as scene:
            for version, text, error in ((0, stored, None), (1, stored, "newer version"),
                                         (0, "[]", "")):
                answer = scene.channel.ask("UpgradeResourceIdentity", type_name=RESOURCE,
                                           version=version, raw_identity={"json": text.encode()})
                if error is None:
                    self.assertFalse(answer.diagnostics)
                    self.check_identity(answer.upgraded_identity)
                else:
                    self.check_error(answer.diagnostics, error)
                    self.assertFalse(answer.HasField("upgraded_identity"))

    def test_a_stored_state_is_read_and_a_newer_one_or_none_refused(self):
        with Scene() as scene:
            stored = {"json": json.dumps(self.state(scene, True)).encode()}
            for version, raw, error in ((0, stored, None),
                                        (1, stored, "State is newer than the provider"),
                                        (0, None, "Cannot read the stored state")):
                answer = scene.channel.ask("UpgradeResourceState", type_name=RESOURCE,
                                           version=version, raw_state=raw)
                if error is None:
                    self.assertFalse(answer.diagnostics)
                    self.assertEqual(value_of(answer.upgraded_state), self.state(scene, True))
                else:
                    self.check_error(answer.diagnostics, summary=error)
                    self.assertFalse(answer.HasField("upgraded_state"))

    def test_an_import_by_identity_or_id_is_a_state_that_reads(self):
        identity = {"identity_data": dynamic(identity_of(CUSTOMER_ID))}
        for asked in {"identity": identity}, {"id": MAPPING_ID}:
            with (self.subTest(asked), Azure(is_mapped=True) as azure, Scene(azure) as scene):
                answer = scene.channel.ask("ImportResourceState", type_name=RESOURCE, **asked)
                self.assertFalse(answer.diagnostics)
                one, = answer.imported_resources
                self.assertEqual(one.type_name, RESOURCE)
                self.assertEqual(value_of(one.state), self.state(scene, False))
                self.check_identity(one.identity)
                self.assertTrue(one.private)
                self.assertEqual(azure.count("GET"), 0)  # only the read asks
                self.check_read(scene, one.state, one.identity, one.private)
                self.check_read(scene, one.state, None, one.private)
                self.assertEqual(azure.count("PUT"), 0)

    def test_an_import_of_what_cannot_exist_is_refused(self):
        with Scene() as scene:
            answer = scene.channel.ask("ImportResourceState", type_name=RESOURCE, identity={
                "identity_data": dynamic(identity_of("contoso"))})
            self.check_error(answer.diagnostics, "contoso", path=["customer_subscription_id"])
            self.assertFalse(answer.imported_resources)
            answer = scene.channel.ask("ImportResourceState", type_name=RESOURCE,
                                       id=REGISTRATION_ID)
            self.check_error(answer.diagnostics, summary="Invalid import ID")
            self.assertFalse(answer.imported_resources)

    def test_a_create_has_its_identity_when_it_was_applied(self):
        # Its ID is not known in the plan, and so it has no identity there.
        with Azure() as azure, Scene(azure) as scene:
            call = scene.channel.begin("ApplyResourceChange", scene.channel.plan_create())
            self.assertEqual(call.code(), OK)
            answer = message("tfplugin6.ApplyResourceChange.Response").FromString(call.result())
            self.assertFalse(answer.diagnostics)
            self.assertEqual(value_of(answer.new_state), self.state(scene, True))
            self.check_identity(answer.new_identity)
            self.assertEqual(azure.count("PUT"), 1)

    def test_a_plan_of_what_exists_keeps_its_identity(self):
        with Azure(is_mapped=True) as azure, Scene(azure) as scene:
            state = self.state(scene, True)
            config = {**state, "id": None, "tenant_id": None}
            answer = scene.channel.ask(
                "PlanResourceChange", type_name=RESOURCE, prior_state=dynamic(state),
                proposed_new_state=dynamic(state), config=dynamic(config))
            self.assertFalse(answer.diagnostics)
            self.assertEqual(value_of(answer.planned_state), state)
            self.check_identity(answer.planned_identity)

    def test_a_plan_names_what_forces_a_replacement(self):
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

    def test_what_azapi_managed_becomes_a_state_that_reads(self):
        with Azure(is_mapped=True) as azure, Scene(azure) as scene:
            for address in (AZAPI, "registry.opentofu.org/azure/azapi",
                            "registry.terraform.io/Azure/azapi"):
                answer = self.move(scene, address, "azapi_resource",
                                   azapi_state(MAPPING_ID, MAPPING_TYPE), RESOURCE)
                self.assertFalse(answer.diagnostics)
                self.assertEqual(value_of(answer.target_state), self.state(scene, False))
                self.check_identity(answer.target_identity)
                self.check_read(scene, answer.target_state, answer.target_identity,
                                answer.target_private)
            self.assertEqual(azure.count("PUT"), 0)

    def test_a_move_of_something_else_is_refused(self):
        with Scene() as scene:
            for *source, text in REFUSED_MOVES:
                with self.subTest(source):
                    answer = self.move(scene, *source)
                    self.check_error(answer.diagnostics, text)
                    self.assertFalse(answer.HasField("target_state"))
                    self.assertFalse(answer.HasField("target_identity"))

    def move(self, scene, address, type_name, text, target):
        return scene.channel.ask(
            "MoveResourceState", source_provider_address=address, source_type_name=type_name,
            source_schema_version=2, source_state={"json": text.encode()},
            target_type_name=target)
