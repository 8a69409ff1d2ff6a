/* Other objects that prevent a create, because they are, or may be, the wanted object. The whole
 * list is read before each create: an earlier answer proves nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"
#include "rest/list.h"

struct search {
    struct operation *operation;
    const struct create_blocker *rule;
    const char *wanted, *wanted_too;
    struct order order;
    const char *id, *shown; /* of the first one found; NULL: none */
};

static bool is_wanted(const struct search *search, const json_t *object)
{
    const struct create_blocker *rule = search->rule;
    const char *have = rest_json_text(object, rule->place);
    const char *too = rest_json_text(object, rule->place_too);
    const struct resource_table *table = search->operation->resource->table;
    const char *id = json_string_value(json_object_get(object, "id"));
    struct error ignored = NO_ERROR;
    if (table->list_shows_others && id != NULL &&
        table->service->ids->parse(search->operation->call->arena, id, table->id_type,
                                   &ignored) == NULL)
        return false;
    if (!text_equal_ignoring_case(have, search->wanted) ||
        (rule->status != NULL && probe_shows_text(object, rule->status, rule->past)))
        return false;
    return rule->place_too == NULL || (too != NULL && *too != '\0' &&
                                       text_ends_ignoring_case(search->wanted_too, too));
}

static int take_page(void *state, const json_t *objects, struct error *err)
{
    struct search *search = state;
    struct operation *operation = search->operation;
    struct arena *arena = operation->call->arena;
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        const char *id = json_string_value(json_object_get(object, "id"));
        if (!is_wanted(search, object) || id == NULL ||
            (operation->id != NULL &&
             operation_ids(operation)->is_equal(arena, id, operation->id)))
            continue;
        const char *shown = rest_json_text(object, search->rule->shown);
        search->id = explain_shown(arena, id);
        search->shown = shown != NULL ? explain_shown(arena, shown) : "(unknown)";
        return 1;
    }
    return 0;
}

/* The import block for the object; of an order, for the object that it names. */
static const char *import_of(struct operation *operation, const struct search *search)
{
    if (search->rule->orders == NULL)
        return existing_import_block(operation, search->id);
    if (search->order.object_id == NULL)
        return "";
    return arena_print(
        operation->call->arena,
        "\n\nThe order has the ID of the %s. When the list contains it, import "
        "it:\n\n%s",
        operation->resource->table->noun,
        existing_import_block(operation, search->order.object_id));
}

static int explain_found(struct operation *operation, const struct search *search)
{
    struct arena *arena = operation->call->arena;
    const struct create_blocker *rule = search->rule;
    const char *name = strrchr(search->id, '/');
    const struct explain_word words[] = {
        { "blocker.id", search->id },
        { "blocker.name", name != NULL ? name + 1 : search->id },
        { "blocker.shown", search->shown },
        { "blocker.import", import_of(operation, search) },
        { NULL, NULL },
    };
    operation->words = words;
    diags_error(
        operation->diags,
        rule->attribute != NULL ? path_attribute(arena, PATH_NONE, rule->attribute)
                                : PATH_NONE,
        explain_fill(operation, rule->title), "%s", explain_fill(operation, rule->text));
    operation->words = NULL;
    return -1;
}

/* The list could not be read. */
static int explain_unread(struct operation *operation, const struct create_blocker *rule,
                          const char *list_id, const struct rest_failure *failure,
                          const struct error *err, const char *lead)
{
    struct arena *arena = operation->call->arena;
    const char *what = arena_print(arena, "the list %s", list_id);
    /* A 404 without a code may be a page of a proxy. */
    if (failure->code != NULL &&
        (failure->status == 403 || (failure->status == 404 && *failure->code != '\0'))) {
        diags_warning(
            operation->diags, PATH_NONE,
            arena_print(arena, "Cannot check for an existing %s before the create",
                        operation->resource->table->noun),
            "%s returned status %d, %s. %s", explain_service(operation), failure->status,
            *failure->code != '\0' ? failure->code : "no error code",
            explain_fill(operation, rule->unread));
        return 0;
    }
    if (lead == NULL)
        return failure->code != NULL
                   ? plan_refused(operation, failure, what)
                   : plan_not_answered(operation->call, operation->resource,
                                       operation->session, err, operation->diags);
    return failure->code != NULL ? explain_failure(operation, failure, lead)
                                 : explain_error(operation, err, lead);
}

/* Two objects that one run creates are not in the list of each other yet. */
static int claim(struct operation *operation, const struct search *search,
                 const char *list_id)
{
    struct arena *arena = operation->call->arena;
    const char *attribute = search->rule->attribute;
    const char *key = arena_print(arena, "%s %s %s", list_id, search->wanted,
                                  search->wanted_too != NULL ? search->wanted_too : "");
    const char *other =
        operation->id == NULL
            ? NULL
            : claims_make(service_claims(operation->service), arena, key, operation->id);
    if (other == NULL)
        return 0;
    const char *unless = search->rule->unless;
    return diags_error(
        operation->diags, path_attribute(arena, PATH_NONE, attribute),
        arena_print(arena, "Two %ss with one %s", operation->resource->table->noun,
                    attribute),
        "This resource and another one of this run create a %s with the "
        "%s \"%s\":\n\n  %s\n  %s\n\nWhat to do: To create only one, "
        "remove one of the two resources. To create both, set a different "
        "%s in one of them%s.",
        operation->resource->table->noun, attribute, search->wanted, other, operation->id,
        attribute,
        unless != NULL ? arena_print(arena, ", or set %s = true in both", unless) : "");
}

/* Sends HEAD for one ID: 200 means that it exists, 404 that it does not. -1 with `failure` or
 * `err`. */
static int look_at_one(struct search *search, const char *id,
                       struct rest_failure *failure, struct error *err)
{
    const struct rest_request request = { .method = "HEAD",
                                          .id = id,
                                          .api_version = search->rule->api_version,
                                          .may_answer_empty = true };
    auto_rest_reply reply = NULL;
    if (rest_read(search->operation->call, search->operation->client, &request, &reply,
                  err) < 0)
        return -1;
    if (reply->status == 200)
        search->id = search->shown = search->wanted;
    if (reply->status == 200 || reply->status == 404)
        return 0;
    if (reply->failure.code == NULL)
        return rest_refuse_shape(search->operation->client, reply->status, err);
    *failure = reply->failure;
    reply->failure = (struct rest_failure){ 0 };
    return -1;
}

static int check_one(struct operation *operation, const struct create_blocker *rule,
                     const struct value *planned, const char *lead)
{
    struct arena *arena = operation->call->arena;
    bool is_allowed = resource_may_allow(arena, planned, rule->unless);
    struct search search = {
        .operation = operation,
        .rule = rule,
        .wanted = rule->attribute == NULL
                      ? NULL
                      : value_text(value_get(arena, planned, rule->attribute)),
        .wanted_too = rule->place_too == NULL
                          ? NULL
                          : value_text(value_get(arena, planned, rule->attribute_too)),
    };
    const char *list_id = resource_fill(arena, rule->list_id, planned);
    if (is_allowed || list_id == NULL ||
        (search.wanted == NULL && rule->orders == NULL) ||
        (rule->place_too != NULL && search.wanted_too == NULL))
        return 0;
    if (rule->orders == NULL && claim(operation, &search, list_id) < 0)
        return -1;
    struct rest_failure failure = { 0 };
    struct error err = NO_ERROR;
    const struct rest_list list = { .id = list_id,
                                    .api_version = rule->api_version,
                                    .failure = &failure };
    int result = rule->orders != NULL
                     ? orders_find(operation, rule, &list, planned, &search.order, &err)
                 : rule->is_one ? look_at_one(&search, list_id, &failure, &err)
                                : rest_list(operation->call, operation->client, &list,
                                            take_page, &search, &err);
    if (search.order.id != NULL) {
        search.id = explain_shown(arena, search.order.id);
        search.shown = explain_shown(arena, search.order.shown);
    }
    /* An object that comes from an order was already reported. */
    bool is_explained =
        rule->orders != NULL && failure.code == NULL && err.kind == ERR_NONE;
    if (search.id != NULL)
        result = explain_found(operation, &search);
    else if (result < 0 && !is_explained)
        result = explain_unread(operation, rule, list_id, &failure, &err, lead);
    rest_failure_clear(&failure);
    return result < 0 ? -1 : 0;
}

int create_blockers_check(struct operation *operation, const struct value *planned,
                          const char *lead)
{
    const struct create_blocker *rule = operation->resource->table->create_blockers;
    for (; rule != NULL && rule->list_id != NULL; rule++) {
        if (check_one(operation, rule, planned, lead) < 0)
            return -1;
    }
    return 0;
}
