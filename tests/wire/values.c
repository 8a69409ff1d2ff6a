/* Values and requests as a host sends them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const msgpack_sbuffer wire_unknown = { .size = 3, .data = (char *)"\xD4\x00\x00" };
static const msgpack_sbuffer null_value = { .size = 1, .data = (char *)"\xC0" };

Tfplugin6__GetProviderSchema__Response *wire_schema(struct wire_channel *channel)
{
    Tfplugin6__GetProviderSchema__Request request =
        TFPLUGIN6__GET_PROVIDER_SCHEMA__REQUEST__INIT;
    return wire_ask_message(channel, "GetProviderSchema", &request.base,
                            &tfplugin6__get_provider_schema__response__descriptor);
}

const Tfplugin6__Schema__Block *
wire_resource_block(const Tfplugin6__GetProviderSchema__Response *schema)
{
    for (size_t i = 0; i < schema->n_resource_schemas; i++)
        if (strcmp(schema->resource_schemas[i]->key, RESOURCE) == 0)
            return schema->resource_schemas[i]->value->block;
    fail_msg("the schema has no " RESOURCE);
    return NULL;
}

static void pack_text(msgpack_packer *packer, const char *text)
{
    msgpack_pack_str_with_body(packer, text, strlen(text));
}

static void pack_attributes(msgpack_packer *packer,
                            Tfplugin6__Schema__Attribute **attributes, size_t count,
                            const struct wire_field *fields)
{
    msgpack_sbuffer *out = packer->data;
    for (size_t i = 0; i < count; i++) {
        const struct wire_field *field = fields;
        while (field->name != NULL && strcmp(field->name, attributes[i]->name) != 0)
            field++;
        pack_text(packer, attributes[i]->name);
        if (field->name == NULL)
            msgpack_pack_nil(packer);
        else if (field->raw != NULL)
            msgpack_sbuffer_write(out, field->raw->data, field->raw->size);
        else
            pack_text(packer, field->text);
    }
}

void wire_pack_object(msgpack_sbuffer *out, const Tfplugin6__Schema__Block *block,
                      const struct wire_field *fields)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, block->n_attributes + block->n_block_types);
    pack_attributes(&packer, block->attributes, block->n_attributes, fields);
    for (size_t i = 0; i < block->n_block_types; i++) {
        const struct wire_field *field = fields;
        while (field->name != NULL &&
               strcmp(field->name, block->block_types[i]->type_name) != 0)
            field++;
        pack_text(&packer, block->block_types[i]->type_name);
        if (field->name != NULL)
            msgpack_sbuffer_write(out, field->raw->data, field->raw->size);
        else
            msgpack_pack_nil(&packer);
    }
}

Tfplugin6__DynamicValue wire_dynamic(const msgpack_sbuffer *value)
{
    Tfplugin6__DynamicValue dynamic = TFPLUGIN6__DYNAMIC_VALUE__INIT;
    dynamic.msgpack.data = (uint8_t *)value->data;
    dynamic.msgpack.len = value->size;
    return dynamic;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static const msgpack_object *find_member(const msgpack_object *map,
                                         const msgpack_object *key)
{
    for (uint32_t i = 0; i < map->via.map.size; i++)
        if (msgpack_object_equal(map->via.map.ptr[i].key, *key))
            return &map->via.map.ptr[i].val;
    return NULL;
}

void wire_check_object(const ProtobufCBinaryData *got, const msgpack_sbuffer *want)
{
    msgpack_unpacked left, right;
    msgpack_unpacked_init(&left);
    msgpack_unpacked_init(&right);
    assert_int_equal(msgpack_unpack_next(&left, (const char *)got->data, got->len, NULL),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(msgpack_unpack_next(&right, want->data, want->size, NULL),
                     MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(left.data.type, MSGPACK_OBJECT_MAP);
    assert_int_equal(left.data.via.map.size, right.data.via.map.size);
    for (uint32_t i = 0; i < right.data.via.map.size; i++) {
        const msgpack_object_kv *member = &right.data.via.map.ptr[i];
        const msgpack_object *found = find_member(&left.data, &member->key);
        if (found == NULL || !msgpack_object_equal(*found, member->val)) {
            msgpack_object_print(stderr, left.data);
            fail_msg("the attribute %.*s is another one", (int)member->key.via.str.size,
                     member->key.via.str.ptr);
        }
    }
    msgpack_unpacked_destroy(&left);
    msgpack_unpacked_destroy(&right);
}

void wire_pack_identity(msgpack_sbuffer *out, const char *customer_id)
{
    const char *const members[] = { "registration_subscription_id",
                                    "aaaaaaaa-0000-4000-8000-000000000001",
                                    "resource_group_name",
                                    "azurestack",
                                    "registration_name",
                                    "berlin",
                                    "customer_subscription_id",
                                    customer_id };
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 4);
    for (size_t i = 0; i < 8; i++)
        pack_text(&packer, members[i]);
}

void wire_check_identity(const Tfplugin6__ResourceIdentityData *got,
                         const char *customer_id)
{
    msgpack_sbuffer want;
    msgpack_sbuffer_init(&want);
    wire_pack_identity(&want, customer_id);
    assert_non_null(got);
    assert_non_null(got->identity_data);
    wire_check_object(&got->identity_data->msgpack, &want);
    msgpack_sbuffer_destroy(&want);
}

/* ---- configuring ---------------------------------------------------------------------------- */

/* `endpoint`: a list of one object. */
static void pack_endpoint(msgpack_sbuffer *out, const Tfplugin6__Schema__Block *block,
                          const char *url)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    for (size_t i = 0; i < block->n_attributes; i++) {
        if (strcmp(block->attributes[i]->name, "endpoint") != 0)
            continue;
        const Tfplugin6__Schema__Object *object = block->attributes[i]->nested_type;
        msgpack_pack_array(&packer, 1);
        msgpack_pack_map(&packer, object->n_attributes);
        pack_attributes(&packer, object->attributes, object->n_attributes,
                        WIRE_FIELDS({ "active_directory_authority_host", url, NULL },
                                    { "resource_manager_endpoint", url, NULL }));
        return;
    }
    fail_msg("the provider has no argument endpoint");
}

void wire_configure(struct wire_channel *channel, int port, const char *secret)
{
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(channel);
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%d", port);
    msgpack_sbuffer endpoint, config;
    msgpack_sbuffer_init(&endpoint);
    msgpack_sbuffer_init(&config);
    pack_endpoint(&endpoint, schema->provider->block, url);
    wire_pack_object(
        &config, schema->provider->block,
        WIRE_FIELDS({ "tenant_id", "aaaaaaaa-0000-4000-8000-000000000003", NULL },
                    { "client_id", "aaaaaaaa-0000-4000-8000-000000000004", NULL },
                    { "client_secret", secret, NULL }, { "environment", "custom", NULL },
                    { "endpoint", NULL, &endpoint }));
    Tfplugin6__DynamicValue value = wire_dynamic(&config);
    Tfplugin6__ConfigureProvider__Request request =
        TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    request.terraform_version = (char *)"1.11.4";
    request.config = &value;
    Tfplugin6__ConfigureProvider__Response *answer =
        wire_ask_message(channel, "ConfigureProvider", &request.base,
                         &tfplugin6__configure_provider__response__descriptor);
    if (answer->n_diagnostics > 0)
        fail_msg("configure: %s", answer->diagnostics[0]->detail);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    msgpack_sbuffer_destroy(&endpoint);
    msgpack_sbuffer_destroy(&config);
}

static struct wire_apply pack_apply(const Tfplugin6__PlanResourceChange__Response *plan,
                                    Tfplugin6__DynamicValue *null,
                                    Tfplugin6__DynamicValue *config)
{
    Tfplugin6__ApplyResourceChange__Request request =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.prior_state = null;
    request.planned_state = plan->planned_state;
    request.config = config;
    request.planned_private = plan->planned_private;
    struct wire_apply apply;
    apply.length = protobuf_c_message_get_packed_size(&request.base);
    apply.data = malloc(apply.length);
    protobuf_c_message_pack(&request.base, apply.data);
    return apply;
}

struct wire_apply wire_plan_create(struct wire_channel *channel)
{
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(channel);
    const Tfplugin6__Schema__Block *block = wire_resource_block(schema);
    msgpack_sbuffer config, proposed;
    msgpack_sbuffer_init(&config);
    msgpack_sbuffer_init(&proposed);
    wire_pack_object(&config, block,
                     WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                                 { "customer_subscription_id", CUSTOMER_ID, NULL }));
    wire_pack_object(&proposed, block,
                     WIRE_FIELDS({ "registration_id", REGISTRATION_ID, NULL },
                                 { "customer_subscription_id", CUSTOMER_ID, NULL },
                                 { "tenant_id", NULL, &wire_unknown },
                                 { "id", NULL, &wire_unknown }));
    Tfplugin6__DynamicValue null = wire_dynamic(&null_value),
                            proposed_value = wire_dynamic(&proposed),
                            config_value = wire_dynamic(&config);
    Tfplugin6__PlanResourceChange__Request request =
        TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.prior_state = &null;
    request.proposed_new_state = &proposed_value;
    request.config = &config_value;
    Tfplugin6__PlanResourceChange__Response *plan =
        wire_ask_message(channel, "PlanResourceChange", &request.base,
                         &tfplugin6__plan_resource_change__response__descriptor);
    if (plan->n_diagnostics > 0)
        fail_msg("plan: %s", plan->diagnostics[0]->detail);
    assert_non_null(plan->planned_state);
    struct wire_apply apply = pack_apply(plan, &null, &config_value);
    protobuf_c_message_free_unpacked(&plan->base, NULL);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    msgpack_sbuffer_destroy(&config);
    msgpack_sbuffer_destroy(&proposed);
    return apply;
}

size_t wire_count_errors(Tfplugin6__Diagnostic **diagnostics, size_t count)
{
    size_t errors = 0;
    for (size_t i = 0; i < count; i++)
        errors += diagnostics[i]->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
    return errors;
}
