/* Registrations: one, however it is named, or all of a place. Which list to ask for is what the
 * table cannot say.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data_sources/readers.h"

static const char *text_of(struct arena *arena, const struct value *object,
                           const char *name)
{
    return value_text(value_get(arena, object, name));
}

/* The configuration's subscription, else the provider's. NULL, with a diagnostic. */
static const char *find_subscription(struct arena *arena, struct session *session,
                                     const struct value *config, struct diags *diags)
{
    const char *subscription = text_of(arena, config, "subscription_id");
    if (subscription == NULL && session != NULL)
        subscription = session_subscription_id(session);
    if (subscription == NULL)
        diags_error(
            diags, path_attribute(arena, PATH_NONE, "subscription_id"),
            "No subscription to look in",
            "Set subscription_id here, or in the provider block (ARM_SUBSCRIPTION_ID).");
    return subscription;
}

static const char *list_place(struct arena *arena, const char *subscription,
                              const char *group)
{
    return group == NULL ? arena_print(arena, "/subscriptions/%s", subscription)
                         : arena_print(arena, "/subscriptions/%s/resourceGroups/%s",
                                       subscription, group);
}

static const char *list_of_place(struct arena *arena, const char *place)
{
    return arena_print(arena, "%s/providers/Microsoft.AzureStack/registrations", place);
}

/* For messages. */
static const char *label_of_place(struct arena *arena, const struct value *config,
                                  const char *subscription)
{
    const char *group = text_of(arena, config, "resource_group_name");
    return group != NULL
               ? arena_print(arena,
                             "the list of registrations in resource group \"%s\" of "
                             "subscription %s",
                             group, subscription)
               : arena_print(arena, "the list of registrations of subscription %s",
                             subscription);
}

/* ---- one ------------------------------------------------------------------------------------ */

struct search {
    struct arena *arena;
    const char *attribute, *wanted;
    const char *first, *second; /* ids; the second: it is not the only one */
};

static int compare_one(void *state, const struct engine_listed *listed)
{
    struct search *search = state;
    const char *text = text_of(search->arena, listed->state, search->attribute);
    if (text == NULL || !text_equal_ignoring_case(text, search->wanted))
        return 0;
    const char *id =
        arena_copy_text(search->arena, text_of(search->arena, listed->state, "id"));
    if (search->first == NULL)
        search->first = id;
    else
        search->second = id;
    return search->second != NULL;
}

/* The id of the one whose attribute is the wanted text; NULL with a diagnostic. */
static const char *search_for(struct call *call, const struct data_source *source,
                              struct session *session, const struct value *config,
                              const char *attribute, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct path *path = path_attribute(arena, PATH_NONE, attribute);
    struct search search = { .arena = arena,
                             .attribute = attribute,
                             .wanted = text_of(arena, config, attribute) };
    const char *subscription = find_subscription(arena, session, config, diags);
    if (subscription == NULL)
        return NULL;
    const char *place =
        list_place(arena, subscription, text_of(arena, config, "resource_group_name"));
    const struct engine_walk walk = { .list_id = list_of_place(arena, place),
                                      .label =
                                          label_of_place(arena, config, subscription),
                                      .each = compare_one,
                                      .state = &search };
    if (engine_walk(call, &source->object, session, &walk, diags) < 0)
        return NULL;
    if (search.second != NULL)
        diags_error(
            diags, path, "More than one registration",
            "%s has several registrations whose %s is \"%s\":\n\n  %s\n  %s\n\nWhat to "
            "do: name one by its id.",
            place, attribute, search.wanted, search.first, search.second);
    else if (search.first == NULL)
        diags_error(
            diags, path, "No such registration",
            "%s has no registration whose %s is \"%s\", or the credential cannot see "
            "it.",
            place, attribute, search.wanted);
    return search.second == NULL ? search.first : NULL;
}

static const char *find_id(struct call *call, const struct data_source *source,
                           struct session *session, const struct value *config,
                           struct diags *diags)
{
    static const char *const ways[] = { "id", "name", "cloud_id" };
    struct arena *arena = call->arena;
    const char *way = NULL;
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        if (text_of(arena, config, ways[i]) == NULL)
            continue;
        way = ways[i];
        count++;
    }
    if (count != 1) {
        diags_error(
            diags, PATH_NONE, "Which registration?",
            "Exactly one of id, name and cloud_id is needed; this has %zu of them.",
            count);
        return NULL;
    }
    return way == ways[0] ? text_of(arena, config, "id")
                          : search_for(call, source, session, config, way, diags);
}

int data_registration(struct call *call, const struct data_source *source,
                      struct session *session, const struct value *config,
                      const struct value **out, struct diags *diags)
{
    const char *id = find_id(call, source, session, config, diags);
    const struct value *found;
    if (id == NULL ||
        engine_look_up(call, &source->object, session, id, &found, diags) < 0)
        return -1;
    /* What the configuration says stays as it is written there. */
    *out = engine_copy(call->arena, source->table->attributes, config, found);
    for (const struct attribute *row = source->table->attributes; row->name != NULL;
         row++) {
        const struct value *written = value_get(call->arena, config, row->name);
        if (!value_is_null(written))
            *out = value_with(call->arena, *out, row->name, written);
    }
    return 0;
}

/* ---- all -------------------------------------------------------------------------------------- */

struct found {
    struct arena *arena;
    const struct attribute *row;
    const struct type *element;
    const struct value **items; /* on the heap */
    size_t count, room;
};

static int take_one(void *state, const struct engine_listed *listed)
{
    struct found *found = state;
    struct arena *arena = found->arena;
    const struct value *item = value_object_of_nulls(arena, found->element);
    for (const struct attribute *row = found->row->rows; row->name != NULL; row++) {
        const char *text = text_of(arena, listed->state, row->name);
        if (text != NULL)
            item = value_with(arena, item, row->name,
                              value_string(arena, arena_copy_text(arena, text)));
    }
    if (found->count == found->room) {
        found->room = found->room != 0 ? found->room * 2 : 64;
        found->items =
            memory_resize((void *)found->items, found->room, sizeof *found->items);
    }
    found->items[found->count++] = item;
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const struct value *x = *(const struct value *const *)a;
    const struct value *y = *(const struct value *const *)b;
    return strcmp(value_text(value_get(NULL, x, "id")),
                  value_text(value_get(NULL, y, "id")));
}

int data_registrations(struct call *call, const struct data_source *source,
                       struct session *session, const struct value *config,
                       const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct attribute *row = schema_find(source->table->attributes, "registrations");
    const char *subscription = find_subscription(arena, session, config, diags);
    if (subscription == NULL)
        return -1;
    const char *place =
        list_place(arena, subscription, text_of(arena, config, "resource_group_name"));
    struct found found = { .arena = arena,
                           .row = row,
                           .element = schema_rows_type(arena, row->rows) };
    const struct engine_walk walk = { .list_id = list_of_place(arena, place),
                                      .label =
                                          label_of_place(arena, config, subscription),
                                      .each = take_one,
                                      .state = &found };
    int result = engine_walk(call, &source->object, session, &walk, diags);
    if (result == 0) {
        if (found.count > 0)
            qsort((void *)found.items, found.count, sizeof *found.items, by_id);
        const struct value **items =
            arena_copy(arena, (void *)found.items, found.count * sizeof *items);
        *out = value_with(
            arena, config, "registrations",
            value_many(arena, schema_attribute_type(arena, row), items, found.count));
        *out =
            value_with(arena, *out, "subscription_id", value_string(arena, subscription));
        *out = value_with(arena, *out, "id", value_string(arena, place));
    }
    free((void *)found.items);
    return result;
}
