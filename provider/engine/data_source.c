/* Data sources: their tables, and the read of an object by its ID.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/text.h"
#include "engine/internal.h"

const struct attribute *data_own_rows(const struct data_source_table *table)
{
    return table->items != NULL ? schema_find(table->attributes, table->items)->rows
                                : table->attributes;
}

/* The table of the objects, with what the data source overrides. */
static const struct resource_table *make_object(struct arena *arena,
                                                const struct data_source_table *own)
{
    const struct resource_table none = { .name = own->name,
                                         .attributes = data_own_rows(own),
                                         .remedies = own->remedies,
                                         .timeouts = { .read_s = DATA_READ_TIME_S } };
    struct resource_table *table =
        arena_copy(arena, own->object != NULL ? own->object : &none, sizeof *table);
    table->service = OR(own->service, table->service);
    table->noun = OR(own->noun, table->noun);
    table->parent_noun = OR(own->parent_noun, table->parent_noun);
    table->id_type = OR(own->id_type, table->id_type);
    table->api_version = OR(own->api_version, table->api_version);
    table->label = OR(own->label, table->label);
    table->list_label = OR(own->list_label, table->list_label);
    table->absent = OR(own->absent, table->absent);
    table->gone = OR(own->gone, table->gone);
    table->parent_gone = OR(own->parent_gone, table->parent_gone);
    table->one_directory_refusal =
        OR(own->one_directory_refusal, table->one_directory_refusal);
    table->needs_person |= own->needs_person;
    table->timeouts = (struct timeouts){ .read_s = table->timeouts.read_s };
    if (own->items == NULL)
        table->id = OR(table->id, own->id);
    return table;
}

void engine_data_source_init(struct data_source *source, struct arena *arena,
                             const struct data_source_table *table)
{
    *source = (struct data_source){
        .table = table,
        .type = schema_rows_type(arena, table->attributes),
    };
    engine_resource_init(&source->object, arena, make_object(arena, table));
}

int engine_validate_data(struct call *call, const struct data_source *source,
                         const struct value *config, struct diags *diags)
{
    schema_check_required(source->table->attributes, config, PATH_NONE, diags);
    schema_validate(call->arena, source->table->attributes, config, PATH_NONE, diags);
    const struct choice keys = { .names = source->table->keys };
    if (keys.names != NULL)
        schema_check_choice(call->arena, &keys, false, config, diags);
    if (source->table->check != NULL)
        source->table->check(call->arena, config, diags);
    return diags_have_error(diags) ? -1 : 0;
}

int engine_lookup(struct call *call, const struct resource *resource,
                  struct session *session, const char *id, const struct value **out,
                  struct diags *diags)
{
    struct engine_read read = { .is_look_up = true };
    int64_t until_ms = call->deadline_ms;
    if (engine_import(call, resource, id, &read.current_state, &read.private, diags) < 0)
        return -1;
    int result = engine_read(call, resource, session, &read, diags);
    call->deadline_ms = until_ms; /* what follows has a time of its own */
    if (result < 0)
        return -1;
    *out = read.new_state;
    return 0;
}
