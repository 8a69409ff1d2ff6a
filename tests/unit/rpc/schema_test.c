/* The schema as the host sees it: the tables, nothing more and nothing less. rules-docs notices
 * that a table changes, as the pages are made of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/value_of.h"
#include "unit/rpc/run.h"

static const struct attribute hub_rows[] = {
    { "name", &type_string, REQUIRED | REPLACE, .doc = "Doc." },
    { "token", &type_string, REQUIRED | WRITE_ONLY, .doc = "Doc.", .body = "token",
      .version = "token_version" },
    { "token_version", &type_number, OPTIONAL | REPLACE, .doc = "Doc." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
    { 0 },
};

static const struct resource_table hub = {
    .name = "hub",
    .noun = "hub",
    .doc = "Doc.",
    .service = &azure_service,
    .id_type = "Microsoft.Test/hubs",
    .api_version = "2020-01-01",
    .id = "/subscriptions/{name}/providers/Microsoft.Test/hubs/one",
    .attributes = hub_rows,
    .timeouts = { 60, 60, 0, 60 },
};

static int read_nothing(struct call *call, const struct data_source *source,
                        struct session *session, const struct value *config,
                        const struct value **out, struct diags *diags)
{
    (void)call, (void)source, (void)session, (void)config, (void)out, (void)diags;
    return -1;
}

static const struct resource_table *const tables[] = { &customer_subscription_table, &hub, NULL };
static const struct engine_reader readers[] = { { &registrations_data, read_nothing }, { 0 } };
static const struct engine_reader openers[] = {
    { &registration_activation_key_ephemeral, read_nothing }, { 0 }
};
static const struct function_table *const functions[] = { &normalize_subscription_id_function,
                                                          NULL };
static const struct rpc_options options = { .provider = &provider_table,
                                            .resources = tables,
                                            .data_sources = readers,
                                            .ephemeral = openers,
                                            .functions = functions,
                                            .version = "0.1.0" };

static Tfplugin6__GetProviderSchema__Response *get_schema(struct run *run)
{
    return ask(run, "GetProviderSchema", NO_BYTES,
               &tfplugin6__get_provider_schema__response__descriptor);
}

/* Blocks are compared apart. */
static const struct attribute *skip_blocks(const struct attribute *rows)
{
    while (rows->is_block)
        rows++;
    return rows;
}

static void compare_rows(const struct attribute *rows, size_t count,
                         Tfplugin6__Schema__Attribute **attributes)
{
    static const char *const modes[] = {
        [TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE] = "single",
        [TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST] = "list",
    };
    static const char *const nestings[] = { [NESTING_SINGLE] = "single", [NESTING_LIST] = "list" };
    rows = skip_blocks(rows);
    for (size_t i = 0; i < count; i++, rows = skip_blocks(rows + 1)) {
        auto_arena arena = arena_new();
        const Tfplugin6__Schema__Attribute *one = attributes[i];
        assert_string_equal(one->name, rows->name);
        assert_string_equal(one->description, rows->doc);
        assert_int_equal(one->description_kind, TFPLUGIN6__STRING_KIND__MARKDOWN);
        assert_int_equal(one->required, (rows->flags & REQUIRED) != 0);
        assert_int_equal(one->optional, (rows->flags & OPTIONAL) != 0);
        assert_int_equal(one->computed, (rows->flags & COMPUTED) != 0);
        assert_int_equal(one->sensitive, (rows->flags & SENSITIVE) != 0);
        assert_int_equal(one->write_only, (rows->flags & WRITE_ONLY) != 0);
        assert_int_equal(one->deprecated, false);
        assert_int_equal(one->nested_type != NULL, rows->rows != NULL);
        if (rows->rows != NULL) {
            assert_int_equal(one->type.len, 0);
            assert_string_equal(modes[one->nested_type->nesting], nestings[rows->nesting]);
            compare_rows(rows->rows, one->nested_type->n_attributes, one->nested_type->attributes);
        } else {
            struct bytes type = type_format_json(arena, rows->type);
            assert_int_equal(one->type.len, type.length);
            assert_memory_equal(one->type.data, type.data, type.length);
        }
    }
    assert_null(rows->name);
}

static void compare_block(const struct attribute *rows, const char *doc,
                          const Tfplugin6__Schema__Block *block)
{
    assert_string_equal(block->description, doc);
    compare_rows(rows, block->n_attributes, block->attributes);
    size_t found = 0;
    for (; rows->name != NULL; rows++) {
        if (!rows->is_block)
            continue;
        assert_true(found < block->n_block_types);
        const Tfplugin6__Schema__NestedBlock *one = block->block_types[found++];
        assert_string_equal(one->type_name, rows->name);
        assert_int_equal(one->nesting, TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SINGLE);
        assert_int_equal(one->min_items + one->max_items, 0);
        compare_block(rows->rows, rows->doc, one->block);
    }
    assert_int_equal(found, block->n_block_types);
}

TEST(the_schema_is_what_the_tables_say)
{
    struct run run;
    begin(&run, &options);
    Tfplugin6__GetProviderSchema__Response *schema = get_schema(&run);
    compare_block(provider_table.attributes, provider_table.doc, schema->provider->block);
    assert_int_equal(schema->n_resource_schemas, 2);
    for (size_t i = 0; i < 2; i++) {
        const Tfplugin6__Schema *resource = schema->resource_schemas[i]->value;
        Tfplugin6__Schema__NestedBlock *timeouts = resource->block->block_types[0];
        assert_int_equal(resource->version, tables[i]->schema_version);
        assert_int_equal(resource->block->n_block_types, 1);
        assert_string_equal(timeouts->type_name, "timeouts");
        compare_block(schema_timeouts_rows(run.call.arena, tables[i]), timeouts->block->description,
                      timeouts->block);
        resource->block->n_block_types = 0;
        compare_block(tables[i]->attributes, tables[i]->doc, resource->block);
    }
    compare_block(registrations_data.attributes, registrations_data.doc,
                  schema->data_source_schemas[0]->value->block);
    compare_block(registration_activation_key_ephemeral.attributes,
                  registration_activation_key_ephemeral.doc,
                  schema->ephemeral_resource_schemas[0]->value->block);
    /* The block `config` of a list: hosts put it around what stands here. */
    const Tfplugin6__Schema__Block *list = schema->list_resource_schemas[0]->value->block;
    compare_block(tables[0]->list, list->description, list);
    end(&run);
}

/* What the metadata name is what the schema has, and there is nothing else. */
TEST(the_answer_has_no_more_than_there_is)
{
    struct run run;
    begin(&run, &options);
    Tfplugin6__GetProviderSchema__Response *schema = get_schema(&run);
    Tfplugin6__GetMetadata__Response *metadata =
        ask(&run, "GetMetadata", NO_BYTES, &tfplugin6__get_metadata__response__descriptor);
    const char *const names[] = { "azurestack_customer_subscription", "azurestack_hub" };
    assert_int_equal(metadata->n_resources, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(metadata->resources[i]->type_name, names[i]);
        assert_string_equal(schema->resource_schemas[i]->key, names[i]);
    }
    assert_int_equal(schema->n_list_resource_schemas + metadata->n_list_resources, 2);
    assert_string_equal(schema->list_resource_schemas[0]->key, names[0]);
    assert_string_equal(metadata->list_resources[0]->type_name, names[0]);
    assert_int_equal(schema->n_data_source_schemas + metadata->n_data_sources, 2);
    assert_string_equal(schema->data_source_schemas[0]->key, "azurestack_registrations");
    assert_string_equal(metadata->data_sources[0]->type_name, "azurestack_registrations");
    assert_int_equal(schema->n_ephemeral_resource_schemas + metadata->n_ephemeral_resources, 2);
    assert_string_equal(schema->ephemeral_resource_schemas[0]->key,
                        metadata->ephemeral_resources[0]->type_name);
    assert_int_equal(schema->n_functions + metadata->n_functions, 2);
    assert_string_equal(schema->functions[0]->key, "normalize_subscription_id");
    assert_string_equal(metadata->functions[0]->name, "normalize_subscription_id");
    assert_int_equal(metadata->n_diagnostics + schema->n_diagnostics, 0);
    assert_int_equal(schema->n_action_schemas + schema->n_state_store_schemas, 0);
    assert_null(schema->provider_meta);
    const Tfplugin6__ServerCapabilities *const both[] = { metadata->server_capabilities,
                                                          schema->server_capabilities };
    EACH (one, both) {
        assert_true((*one)->plan_destroy);
        assert_true((*one)->get_provider_schema_optional);
        assert_true((*one)->move_resource_state);
        assert_false((*one)->generate_resource_config);
    }
    end(&run);
}

/* Errors when a host with these capabilities validates a hub with a token. */
static size_t validate(struct run *run, Tfplugin6__ClientCapabilities *capabilities)
{
    struct arena *arena = run->call.arena;
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = rpc_put_text("azurestack_hub");
    request.config = rpc_encode(
        arena, value_of(arena, schema_resource_type(arena, &hub), "{'name':'a','token':'canary'}"));
    request.client_capabilities = capabilities;
    Tfplugin6__ValidateResourceConfig__Response *answer =
        ask(run, "ValidateResourceConfig", rpc_pack(arena, &request.base),
            &tfplugin6__validate_resource_config__response__descriptor);
    for (size_t i = 0; i < answer->n_diagnostics; i++)
        assert_string_equal(answer->diagnostics[i]->attribute->steps[0]->attribute_name, "token");
    return answer->n_diagnostics;
}

TEST(only_a_host_that_keeps_a_write_only_value_out_may_set_it)
{
    struct run run;
    begin(&run, &options);
    Tfplugin6__ClientCapabilities capabilities = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    assert_int_equal(validate(&run, NULL), 1);
    assert_int_equal(validate(&run, &capabilities), 1);
    capabilities.write_only_attributes_allowed = true;
    assert_int_equal(validate(&run, &capabilities), 0);
    end(&run);
}
