/* All customer subscriptions of a registration. The code compares them with the expected ones,
 * which a table cannot do.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "data_sources/readers.h"

/* A list of texts, with room for all that there are. */
struct found {
    const struct value **items;
    size_t count;
};

static const struct value *list_of(struct arena *arena, const struct found *found)
{
    return value_many(arena, &type_list_of_string, found->items, found->count);
}

static const char *name_of(struct arena *arena, const struct value *item)
{
    return value_text(value_get(arena, item, "customer_subscription_id"));
}

static void add(struct found *found, const struct value *item)
{
    found->items[found->count++] = item;
}

/* Names in their own case and in lower case. Jansson's objects serve as hash tables. */
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
                         const struct value *expected, const struct value *listed)
{
    struct found *const lists[] = { &comparison->unmanaged, &comparison->missing,
                                    &comparison->mismatched };
    size_t most = expected->many.count + listed->many.count;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        lists[i]->items = arena_take_many(arena, most, sizeof *lists[i]->items);
    for (size_t i = 0; i < expected->many.count; i++)
        add_name(&comparison->wanted, arena, value_text(expected->many.items[i]));
    for (size_t i = 0; i < listed->many.count; i++) {
        const char *name = name_of(arena, listed->many.items[i]);
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

/* Without expected_ids, the three lists are empty. */
static const struct value *compare(struct arena *arena, const struct value *object,
                                   const struct value *listed)
{
    const struct value *expected = value_get(arena, object, "expected_ids");
    struct comparison comparison = { .wanted = { json_object(), json_object() },
                                     .shown = { json_object(), json_object() } };
    if (expected->state == VALUE_KNOWN)
        hold_against(&comparison, arena, expected, listed);
    object =
        value_with(arena, object, "unmanaged", list_of(arena, &comparison.unmanaged));
    object = value_with(arena, object, "missing", list_of(arena, &comparison.missing));
    object = value_with(arena, object, "case_mismatched",
                        list_of(arena, &comparison.mismatched));
    clear_names(&comparison.wanted);
    clear_names(&comparison.shown);
    return object;
}

/* The names with the case that the service uses, taken from the IDs. */
static const struct value *spell_names(struct arena *arena, const struct value *listed)
{
    size_t count = listed->many.count;
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const char *id = value_text(value_get(arena, listed->many.items[i], "id"));
        items[i] = value_with(arena, listed->many.items[i], "customer_subscription_id",
                              value_string(arena, strrchr(id, '/') + 1));
    }
    return value_many(arena, listed->type, items, count);
}

int data_customer_subscriptions(struct call *call, const struct data_source *source,
                                struct session *session, const struct value *config,
                                const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    if (engine_read_data(call, source, session, config, out, diags) < 0)
        return -1;
    const struct value *listed =
        spell_names(arena, value_get(arena, *out, "customer_subscriptions"));
    *out = value_with(arena, *out, "customer_subscriptions", listed);
    *out = compare(arena, *out, listed);
    return 0;
}
