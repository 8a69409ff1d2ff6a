/* Import: makes a state that can be read from an ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"

static int refuse(struct arena *arena, const struct resource *resource,
                  struct diags *diags, const char *id, const char *fault)
{
    const struct resource_table *table = resource->table;
    return diags_error(
        diags, PATH_NONE, "Invalid import ID",
        "\"%s\" is not the ID of a %s: %s. Expected format: %s%s.",
        text_clean_line(arena, id, strlen(id), 400), table->noun, fault,
        table->id_type != NULL ? table->service->ids->form(arena, table->id_type)
                               : table->id,
        table->import_by != NULL ? arena_print(arena, ", or %s alone", table->import_by)
                                 : "");
}

/* The service makes the ID: finds the object in its list by the imported value. */
static int find_by_natural_key(struct call *call, const struct resource *resource,
                               struct session *session, const char **id,
                               struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct resource_table *table = resource->table;
    const struct value *object =
        value_with(arena, value_object_of_nulls(arena, resource->type), table->import_by,
                   value_string(arena, *id));
    struct operation operation;
    if (validate_known(call, resource, object, diags) < 0 ||
        operation_begin(&operation, call, resource, session, TIMEOUT_CREATE, object, NULL,
                        diags) < 0)
        return -1;
    operation_begin_time(call, resource, TIMEOUT_READ, object);
    operation.act = "read";
    auto_probe probe = { 0 };
    natural_key_probe(&operation, &probe);
    if (probe.presence == ABSENT)
        return diags_error(
            diags, PATH_NONE,
            arena_print(arena, "%s not found", text_capitalize(arena, table->noun)),
            "%s has no %s with %s.\n\nWhat to do: Check the value. Or import "
            "by the ID: %s.",
            explain_service(&operation), table->noun, natural_key_show(&operation),
            table->service->ids->form(arena, table->id_type));
    if (probe.presence != PRESENT)
        return explain_probe(&operation, &probe, "Nothing was imported.");
    *id = operation.id;
    return 0;
}

/* The template of the ID contains the attribute. */
static bool is_in_id(struct arena *arena, const struct resource_table *table,
                     const char *name)
{
    return strstr(table->id, arena_print(arena, "{%s}", name)) != NULL;
}

int engine_find_import_id(struct call *call, const struct resource *resource,
                          struct session *session, const char **id, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct resource_table *table = resource->table;
    struct service *service;
    if (table->import_by == NULL || **id == '\0' || strchr(*id, '/') != NULL)
        return 0;
    if (!is_in_id(arena, table, table->import_by))
        return find_by_natural_key(call, resource, session, id, diags);
    const struct value *config = value_object_of_nulls(arena, resource->list_type);
    const struct value *found = config, *object;
    const struct looking_up what = { table->list, config, false, "import" };
    call->deadline_ms = clock_monotonic_ms() + (int64_t)table->timeouts.read_s * 1000;
    if (operation_find_service(call, resource, session, &service, diags) < 0 ||
        looked_up_fill(call, resource, session, &what, &found, diags) < 0)
        return -1;
    object = value_object_of_nulls(arena, resource->type);
    for (const struct attribute *row = table->list; row->name != NULL; row++) {
        if (schema_find(table->attributes, row->name) != NULL)
            object =
                value_with(arena, object, row->name, value_get(arena, found, row->name));
    }
    const char *text = text_is_guid(*id) ? text_lower(arena, *id) : *id;
    object = value_with(arena, object, table->import_by, value_string(arena, text));
    if (validate_known(call, resource, object, diags) < 0)
        return -1;
    const char *whole = resource_id(resource, arena, object);
    if (whole == NULL)
        return refuse(arena, resource, diags, *id,
                      "the other parts of the ID are not known");
    *id = whole;
    return 0;
}

int engine_import(struct call *call, const struct resource *resource, const char *id,
                  const struct value **out, struct bytes *private, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct resource_table *table = resource->table;
    struct error err = NO_ERROR;
    const char *canonical = id;
    if (table->id_type != NULL) {
        canonical = table->service->ids->parse(arena, id, table->id_type, &err);
        if (canonical == NULL)
            return refuse(arena, resource, diags, id, err.text);
    }
    struct id_template_part found[ID_PLACEHOLDERS_MAX];
    size_t count;
    if (!id_template_match(arena, table->id, canonical, found, &count))
        return refuse(arena, resource, diags, id, "it has a different format");

    const struct value *state = value_object_of_nulls(arena, resource->type);
    for (size_t i = 0; i < count; i++) {
        const struct attribute *row = schema_find(table->attributes, found[i].name);
        /* GUIDs are lower case in configurations, whatever the service uses. The ID of a parent
         * keeps its case, because it is compared ignoring case. */
        const char *text = found[i].text;
        if (text_is_guid(text))
            text = text_lower(arena, text);
        state = value_with(arena, state, row->name, value_string(arena, text));
    }
    state = value_with(arena, state, resource_id_attribute(resource),
                       value_string(arena, canonical));
    if (validate_known(call, resource, state, diags) < 0)
        return -1;
    *out = state;
    *private = private_imported();
    return 0;
}
