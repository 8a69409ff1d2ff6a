/* All customer subscriptions of a registration, held against those that ought to be there:
 * the comparison is what the table cannot say.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

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

/* The expected id that this is, in this spelling if that is expected too, else in whatever
 * case; NULL: none. */
static const char *find_expected(const struct value *expected, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < expected->many.count; i++) {
        const char *text = value_text(expected->many.items[i]);
        if (strcmp(text, name) == 0)
            return text;
        if (text_equal_ignoring_case(text, name))
            found = text;
    }
    return found;
}

static bool is_found(struct arena *arena, const struct found *found, const char *name)
{
    for (size_t i = 0; i < found->count; i++) {
        if (text_equal_ignoring_case(name_of(arena, found->items[i]), name))
            return true;
    }
    return false;
}

/* Without expectations there is nothing to tell: the three lists are empty. */
static const struct value *compare(struct arena *arena, const struct value *object,
                                   const struct found *found)
{
    const struct value *expected = value_get(arena, object, "expected_ids");
    struct found unmanaged = { 0 }, missing = { 0 }, mismatched = { 0 };
    bool is_told = expected->state == VALUE_KNOWN;
    for (size_t i = 0; is_told && i < found->count; i++) {
        const char *name = name_of(arena, found->items[i]);
        const char *want = find_expected(expected, name);
        if (want == NULL)
            add(&unmanaged, value_string(arena, name));
        else if (strcmp(want, name) != 0)
            add(&mismatched, value_string(arena, name));
    }
    for (size_t i = 0; is_told && i < expected->many.count; i++) {
        const char *want = value_text(expected->many.items[i]);
        if (!is_found(arena, found, want))
            add(&missing, value_string(arena, want));
    }
    object = value_with(arena, object, "unmanaged", list_of(arena, &unmanaged));
    object = value_with(arena, object, "missing", list_of(arena, &missing));
    object = value_with(arena, object, "case_mismatched", list_of(arena, &mismatched));
    free((void *)unmanaged.items);
    free((void *)missing.items);
    free((void *)mismatched.items);
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
