/* What data sources have in common.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

void engine_data_source_init(struct data_source *source, struct arena *arena,
                             const struct data_source_table *table)
{
    *source = (struct data_source){
        .table = table,
        .type = schema_rows_type(arena, table->attributes),
    };
    engine_resource_init(&source->object, arena, table->object);
}

int engine_validate_data(struct call *call, const struct data_source *source,
                         const struct value *config, struct diags *diags)
{
    schema_validate(call->arena, source->table->attributes, config, PATH_NONE, diags);
    return diags_have_error(diags) ? -1 : 0;
}

int engine_look_up(struct call *call, const struct resource *resource,
                   struct session *session, const char *id, const struct value **out,
                   struct diags *diags)
{
    struct engine_read read = { .is_look_up = true };
    if (engine_import(call, resource, id, &read.current_state, &read.private, diags) <
            0 ||
        engine_read(call, resource, session, &read, diags) < 0)
        return -1;
    *out = read.new_state;
    return 0;
}

const struct value *engine_copy(struct arena *arena, const struct attribute *rows,
                                const struct value *object, const struct value *from)
{
    for (; rows->name != NULL; rows++) {
        if (type_find_field(from->type, rows->name) >= 0)
            object =
                value_with(arena, object, rows->name, value_get(arena, from, rows->name));
    }
    return object;
}
