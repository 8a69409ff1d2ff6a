/* Moves: the state of an object that a resource of another provider managed so far.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"
#include "value/codec.h"

/* An ID type begins with a slash if the objects have no parent. */
static bool is_of_type(const char *text, const char *id_type)
{
    id_type += *id_type == '/';
    size_t length = strcspn(text, "@");
    return length == strlen(id_type) && text_starts_ignoring_case(text, id_type);
}

static int refuse(const struct resource *resource, const char *type_name,
                  struct diags *diags, const char *fault)
{
    return diags_error(
        diags, PATH_NONE, "Cannot move the resource",
        "This %s cannot be moved to a %s: %s.\n\nWhat to do: Remove the old "
        "resource from the state with a `removed` block that has destroy "
        "= false. Then import the object with an `import` block.",
        type_name, resource->table->noun, fault);
}

int engine_move(struct call *call, const struct resource *resource, const char *address,
                const char *type_name, struct bytes raw_json, const struct value **out,
                struct bytes *private, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct move_rule *rule = resource->table->service->moves;
    if (rule == NULL)
        return refuse(resource, type_name, diags, "no other resource type can be moved");
    if (!text_ends_ignoring_case(address, rule->address) ||
        strcmp(type_name, rule->type_name) != 0)
        return refuse(resource, type_name, diags,
                      arena_print(arena, "only an %s of the provider %s can be moved",
                                  rule->type_name, rule->address + 1));
    const struct attribute rows[] = { { .name = rule->id_member, .type = &type_string },
                                      { .name = rule->type_member, .type = &type_string },
                                      { 0 } };
    const struct value *old;
    struct error ignored = NO_ERROR;
    if (value_decode_json(arena, raw_json, schema_rows_type(arena, rows), true, &old,
                          &ignored) < 0)
        old = value_object_of_nulls(arena, schema_rows_type(arena, rows));
    const char *id = value_text(value_get(arena, old, rule->id_member));
    const char *type = value_text(value_get(arena, old, rule->type_member));
    if (id == NULL || type == NULL)
        return refuse(resource, type_name, diags, "its state has no ID and no type");
    if (!is_of_type(type, resource->table->id_type))
        return refuse(resource, type_name, diags,
                      arena_print(arena, "it is a \"%s\"",
                                  text_clean_line(arena, type, strlen(type), 200)));
    /* The next read sets the rest. */
    if (engine_import(call, resource, id, out, private, diags) < 0)
        return -1;
    *private = private_moved();
    return 0;
}
