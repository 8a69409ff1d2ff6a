/* Makes a JSON body of Terraform's attributes.
 *
 * The type of an attribute determines how its value is written. The rows of a nested attribute
 * determine where its attributes are in the JSON object of each element.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

enum { SHOWN_BYTES_MAX = 400 };

/* BODY_WRITTEN leaves out what only the service sets. */
enum body_use { BODY_WRITTEN, BODY_SHOWN };

static json_t *rows_to_json(struct arena *arena, const struct attribute *rows,
                            const struct value *object, enum body_use use);

/* One value or element. `rows`: those of an object, or NULL. */
static json_t *to_json(struct arena *arena, const struct attribute *rows,
                       const struct value *value, enum body_use use)
{
    json_t *json;
    if (value->state != VALUE_KNOWN)
        return json_null();
    switch (value->type->kind) {
    case TYPE_STRING:
        return json_stringn(value->string.data, value->string.length);
    case TYPE_NUMBER:
        return json_loads(value->number, JSON_DECODE_ANY, NULL);
    case TYPE_BOOL:
        return json_boolean(value->boolean);
    case TYPE_LIST:
    case TYPE_SET:
        json = json_array();
        for (size_t i = 0; i < value->many.count; i++)
            json_array_append_new(json, to_json(arena, rows, value->many.items[i], use));
        return json;
    case TYPE_MAP:
        json = json_object();
        for (size_t i = 0; i < value->many.count; i++)
            json_object_set_new(json, value->many.keys[i],
                                to_json(arena, rows, value->many.items[i], use));
        return json;
    default:
        /* tests/unit/schema/rules.h makes sure that objects have rows. */
        return rows_to_json(arena, rows, value, use);
    }
}

/* Takes ownership of `json`. Objects on the way that are missing are made. */
static void put(json_t *body, const struct attribute *row, json_t *json)
{
    const char *place = row->body;
    for (size_t length; place[length = strcspn(place, ".")] != '\0';
         place += length + 1) {
        json_t *next = json_object_getn(body, place, length);
        if (!json_is_object(next)) {
            next = json_object();
            json_object_setn_new(body, place, length, next);
        }
        body = next;
    }
    json_object_set_new(body, place, json);
}

/* Writes leave out what only the service sets. Comparisons leave out what it never returns. */
static bool is_used(const struct attribute *row, enum body_use use)
{
    return row->body != NULL && row->between == NULL &&
           (use == BODY_WRITTEN ? !compare_is_of_service(row)
                                : (row->flags & NEVER_RETURNED) == 0);
}

static json_t *attribute_to_json(struct arena *arena, const struct attribute *row,
                                 const struct value *value, enum body_use use)
{
    return row->texts == NULL || value->state != VALUE_KNOWN
               ? to_json(arena, row->rows, value, use)
               : json_string(value->boolean ? row->texts->when_true
                                            : row->texts->when_false);
}

static json_t *rows_to_json(struct arena *arena, const struct attribute *rows,
                            const struct value *object, enum body_use use)
{
    json_t *body = json_object();
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (!is_used(row, use))
            continue;
        const struct value *value = value_get(arena, object, row->name);
        if (value->state == VALUE_KNOWN)
            put(body, row, attribute_to_json(arena, row, value, use));
    }
    return body;
}

json_t *body_from_value(const struct resource *resource, struct arena *arena,
                        const struct value *object)
{
    return rows_to_json(arena, resource->table->attributes, object, BODY_WRITTEN);
}

json_t *body_as_shown(const struct resource *resource, struct arena *arena,
                      const struct value *object)
{
    return rows_to_json(arena, resource->table->attributes, object, BODY_SHOWN);
}

/* The member with this name in any case: to a service, the tags Team and team are one, which a null
 * for one of them could remove. */
static json_t *find_any_case(json_t *json, const char *wanted)
{
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        if (text_equal_ignoring_case(name, wanted))
            return value;
    }
    return NULL;
}

/* Sets members that only `before` has to null: a PATCH merges objects member by member.
 * Source: RFC 7396 */
static void add_nulls(json_t *json, const json_t *before)
{
    const char *name;
    json_t *value;
    if (!json_is_object(json))
        return;
    json_object_foreach((json_t *)(uintptr_t)before, name, value)
    {
        json_t *after = find_any_case(json, name);
        if (after != NULL)
            add_nulls(after, value);
        else
            json_object_set_new(json, name, json_null());
    }
}

/* If several attributes have the same place in the body, the value of the one that is set. */
static const struct value *value_at_place(struct arena *arena,
                                          const struct attribute *rows,
                                          const struct attribute *row,
                                          const struct value *object)
{
    const struct value *own = value_get(arena, object, row->name);
    for (const struct attribute *other = rows; value_is_null(own) && other->name != NULL;
         other++) {
        const struct value *value = value_get(arena, object, other->name);
        if (other->body != NULL && text_equal(other->body, row->body) &&
            !value_is_null(value))
            return value;
    }
    return own;
}

static bool is_always_sent(const struct resource *resource, const struct attribute *row)
{
    const struct write_rule *rule = resource->table->update;
    return rule != NULL && text_is_one_of(row->name, rule->always);
}

json_t *body_from_change(const struct resource *resource, struct arena *arena,
                         const struct value *prior, const struct value *planned)
{
    json_t *body = json_object();
    const struct attribute *rows = resource->table->attributes;
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (!compare_is_change(row, arena, prior, planned) &&
            !is_always_sent(resource, row))
            continue;
        const struct value *value = value_at_place(arena, rows, row, planned);
        /* A required value cannot be removed. */
        if ((row->flags & (WRITE_ONLY | NEVER_RETURNED)) != 0 && value_is_null(value) &&
            resource->table->choice != NULL)
            continue;
        json_t *json = attribute_to_json(arena, row, value, BODY_WRITTEN);
        json_t *old = attribute_to_json(arena, row, value_get(arena, prior, row->name),
                                        BODY_WRITTEN);
        add_nulls(json, old);
        json_decref(old);
        put(body, row, json);
    }
    return body;
}

const char *body_show(struct arena *arena, const struct attribute *row,
                      const struct value *value)
{
    if (value->state != VALUE_KNOWN)
        return value->state == VALUE_NULL ? "no value" : "an unknown value";
    if ((row->flags & (SENSITIVE | WRITE_ONLY)) != 0)
        return "(sensitive value)";
    json_t *json = to_json(arena, row->rows, value, BODY_SHOWN);
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *shown =
        text != NULL ? text_clean_line(arena, text, strlen(text), SHOWN_BYTES_MAX) : "";
    free(text);
    json_decref(json);
    return shown;
}
