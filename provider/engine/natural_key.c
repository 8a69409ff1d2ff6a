/* Objects whose IDs the service makes: found by what a person gave them, as long as it is not known
 * the ID. Asked again each time, and of the whole list: what was seen earlier proves nothing
 * about a request whose answer was lost.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

struct search {
    struct operation *operation;
    json_t *found;
    bool is_ambiguous;
};

static bool is_wanted(struct operation *operation, const json_t *object)
{
    struct arena *arena = operation->call->arena;
    const struct resource *resource = operation->resource;
    const struct value *value =
        body_to_value(resource, arena, object, BODY_WHOLE,
                      value_object_of_nulls(arena, resource->type));
    for (const char *const *name = resource->table->natural_key; *name != NULL; name++) {
        const struct attribute *row = schema_find(resource->table->attributes, *name);
        if (!compare_attribute(row, value_get(arena, operation->planned, *name),
                               value_get(arena, value, *name)))
            return false;
    }
    return true;
}

/* It stays, and no lost answer made it. */
static bool has_ended(struct operation *operation, const json_t *object)
{
    const struct ended_rule *rule = operation->resource->table->ended;
    if (rule == NULL || !probe_shows_text(object, rule->place, rule->values))
        return false;
    operation->ended_id = resource_listed_id(operation, object, operation->planned);
    return true;
}

static int take_page(void *state, const json_t *objects, struct error *err)
{
    struct search *search = state;
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        if (!is_wanted(search->operation, object) || has_ended(search->operation, object))
            continue;
        search->is_ambiguous = search->found != NULL;
        if (search->is_ambiguous)
            return 1;
        search->found = json_incref((json_t *)(uintptr_t)object);
    }
    return 0;
}

const char *natural_key_show(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const char *text = "";
    for (const char *const *name = table->natural_key; name != NULL && *name != NULL;
         name++)
        text = arena_print(arena, "%s%s%s = %s", text, *text != '\0' ? ", " : "", *name,
                           body_show(arena, schema_find(table->attributes, *name),
                                     value_get(arena, operation->planned, *name)));
    return text;
}

/* What the list said. Takes the failure. */
static struct rest_reply *reply_of(int status, struct rest_failure *failure)
{
    struct rest_reply *reply = memory_new(sizeof *reply);
    reply->status = status;
    reply->failure = *failure;
    *failure = (struct rest_failure){ 0 };
    if (reply->failure.code == NULL) {
        reply->failure.code = memory_copy_text("");
        reply->failure.message = memory_copy_text("");
    }
    return reply;
}

/* A list may leave parts of an object out, and may show for a while what is gone. */
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

void natural_key_probe(struct operation *operation, struct probe *out)
{
    struct search search = { .operation = operation };
    struct rest_failure failure = { 0 };
    const struct rest_list list = {
        .id = operation->list_id,
        .query = data_search(operation->call->arena, operation->client->dialect,
                             operation->resource->table->searches, operation->planned,
                             operation->resource->table->list_query),
        .api_version = api_version_of(operation->resource, operation->session),
        .failure = &failure,
    };
    *out = (struct probe){ .presence = PRESENCE_UNKNOWN };
    int result = rest_list(operation->call, operation->client, &list, take_page, &search,
                           &out->err);
    if (result < 0 && failure.code != NULL) {
        out->err = NO_ERROR;
        out->presence = REFUSED;
        out->reply = reply_of(failure.status, &failure);
    } else if (result == 0 && search.is_ambiguous) {
        error_set(&out->err, ERR_REFUSED, "the list has more than one object with %s",
                  natural_key_show(operation));
    } else if (result == 0 && search.found == NULL) {
        out->presence = ABSENT;
        out->reply = reply_of(404, &failure);
    } else if (result == 0) {
        probe_by_id(operation, search.found, out);
    }
    json_decref(search.found);
    rest_failure_clear(&failure);
}

int natural_key_expect_none_ended(struct operation *operation,
                                  const struct value *planned)
{
    struct arena *arena = operation->call->arena;
    const struct ended_rule *rule = operation->resource->table->ended;
    struct object_flags *flags = service_object_flags(operation->service);
    const char *id = operation->ended_id;
    if (rule == NULL || id == NULL ||
        value_is_true(value_get(arena, planned, rule->allow), false) ||
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
