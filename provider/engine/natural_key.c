/* Objects whose IDs the service makes, which are found by their natural key while the ID is not
 * known; and objects that only a list shows (read_by_list). The whole list is read each time: an
 * earlier answer proves nothing about a request whose answer was lost.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/json.h"
#include "rest/list.h"
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

struct search {
    struct operation *operation;
    const struct value *key; /* an object that has the wanted values */
    json_t *found;
    bool is_ambiguous;
};

bool natural_key_matches(struct operation *operation, const struct value *key,
                         const json_t *object)
{
    auto_arena arena = arena_new(); /* a list may have very many objects */
    const struct resource *resource = operation->resource;
    const struct value *value =
        body_to_value(resource, arena, object, BODY_WHOLE,
                      value_object_of_nulls(arena, resource->type));
    for (const char *const *name = resource->table->natural_key; *name != NULL; name++) {
        const struct attribute *row = schema_find(resource->table->attributes, *name);
        if (!compare_attribute(row, value_get(arena, key, *name),
                               value_get(arena, value, *name)))
            return false;
    }
    return true;
}

/* It has ended and stays in the list; no lost answer made it. */
static bool has_ended(struct operation *operation, const json_t *object)
{
    const struct ended_rule *rule = operation->resource->table->ended;
    if (rule == NULL || !probe_shows_text(object, rule->place, rule->values))
        return false;
    operation->ended_id = resource_listed_id(operation, object, operation->planned);
    if (operation->ended_id != NULL)
        operation_add_past(operation, operation->ended_id);
    return true;
}

/* INT64_MIN: no time. */
static int64_t time_of(const struct operation *operation, const json_t *object)
{
    int64_t ms;
    const char *place = operation->resource->table->latest;
    const char *text = rest_json_text(object, place);
    return text != NULL && clock_parse_time(text, &ms) ? ms : INT64_MIN;
}

void natural_key_keep_latest(struct operation *operation, json_t *objects,
                             const struct value *known)
{
    struct arena *arena = operation->call->arena;
    json_t *object, *kept = json_object(), *former;
    size_t i;
    json_array_foreach(objects, i, object)
    {
        const char *id = resource_listed_id(operation, object, known);
        id = id != NULL ? text_lower(arena, id) : "";
        former = json_object_get(kept, id);
        if (former == NULL || time_of(operation, object) > time_of(operation, former))
            json_object_set(kept, id, object);
    }
    json_array_clear(objects);
    const char *key;
    json_object_foreach(kept, key, object) json_array_append(objects, object);
    json_decref(kept);
}

static bool has_same_id(const struct search *search, const json_t *object)
{
    struct operation *operation = search->operation;
    const struct value *known = operation->planned;
    const char *id = resource_listed_id(operation, object, known);
    return id != NULL &&
           text_equal(id, resource_listed_id(operation, search->found, known));
}

/* Decides between two objects with the key. One that changes its place while a list is read is on
 * two pages, perhaps with other values on the second. */
static void take_one(struct search *search, const json_t *object)
{
    if (json_equal(search->found, object))
        return;
    if (search->found != NULL && search->operation->resource->table->latest == NULL)
        search->is_ambiguous = !has_same_id(search, object);
    else if (search->found != NULL && time_of(search->operation, object) <=
                                          time_of(search->operation, search->found))
        return;
    json_decref(search->found);
    search->found = json_incref((json_t *)(uintptr_t)object);
}

static int take_page(void *state, const json_t *objects, struct error *err)
{
    struct search *search = state;
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        if (natural_key_matches(search->operation, search->key, object) &&
            !has_ended(search->operation, object))
            take_one(search, object);
        if (search->is_ambiguous)
            return 1;
    }
    return 0;
}

/* An object with an ID has the natural key in it. */
static const struct value *key_of(struct operation *operation)
{
    return operation->id == NULL
               ? operation->planned
               : resource_from_id(operation->resource, operation->call->arena,
                                  operation->resource->table->id, operation->id);
}

const char *natural_key_show(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct value *key = key_of(operation);
    const char *text = "";
    for (const char *const *name = table->natural_key; name != NULL && *name != NULL;
         name++)
        text = arena_print(arena, "%s%s%s = %s", text, *text != '\0' ? ", " : "", *name,
                           body_show(arena, schema_find(table->attributes, *name),
                                     value_get(arena, key, *name)));
    return text;
}

/* A list may omit members of an object, and may still show an object that is gone. */
static void probe_by_id(struct operation *operation, const json_t *found,
                        struct probe *out)
{
    if (!natural_key_learn(operation, found)) {
        error_set(&out->err, ERR_SHAPE, "the list has an object without an ID");
        return;
    }
    probe_get(operation, out);
    if (out->presence == ABSENT)
        operation->id = NULL;
}

bool natural_key_learn(struct operation *operation, const json_t *object)
{
    struct error ignored = NO_ERROR;
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const char *id = resource_listed_id(operation, object, operation->planned);
    return id != NULL &&
           operation_ids(operation)->parse(arena, id, table->id_type, &ignored) != NULL &&
           operation_rename(operation, id) == 0;
}

/* The list has the whole object. */
static void probe_whole(struct operation *operation, json_t *found, struct probe *out)
{
    out->reply = probe_listed(json_incref(found));
    out->presence = PRESENT;
    if (!probe_contradicts(operation, out->reply))
        return;
    out->presence = PRESENCE_UNKNOWN;
    error_set(&out->err, ERR_SHAPE, "the list has an object that cannot be read");
}

void natural_key_probe(struct operation *operation, struct probe *out)
{
    struct search search = { .operation = operation, .key = key_of(operation) };
    struct rest_failure failure = { 0 };
    const struct rest_list list = {
        .id = operation->list_id,
        .query = data_search(operation->call->arena, operation->client->dialect,
                             operation->resource->table->searches, search.key,
                             operation->resource->table->list_query),
        .api_version = api_version_of(operation->resource, operation->session),
        .failure = &failure,
        .is_patient = operation->is_sent,
    };
    *out = (struct probe){ .presence = PRESENCE_UNKNOWN };
    int result = rest_list(operation->call, operation->client, &list, take_page, &search,
                           &out->err);
    if (result < 0 && failure.code != NULL) {
        out->err = NO_ERROR;
        out->reply = probe_unlisted(failure.status, &failure);
        out->presence =
            probe_says_parent_gone(operation, out->reply) ? PARENT_ABSENT : REFUSED;
    } else if (result == 0 && search.is_ambiguous) {
        error_set(&out->err, ERR_REFUSED, "the list has more than one object with %s",
                  natural_key_show(operation));
    } else if (result == 0 && search.found == NULL) {
        out->presence = ABSENT;
        out->reply = probe_unlisted(404, &failure);
    } else if (result == 0 && operation->resource->table->read_by_list) {
        probe_whole(operation, search.found, out);
    } else if (result == 0) {
        probe_by_id(operation, search.found, out);
    }
    json_decref(search.found);
    rest_failure_clear(&failure);
}

int natural_key_expect_none_ended(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const struct ended_rule *rule = operation->resource->table->ended;
    struct object_flags *flags = service_object_flags(operation->service);
    const char *id = operation->ended_id;
    if (rule == NULL || id == NULL ||
        resource_may_allow(arena, operation->planned, rule->allow) ||
        object_flags_has(flags, OBJECT_IN_STATE, id) ||
        object_flags_has(flags, OBJECT_DELETED, id))
        return 0;
    const struct explain_word words[] = { { "ended.id", explain_shown(arena, id) },
                                          { NULL, NULL } };
    operation->words = words;
    diags_error(operation->diags, PATH_NONE, explain_fill(operation, rule->title), "%s",
                explain_fill(operation, rule->text));
    operation->words = NULL;
    return -1;
}
