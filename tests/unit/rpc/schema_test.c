/* The schema as the host sees it: the tables, nothing more and nothing less, and exactly what
 * tests/unit/rpc/schema says. That file changes only on purpose: a commit that renames, retypes or
 * drops an attribute breaks configurations and states.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"
#include "unit/rpc/run.h"

static const struct resource_table *const tables[] = { &customer_subscription_table, NULL };

static const struct rpc_options options = { .provider = &provider_table,
                                            .resources = tables,
                                            .version = "0.1.0" };

static Tfplugin6__GetProviderSchema__Response *get_schema(struct run *run)
{
    return ask(run, "GetProviderSchema", NO_BYTES,
               &tfplugin6__get_provider_schema__response__descriptor);
}

/* ---- the schema as text -------------------------------------------------------------------- */

static void show_attributes(struct buf *buf, int depth, size_t count,
                            Tfplugin6__Schema__Attribute **attributes)
{
    static const char *const modes[] = { "invalid", "single", "list", "set", "map" };
    for (size_t i = 0; i < count; i++) {
        const Tfplugin6__Schema__Attribute *one = attributes[i];
        buf_print(buf, "%*s%s", depth * 2, "", one->name);
        if (one->nested_type != NULL)
            buf_print(buf, " %s of:", modes[one->nested_type->nesting]);
        else
            buf_print(buf, " %.*s", (int)one->type.len, (const char *)one->type.data);
        buf_print(buf, "%s%s%s%s%s%s\n", one->required ? " required" : "",
                  one->optional ? " optional" : "", one->computed ? " computed" : "",
                  one->sensitive ? " sensitive" : "", one->write_only ? " write-only" : "",
                  one->deprecated ? " deprecated" : "");
        if (one->nested_type != NULL)
            show_attributes(buf, depth + 1, one->nested_type->n_attributes,
                            one->nested_type->attributes);
    }
}

static void show_block(struct buf *buf, int depth, const Tfplugin6__Schema__Block *block)
{
    static const char *const modes[] = { "invalid", "single", "list", "set", "map", "group" };
    show_attributes(buf, depth, block->n_attributes, block->attributes);
    for (size_t i = 0; i < block->n_block_types; i++) {
        const Tfplugin6__Schema__NestedBlock *one = block->block_types[i];
        buf_print(buf, "%*s%s block %s, %lld to %lld\n", depth * 2, "", one->type_name,
                  modes[one->nesting], (long long)one->min_items, (long long)one->max_items);
        show_block(buf, depth + 1, one->block);
    }
}

static void show_schema(struct buf *buf, const char *name, const Tfplugin6__Schema *schema)
{
    buf_print(buf, "%s version %lld\n", name, (long long)schema->version);
    show_block(buf, 1, schema->block);
}

static void show_identities(struct buf *buf, struct run *run)
{
    Tfplugin6__GetResourceIdentitySchemas__Response *response =
        ask(run, "GetResourceIdentitySchemas", NO_BYTES,
            &tfplugin6__get_resource_identity_schemas__response__descriptor);
    for (size_t i = 0; i < response->n_identity_schemas; i++) {
        const Tfplugin6__ResourceIdentitySchema *schema = response->identity_schemas[i]->value;
        buf_print(buf, "identity of %s version %lld\n", response->identity_schemas[i]->key,
                  (long long)schema->version);
        for (size_t k = 0; k < schema->n_identity_attributes; k++) {
            const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *one =
                schema->identity_attributes[k];
            buf_print(buf, "  %s %.*s%s%s\n", one->name, (int)one->type.len,
                      (const char *)one->type.data, one->required_for_import ? " required" : "",
                      one->optional_for_import ? " optional" : "");
        }
    }
}

static char *read_stored(void)
{
    FILE *file = fopen("tests/unit/rpc/schema", "rb");
    if (file == NULL)
        fail_msg("tests/unit/rpc/schema cannot be opened; tests run at the top of the tree");
    char *text = NULL;
    size_t room = 0;
    ssize_t length = getdelim(&text, &room, '\0', file);
    fclose(file);
    assert_true(length > 0);
    return text;
}

TEST(the_schema_is_the_one_that_is_stored)
{
    struct run run;
    begin(&run, &options);
    Tfplugin6__GetProviderSchema__Response *schema = get_schema(&run);
    auto_buf buf = { 0 };
    buf_init(&buf, 64 * 1024);
    show_schema(&buf, "provider", schema->provider);
    for (size_t i = 0; i < schema->n_resource_schemas; i++)
        show_schema(&buf, schema->resource_schemas[i]->key, schema->resource_schemas[i]->value);
    show_identities(&buf, &run);
    for (size_t i = 0; i < schema->n_list_resource_schemas; i++) {
        buf_print(&buf, "list of ");
        show_schema(&buf, schema->list_resource_schemas[i]->key,
                    schema->list_resource_schemas[i]->value);
    }
    auto_char stored = read_stored();
    if (strcmp(stored, buf_text(&buf)) != 0)
        fail_msg("the schema is now:\n%s\nand tests/unit/rpc/schema has:\n%s\nIf that is "
                 "meant: change the file, the changelog, and perhaps the schema version.",
                 buf_text(&buf), stored);
    end(&run);
}

/* ---- against the tables -------------------------------------------------------------------- */

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
    rows = skip_blocks(rows);
    for (size_t i = 0; i < count; i++, rows = skip_blocks(rows + 1)) {
        const Tfplugin6__Schema__Attribute *one = attributes[i];
        assert_string_equal(one->name, rows->name);
        assert_string_equal(one->description, rows->doc);
        assert_int_equal(one->description_kind, TFPLUGIN6__STRING_KIND__MARKDOWN);
        if (rows->rows != NULL)
            compare_rows(rows->rows, one->nested_type->n_attributes, one->nested_type->attributes);
    }
    assert_null(rows->name);
}

static void compare_blocks(const struct attribute *rows, const Tfplugin6__Schema__Block *block)
{
    size_t found = 0;
    for (; rows->name != NULL; rows++) {
        if (!rows->is_block)
            continue;
        assert_true(found < block->n_block_types);
        const Tfplugin6__Schema__NestedBlock *one = block->block_types[found++];
        assert_string_equal(one->type_name, rows->name);
        assert_string_equal(one->block->description, rows->doc);
        compare_rows(rows->rows, one->block->n_attributes, one->block->attributes);
        compare_blocks(rows->rows, one->block);
    }
    assert_int_equal(found, block->n_block_types);
}

TEST(the_schema_is_what_the_tables_say)
{
    struct run run;
    begin(&run, &options);
    Tfplugin6__GetProviderSchema__Response *schema = get_schema(&run);
    const Tfplugin6__Schema__Block *block = schema->provider->block;
    assert_string_equal(block->description, provider_table.doc);
    compare_rows(provider_table.attributes, block->n_attributes, block->attributes);
    compare_blocks(provider_table.attributes, block);

    assert_int_equal(schema->n_resource_schemas, 1);
    assert_string_equal(schema->resource_schemas[0]->key, "azurestack_customer_subscription");
    const Tfplugin6__Schema *resource = schema->resource_schemas[0]->value;
    assert_int_equal(resource->version, tables[0]->schema_version);
    assert_string_equal(resource->block->description, tables[0]->doc);
    compare_rows(tables[0]->attributes, resource->block->n_attributes, resource->block->attributes);
    assert_int_equal(resource->block->n_block_types, 1);
    const Tfplugin6__Schema__Block *timeouts = resource->block->block_types[0]->block;
    compare_rows(schema_timeouts_rows(run.call.arena, tables[0]), timeouts->n_attributes,
                 timeouts->attributes);

    /* The block `config` of a list: hosts put it around what stands here. */
    assert_string_equal(schema->list_resource_schemas[0]->key, schema->resource_schemas[0]->key);
    const Tfplugin6__Schema__Block *list = schema->list_resource_schemas[0]->value->block;
    compare_rows(tables[0]->list, list->n_attributes, list->attributes);
    assert_int_equal(list->n_block_types, 0);
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
    assert_int_equal(metadata->n_resources, 1);
    assert_int_equal(schema->n_resource_schemas, 1);
    assert_string_equal(metadata->resources[0]->type_name, schema->resource_schemas[0]->key);
    assert_int_equal(metadata->n_list_resources, 1);
    assert_int_equal(schema->n_list_resource_schemas, 1);
    assert_string_equal(metadata->list_resources[0]->type_name,
                        schema->list_resource_schemas[0]->key);
    assert_int_equal(metadata->n_diagnostics + schema->n_diagnostics, 0);
    assert_int_equal(schema->n_data_source_schemas + schema->n_functions, 0);
    assert_int_equal(schema->n_ephemeral_resource_schemas, 0);
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

static int read_nothing(struct call *call, const struct data_source *source,
                        struct session *session, const struct value *config,
                        const struct value **out, struct diags *diags)
{
    (void)call, (void)source, (void)session, (void)config, (void)out, (void)diags;
    return -1;
}

TEST(the_metadata_name_data_sources_and_functions_too)
{
    static const struct engine_reader readers[] = { { &registration_data, read_nothing },
                                                    { NULL, NULL } };
    static const struct function_table *const functions[] = { &normalize_subscription_id_function,
                                                              NULL };
    struct rpc_options more = options;
    more.data_sources = readers;
    more.functions = functions;
    struct run run;
    begin(&run, &more);
    Tfplugin6__GetMetadata__Response *metadata =
        ask(&run, "GetMetadata", NO_BYTES, &tfplugin6__get_metadata__response__descriptor);
    assert_int_equal(metadata->n_data_sources, 1);
    assert_string_equal(metadata->data_sources[0]->type_name, "azurestack_registration");
    assert_int_equal(metadata->n_functions, 1);
    assert_string_equal(metadata->functions[0]->name, "normalize_subscription_id");
    end(&run);
}
