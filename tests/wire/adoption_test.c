/* Identity and moves: how an object that exists already is named, and becomes a state.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "azure.h"
#include "values.h"

#define MAPPING_ID REGISTRATION_ID "/customerSubscriptions/" CUSTOMER_ID

/* ---- values --------------------------------------------------------------------------------- */

struct fixture {
    struct wire_azure *azure;
    struct wire_scene scene;
    Tfplugin6__GetProviderSchema__Response *schema;
};

static void open_fixture(struct fixture *fixture, bool has_mapping)
{
    fixture->azure =
        wire_azure_new(&(struct wire_azure_options){ .has_mapping = has_mapping });
    wire_azure_scene(fixture->azure, &fixture->scene);
    fixture->schema = wire_schema(fixture->scene.channel);
}

static void close_fixture(struct fixture *fixture)
{
    protobuf_c_message_free_unpacked(&fixture->schema->base, NULL);
    wire_scene_close(&fixture->scene);
    wire_azure_free(fixture->azure);
}

/* The mapping as a state: with its tenant, or before it was read. */
static void pack_state(const struct fixture *fixture, bool is_read, msgpack_sbuffer *out)
{
    static const msgpack_sbuffer null = { .size = 1, .data = (char *)"\xC0" };
    msgpack_sbuffer_init(out);
    wire_pack_object(out, wire_resource_block(fixture->schema),
                     WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                                 { "customer_subscription_id", CUSTOMER_ID, NULL },
                                 { "tenant_id", WIRE_TENANT, is_read ? NULL : &null },
                                 { "id", MAPPING_ID, NULL }));
}

static void check_state(const struct fixture *fixture, bool is_read,
                        const Tfplugin6__DynamicValue *got)
{
    msgpack_sbuffer want;
    pack_state(fixture, is_read, &want);
    assert_non_null(got);
    wire_check_object(&got->msgpack, &want);
    msgpack_sbuffer_destroy(&want);
}

/* The only diagnostic: an error whose detail has this text. */
static void check_error(size_t count, Tfplugin6__Diagnostic **diagnostics,
                        const char *text)
{
    assert_int_equal(count, 1);
    assert_int_equal(wire_count_errors(diagnostics, count), 1);
    if (strstr(diagnostics[0]->detail, text) == NULL)
        fail_msg("%s: %s", diagnostics[0]->summary, diagnostics[0]->detail);
}

/* ---- identity -------------------------------------------------------------------------------- */

static void the_identity_has_the_four_parts_of_the_id(void **state)
{
    (void)state;
    static const char *const names[] = { "registration_subscription_id",
                                         "resource_group_name", "registration_name",
                                         "customer_subscription_id" };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL); /* asked for right after the schema: not configured */
    Tfplugin6__GetResourceIdentitySchemas__Request request =
        TFPLUGIN6__GET_RESOURCE_IDENTITY_SCHEMAS__REQUEST__INIT;
    Tfplugin6__GetResourceIdentitySchemas__Response *answer =
        wire_ask_message(scene.channel, "GetResourceIdentitySchemas", &request.base,
                         &tfplugin6__get_resource_identity_schemas__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_int_equal(answer->n_identity_schemas, 1);
    assert_string_equal(answer->identity_schemas[0]->key, RESOURCE);
    const Tfplugin6__ResourceIdentitySchema *schema = answer->identity_schemas[0]->value;
    assert_int_equal(schema->version, 0);
    assert_int_equal(schema->n_identity_attributes, 4);
    for (size_t i = 0; i < 4; i++) {
        const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *one =
            schema->identity_attributes[i];
        assert_string_equal(one->name, names[i]);
        assert_int_equal(one->type.len, 8);
        assert_memory_equal(one->type.data, "\"string\"", 8);
        assert_true(one->required_for_import);
        assert_false(one->optional_for_import);
    }
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

static Tfplugin6__UpgradeResourceIdentity__Response *
upgrade(struct wire_scene *scene, int64_t version, const char *json)
{
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    raw.json.data = (uint8_t *)(uintptr_t)json;
    raw.json.len = strlen(json);
    Tfplugin6__UpgradeResourceIdentity__Request request =
        TFPLUGIN6__UPGRADE_RESOURCE_IDENTITY__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.version = version;
    request.raw_identity = &raw;
    return wire_ask_message(scene->channel, "UpgradeResourceIdentity", &request.base,
                            &tfplugin6__upgrade_resource_identity__response__descriptor);
}

static void a_stored_identity_is_read_and_a_newer_one_refused(void **state)
{
    (void)state;
    static const char stored[] =
        "{\"registration_subscription_id\":\"aaaaaaaa-0000-4000-8000-000000000001\","
        "\"resource_group_name\":\"azurestack\",\"registration_name\":\"berlin\","
        "\"customer_subscription_id\":\"" CUSTOMER_ID "\"}";
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__UpgradeResourceIdentity__Response *answer = upgrade(&scene, 0, stored);
    assert_int_equal(answer->n_diagnostics, 0);
    wire_check_identity(answer->upgraded_identity, CUSTOMER_ID);
    protobuf_c_message_free_unpacked(&answer->base, NULL);

    answer = upgrade(&scene, 1, stored);
    check_error(answer->n_diagnostics, answer->diagnostics, "newer version");
    assert_null(answer->upgraded_identity);
    protobuf_c_message_free_unpacked(&answer->base, NULL);

    answer = upgrade(&scene, 0, "[]");
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_null(answer->upgraded_identity);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

static Tfplugin6__ImportResourceState__Response *import(struct fixture *fixture,
                                                        const char *customer_id)
{
    msgpack_sbuffer packed;
    msgpack_sbuffer_init(&packed);
    wire_pack_identity(&packed, customer_id);
    Tfplugin6__DynamicValue value = wire_dynamic(&packed);
    Tfplugin6__ResourceIdentityData identity = TFPLUGIN6__RESOURCE_IDENTITY_DATA__INIT;
    identity.identity_data = &value;
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.identity = &identity;
    Tfplugin6__ImportResourceState__Response *answer =
        wire_ask_message(fixture->scene.channel, "ImportResourceState", &request.base,
                         &tfplugin6__import_resource_state__response__descriptor);
    msgpack_sbuffer_destroy(&packed);
    return answer;
}

/* Reads what an import or a move gave, as a host does next. Without an identity, as it is in
 * the state of a host that knows none, none comes: it would count as a change. */
static void check_read(struct fixture *fixture, Tfplugin6__DynamicValue *current,
                       Tfplugin6__ResourceIdentityData *identity,
                       ProtobufCBinaryData private_)
{
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.current_state = current;
    request.current_identity = identity;
    request.private_ = private_;
    Tfplugin6__ReadResource__Response *answer =
        wire_ask_message(fixture->scene.channel, "ReadResource", &request.base,
                         &tfplugin6__read_resource__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 0);
    check_state(fixture, true, answer->new_state);
    if (identity != NULL)
        wire_check_identity(answer->new_identity, CUSTOMER_ID);
    else
        assert_null(answer->new_identity);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
}

static void an_import_by_identity_is_a_state_that_reads(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true);
    Tfplugin6__ImportResourceState__Response *answer = import(&fixture, CUSTOMER_ID);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_int_equal(answer->n_imported_resources, 1);
    const Tfplugin6__ImportResourceState__ImportedResource *one =
        answer->imported_resources[0];
    assert_string_equal(one->type_name, RESOURCE);
    check_state(&fixture, false, one->state);
    wire_check_identity(one->identity, CUSTOMER_ID);
    assert_int_equal(wire_azure_count(fixture.azure, "GET"), 0); /* only the read asks */
    check_read(&fixture, one->state, one->identity, one->private_);
    check_read(&fixture, one->state, NULL, one->private_);
    assert_int_equal(wire_azure_count(fixture.azure, "PUT"), 0);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    close_fixture(&fixture);
}

static void an_identity_that_names_nothing_possible_is_refused_at_its_part(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true);
    Tfplugin6__ImportResourceState__Response *answer = import(&fixture, "contoso");
    check_error(answer->n_diagnostics, answer->diagnostics, "contoso");
    assert_non_null(answer->diagnostics[0]->attribute);
    assert_string_equal(answer->diagnostics[0]->attribute->steps[0]->attribute_name,
                        "customer_subscription_id");
    assert_int_equal(answer->n_imported_resources, 0);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    close_fixture(&fixture);
}

/* A create: its id is not known in the plan, and so it has no identity there. */
static void a_create_has_its_identity_when_it_was_applied(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, false);
    struct wire_apply apply = wire_plan_create(fixture.scene.channel);
    struct wire_reply reply;
    wire_ask(fixture.scene.channel, "ApplyResourceChange", apply.data, apply.length,
             &reply);
    assert_int_equal(reply.status, GRPC_STATUS_OK);
    Tfplugin6__ApplyResourceChange__Response *answer = (void *)protobuf_c_message_unpack(
        &tfplugin6__apply_resource_change__response__descriptor, NULL, reply.length,
        reply.data);
    assert_int_equal(answer->n_diagnostics, 0);
    check_state(&fixture, true, answer->new_state);
    wire_check_identity(answer->new_identity, CUSTOMER_ID);
    assert_int_equal(wire_azure_count(fixture.azure, "PUT"), 1);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_reply_clear(&reply);
    free(apply.data);
    close_fixture(&fixture);
}

static void a_plan_of_what_exists_keeps_its_identity(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true);
    msgpack_sbuffer prior, config;
    pack_state(&fixture, true, &prior);
    msgpack_sbuffer_init(&config);
    wire_pack_object(&config, wire_resource_block(fixture.schema),
                     WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                                 { "customer_subscription_id", CUSTOMER_ID, NULL }));
    Tfplugin6__DynamicValue prior_value = wire_dynamic(&prior),
                            config_value = wire_dynamic(&config);
    Tfplugin6__PlanResourceChange__Request request =
        TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.prior_state = request.proposed_new_state = &prior_value;
    request.config = &config_value;
    Tfplugin6__PlanResourceChange__Response *answer =
        wire_ask_message(fixture.scene.channel, "PlanResourceChange", &request.base,
                         &tfplugin6__plan_resource_change__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 0);
    check_state(&fixture, true, answer->planned_state);
    wire_check_identity(answer->planned_identity, CUSTOMER_ID);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    msgpack_sbuffer_destroy(&prior);
    msgpack_sbuffer_destroy(&config);
    close_fixture(&fixture);
}

/* ---- moves ------------------------------------------------------------------------------------ */

#define AZAPI "registry.terraform.io/azure/azapi"
#define AZAPI_STATE(id, type)                                                            \
    "{\"id\":\"" id "\",\"type\":\"" type "\",\"body\":{\"properties\":{}},"             \
    "\"output\":{},\"name\":\"x\",\"parent_id\":\"y\",\"tags\":null}"
#define MAPPING_TYPE "Microsoft.AzureStack/registrations/customerSubscriptions@2017-06-01"

static Tfplugin6__MoveResourceState__Response *move(struct fixture *fixture,
                                                    const char *address,
                                                    const char *type_name,
                                                    const char *json)
{
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    raw.json.data = (uint8_t *)(uintptr_t)json;
    raw.json.len = strlen(json);
    Tfplugin6__MoveResourceState__Request request =
        TFPLUGIN6__MOVE_RESOURCE_STATE__REQUEST__INIT;
    request.source_provider_address = (char *)(uintptr_t)address;
    request.source_type_name = (char *)(uintptr_t)type_name;
    request.source_schema_version = 2;
    request.source_state = &raw;
    request.target_type_name = (char *)RESOURCE;
    return wire_ask_message(fixture->scene.channel, "MoveResourceState", &request.base,
                            &tfplugin6__move_resource_state__response__descriptor);
}

static void what_azapi_managed_becomes_a_state_that_reads(void **state)
{
    (void)state;
    static const char *const addresses[] = { AZAPI, "registry.opentofu.org/azure/azapi",
                                             "registry.terraform.io/Azure/azapi" };
    struct fixture fixture;
    open_fixture(&fixture, true);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        Tfplugin6__MoveResourceState__Response *answer =
            move(&fixture, addresses[i], "azapi_resource",
                 AZAPI_STATE(MAPPING_ID, MAPPING_TYPE));
        assert_int_equal(answer->n_diagnostics, 0);
        check_state(&fixture, false, answer->target_state);
        wire_check_identity(answer->target_identity, CUSTOMER_ID);
        check_read(&fixture, answer->target_state, answer->target_identity,
                   answer->target_private);
        protobuf_c_message_free_unpacked(&answer->base, NULL);
    }
    assert_int_equal(wire_azure_count(fixture.azure, "PUT"), 0);
    close_fixture(&fixture);
}

static void what_is_something_else_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *address, *type_name, *json, *text;
    } cases[] = {
        { AZAPI, "azapi_resource",
          AZAPI_STATE(REGISTRATION_ID, "Microsoft.AzureStack/registrations@2022-06-01"),
          "Microsoft.AzureStack/registrations@2022-06-01" },
        { AZAPI, "azapi_resource", AZAPI_STATE(REGISTRATION_ID, MAPPING_TYPE),
          "it is the ID of an object of type Microsoft.AzureStack/registrations" },
        { AZAPI, "azapi_update_resource", AZAPI_STATE(MAPPING_ID, MAPPING_TYPE),
          "azapi_update_resource" },
        { "registry.terraform.io/hashicorp/azurerm", "azapi_resource",
          AZAPI_STATE(MAPPING_ID, MAPPING_TYPE), "azure/azapi" },
        { AZAPI, "azapi_resource", "{\"id\":\"" MAPPING_ID "\"}", "no id and no type" },
        { AZAPI, "azapi_resource", "{", "no id and no type" },
        { AZAPI, "azapi_resource", "", "no id and no type" },
    };
    struct fixture fixture;
    open_fixture(&fixture, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Tfplugin6__MoveResourceState__Response *answer =
            move(&fixture, cases[i].address, cases[i].type_name, cases[i].json);
        check_error(answer->n_diagnostics, answer->diagnostics, cases[i].text);
        assert_null(answer->target_state);
        assert_null(answer->target_identity);
        protobuf_c_message_free_unpacked(&answer->base, NULL);
    }
    close_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_identity_has_the_four_parts_of_the_id),
        cmocka_unit_test(a_stored_identity_is_read_and_a_newer_one_refused),
        cmocka_unit_test(an_import_by_identity_is_a_state_that_reads),
        cmocka_unit_test(an_identity_that_names_nothing_possible_is_refused_at_its_part),
        cmocka_unit_test(a_create_has_its_identity_when_it_was_applied),
        cmocka_unit_test(a_plan_of_what_exists_keeps_its_identity),
        cmocka_unit_test(what_azapi_managed_becomes_a_state_that_reads),
        cmocka_unit_test(what_is_something_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
