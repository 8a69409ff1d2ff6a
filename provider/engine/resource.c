/* Functions of a table and an object that all operations use.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

void engine_resource_init(struct resource *resource, struct arena *arena,
                          const struct resource_table *table)
{
    *resource = (struct resource){
        .table = table,
        .type = schema_resource_type(arena, table),
        .timeouts = schema_timeouts_rows(arena, table),
        .identity_type =
            table->identity != NULL ? schema_rows_type(arena, table->identity) : NULL,
        .list_type = table->list != NULL ? schema_rows_type(arena, table->list) : NULL,
    };
}

struct object_in_arena {
    struct arena *arena;
    const struct value *object;
};

static const char *find_text(void *state, const char *name)
{
    const struct object_in_arena *in = state;
    return value_text(value_get(in->arena, in->object, name));
}

const char *resource_fill(struct arena *arena, const char *template,
                          const struct value *object)
{
    struct object_in_arena in = { arena, object };
    return id_template_fill(arena, template, find_text, &in);
}

struct parts_of_id {
    struct id_template_part parts[ID_PLACEHOLDERS_MAX];
    size_t count;
};

static const char *find_part(void *state, const char *name)
{
    const struct parts_of_id *in = state;
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->parts[i].name, name) == 0)
            return in->parts[i].text;
    }
    return NULL;
}

const char *resource_derive(struct arena *arena, const char *id_template, const char *id,
                            const char *template)
{
    struct parts_of_id in = { .count = 0 };
    if (template == NULL ||
        !id_template_match(arena, id_template, id, in.parts, &in.count))
        return NULL;
    return id_template_fill(arena, template, find_part, &in);
}

const char *resource_id(const struct resource *resource, struct arena *arena,
                        const struct value *object)
{
    const char *text = resource_fill(arena, resource->table->id, object);
    if (text == NULL)
        return NULL;
    struct error err = NO_ERROR;
    const struct resource_table *table = resource->table;
    const char *id = table->service->ids->parse(arena, text, table->id_type, &err);
    /* Validation has checked the parts. A text that still is not valid is shown as it is. */
    return id != NULL ? id : text;
}

const struct value *resource_from_id(const struct resource *resource, struct arena *arena,
                                     const char *id_template, const char *id)
{
    const struct value *object = value_object_of_nulls(arena, resource->type);
    struct parts_of_id in = { .count = 0 };
    if (id_template == NULL ||
        !id_template_match(arena, id_template, id, in.parts, &in.count))
        return object;
    for (size_t i = 0; i < in.count; i++)
        object = value_with(arena, object, in.parts[i].name,
                            value_string(arena, in.parts[i].text));
    return object;
}

const char *resource_listed_id(struct operation *operation, const json_t *object,
                               const struct value *known)
{
    struct arena *arena = operation->call->arena;
    const struct dialect *dialect = operation->client->dialect;
    if (dialect->object_id != NULL)
        return dialect->object_id(
            arena, operation->list_id != NULL ? operation->list_id : "", object);
    return resource_id(
        operation->resource, arena,
        body_to_value(operation->resource, arena, object, BODY_WHOLE, known));
}

const char *resource_answered_id(struct operation *operation, const json_t *body)
{
    const struct resource *resource = operation->resource;
    return resource_listed_id(operation, body,
                              resource_from_id(resource, operation->call->arena,
                                               resource->table->id, operation->id));
}

const char *resource_state_id(const struct resource *resource, struct arena *arena,
                              const struct value *state)
{
    const char *id = value_text(value_get(arena, state, resource_id_attribute(resource)));
    return id != NULL ? id : resource_id(resource, arena, state);
}

const char *resource_last_part(const char *id)
{
    const char *slash = strrchr(id, '/');
    return slash != NULL ? slash + 1 : id;
}

const char *resource_id_attribute(const struct resource *resource)
{
    const struct attribute *row = schema_find_flag(resource->table->attributes, IS_ID);
    return row != NULL ? row->name : NULL;
}

const struct value *resource_settle(const struct resource *resource, struct arena *arena,
                                    const struct value *object, const char *id)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        const struct value *value = value_get(arena, object, row->name);
        if ((row->flags & IS_ID) != 0)
            object = value_with(arena, object, row->name, value_string(arena, id));
        else if (!value_is_wholly_known(value))
            object = value_with(arena, object, row->name,
                                value_null(arena, schema_attribute_type(arena, row)));
    }
    return object;
}

bool resource_may_allow(struct arena *arena, const struct value *object, const char *name)
{
    const struct value *value = name != NULL ? value_get(arena, object, name) : NULL;
    return value != NULL && (value_is_unknown(value) || value_is_true(value, false));
}

struct object_flags *resource_object_flags(const struct resource *resource,
                                           struct session *session)
{
    return service_object_flags(
        session_find_service(session, resource->table->service->name));
}

/* ---- private data ------------------------------------------------------------------- */

static const char imported[] = "{\"imported\":true}";
static const char moved[] = "{\"imported\":true,\"moved\":true}";
static const char replaceable[] = "{\"replaceable\":true}";
static const char freeing[] = "{\"replaceable\":true,\"freeing\":true}";

static bool has_member(struct bytes private, const char *name)
{
    json_t *json = json_loadb((const char *)private.data, private.length, 0, NULL);
    bool has = json_is_true(json_object_get(json, name));
    json_decref(json);
    return has;
}

struct bytes private_imported(void)
{
    return BYTES(imported, sizeof imported - 1);
}

bool private_is_imported(struct bytes private)
{
    return has_member(private, "imported");
}

struct bytes private_moved(void)
{
    return BYTES(moved, sizeof moved - 1);
}

bool private_is_moved(struct bytes private)
{
    return has_member(private, "moved");
}

struct bytes private_replaceable(bool is_freeing)
{
    return is_freeing ? BYTES(freeing, sizeof freeing - 1)
                      : BYTES(replaceable, sizeof replaceable - 1);
}

bool private_is_replaceable(struct bytes private)
{
    return has_member(private, "replaceable");
}

bool private_is_freeing(struct bytes private)
{
    return has_member(private, "freeing");
}
