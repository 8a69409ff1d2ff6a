/* All customer subscriptions of a registration, held against those that ought to be there:
 * the comparison is what the table cannot say.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/memory.h"
#include "base/text.h"
#include "data_sources/readers.h"
#include "id/id.h"

struct found {
    struct arena *arena;
    const struct type *element; /* of the list */
    const struct attribute *rows;
    const struct value **items;
    size_t count, room;
};

static void add(struct found *found, const struct value *item)
{
    if (found->count == found->room) {
        found->room = found->room != 0 ? found->room * 2 : 64;
        found->items =
            memory_resize((void *)found->items, found->room, sizeof *found->items);
    }
    found->items[found->count++] = item;
}

/* What a listed object lives in ends with it: texts are copied. */
static const struct value *copy_text(struct found *found, const struct value *from,
                                     const char *name)
{
    const char *text = value_text(value_get(found->arena, from, name));
    return value_string(found->arena,
                        text != NULL ? arena_copy_text(found->arena, text) : NULL);
}

static int take_one(void *state, const struct engine_listed *listed)
{
    struct found *found = state;
    struct arena *arena = found->arena;
    const struct value *id = copy_text(found, listed->state, "id");
    const struct value *item = value_object_of_nulls(arena, found->element);
    item = value_with(arena, item, "id", id);
    item = value_with(arena, item, "customer_subscription_id",
                      value_string(arena, strrchr(value_text(id), '/') + 1));
    item = value_with(arena, item, "tenant_id",
                      copy_text(found, listed->state, "tenant_id"));
    add(found, item);
    return 0;
}

static const char *id_of(const struct value *item)
{
    struct arena *none = NULL; /* a known object's attribute takes no memory */
    return value_text(value_get(none, item, "id"));
}

static int by_id(const void *a, const void *b)
{
    return strcmp(id_of(*(const struct value *const *)a),
                  id_of(*(const struct value *const *)b));
}

static const char *name_of(struct arena *arena, const struct value *item)
{
    return value_text(value_get(arena, item, "customer_subscription_id"));
}

static const struct value *list_of(struct arena *arena, struct found *found)
{
    const struct value **items =
        arena_copy(arena, (void *)found->items, found->count * sizeof *items);
    return value_many(arena, &type_list_of_string, items, found->count);
}

/* Names, as they are and in lower case. jansson's objects are the hash tables here. */
struct names {
    json_t *exact, *lower;
};

static void add_name(struct names *names, struct arena *arena, const char *name)
{
    json_object_set_new(names->exact, name, json_true());
    json_object_set_new(names->lower, text_lower(arena, name), json_true());
}

static bool has_exactly(const struct names *names, const char *name)
{
    return json_object_get(names->exact, name) != NULL;
}

static bool has_name(const struct names *names, struct arena *arena, const char *name)
{
    return json_object_get(names->lower, text_lower(arena, name)) != NULL;
}

static void clear_names(struct names *names)
{
    json_decref(names->exact);
    json_decref(names->lower);
}

struct comparison {
    struct names wanted, shown;
    struct found unmanaged, missing, mismatched;
};

static void hold_against(struct comparison *comparison, struct arena *arena,
                         const struct value *expected, const struct found *found)
{
    for (size_t i = 0; i < expected->many.count; i++)
        add_name(&comparison->wanted, arena, value_text(expected->many.items[i]));
    for (size_t i = 0; i < found->count; i++) {
        const char *name = name_of(arena, found->items[i]);
        add_name(&comparison->shown, arena, name);
        if (!has_name(&comparison->wanted, arena, name))
            add(&comparison->unmanaged, value_string(arena, name));
        else if (!has_exactly(&comparison->wanted, name))
            add(&comparison->mismatched, value_string(arena, name));
    }
    for (size_t i = 0; i < expected->many.count; i++) {
        const char *want = value_text(expected->many.items[i]);
        if (!has_name(&comparison->shown, arena, want))
            add(&comparison->missing, value_string(arena, want));
    }
}

/* Without expectations there is nothing to tell: the three lists are empty. */
static const struct value *compare(struct arena *arena, const struct value *object,
                                   const struct found *found)
{
    const struct value *expected = value_get(arena, object, "expected_ids");
    struct comparison comparison = { .wanted = { json_object(), json_object() },
                                     .shown = { json_object(), json_object() } };
    if (expected->state == VALUE_KNOWN)
        hold_against(&comparison, arena, expected, found);
    object =
        value_with(arena, object, "unmanaged", list_of(arena, &comparison.unmanaged));
    object = value_with(arena, object, "missing", list_of(arena, &comparison.missing));
    object = value_with(arena, object, "case_mismatched",
                        list_of(arena, &comparison.mismatched));
    free((void *)comparison.unmanaged.items);
    free((void *)comparison.missing.items);
    free((void *)comparison.mismatched.items);
    clear_names(&comparison.wanted);
    clear_names(&comparison.shown);
    return object;
}

int data_customer_subscriptions(struct call *call, const struct data_source *source,
                                struct session *session, const struct value *config,
                                const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct attribute *row =
        schema_find(source->table->attributes, "customer_subscriptions");
    struct found found = { .arena = arena,
                           .element = schema_rows_type(arena, row->rows),
                           .rows = row->rows };
    const char *registration = value_text(value_get(arena, config, "registration_id"));
    const char *list = arena_print(arena, "%s/customerSubscriptions", registration);
    const struct engine_walk walk = { .list_id = list,
                                      .each = take_one,
                                      .state = &found };
    int result = engine_walk(call, &source->object, session, &walk, diags);
    if (result == 0) {
        if (found.count > 0)
            qsort((void *)found.items, found.count, sizeof *found.items, by_id);
        const struct value **items =
            arena_copy(arena, (void *)found.items, found.count * sizeof *items);
        *out = value_with(
            arena, config, "customer_subscriptions",
            value_many(arena, schema_attribute_type(arena, row), items, found.count));
        *out = value_with(arena, *out, "id", value_string(arena, registration));
        *out = compare(arena, *out, &found);
    }
    free((void *)found.items);
    return result;
}
