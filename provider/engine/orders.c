/* Orders whose objects are not listed yet. After an interrupted create, an order is the only trace
 * of the object until the list shows it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"
#include "rest/list.h"
#include "session/object_flags.h"

struct search {
    struct operation *operation;
    const struct create_blocker *rule;
    const struct value *planned;
    json_t *open;         /* the ID of an order -> {shown, object_id, ordered_ms} */
    const char *existing; /* the ID of an object of one of them; NULL: none */
    int64_t now_ms;       /* by the clock of the service, which dated the orders */
};

/* The ID of the object that an item names, in the form that requests use; NULL: none. */
static const char *object_of(const struct search *search, const json_t *item)
{
    const char *id = rest_json_text(item, search->rule->orders->object_id);
    json_t *object = json_pack("{s:s*}", "id", id);
    const char *found =
        id != NULL ? resource_listed_id(search->operation, object, search->planned)
                   : NULL;
    json_decref(object);
    return found;
}

/* This run deletes or has deleted the object. */
static bool is_ended_here(const struct search *search, const char *object_id)
{
    struct object_flags *flags = service_object_flags(search->operation->service);
    return object_id != NULL && (object_flags_has(flags, OBJECT_IN_STATE, object_id) ||
                                 object_flags_has(flags, OBJECT_DELETED, object_id));
}

/* The time of an order that counts only while it is recent; NULL: it counts at any age. An order with
 * an unreadable time counts as recent. */
static json_t *order_time(const struct search *search, const json_t *order)
{
    const struct create_blocker *rule = search->rule;
    const char *time = rest_json_text(order, rule->orders->ordered_at);
    const char *status = rest_json_text(order, rule->status);
    int64_t ms;
    return text_equal_ignoring_case(status, rule->orders->open) || time == NULL ||
                   !clock_parse_time(time, &ms)
               ? NULL
               : json_integer(ms);
}

static int take_order(struct search *search, const json_t *order, const json_t *item,
                      struct error *err)
{
    const char *id = json_string_value(json_object_get(order, "id"));
    const char *shown = rest_json_text(order, search->rule->shown);
    const char *object_id = object_of(search, item);
    if (id == NULL)
        return error_set(err, ERR_SHAPE, "the list has an order without an ID");
    if (!probe_shows_text(order, search->rule->status, search->rule->past) &&
        !is_ended_here(search, object_id))
        json_object_set_new(
            search->open, id,
            json_pack("{s:s, s:s*, s:o*}", "shown", shown != NULL ? shown : "(unknown)",
                      "object_id", object_id, "ordered_ms", order_time(search, order)));
    else
        operation_add_past(search->operation, id);
    return 0;
}

static int take_orders(void *state, const json_t *orders, struct error *err)
{
    struct search *search = state;
    const json_t *order, *item;
    size_t i, k;
    json_array_foreach((json_t *)(uintptr_t)orders, i, order)
    {
        const json_t *items = rest_json_find(order, search->rule->orders->items);
        json_array_foreach((json_t *)(uintptr_t)items, k, item)
        {
            if (!natural_key_matches(search->operation, search->planned, item))
                continue;
            if (take_order(search, order, item, err) < 0)
                return -1;
            break;
        }
    }
    return 0;
}

/* Removes the orders that are no longer recent from `open`. Only the whole list says what time it
 * is. */
static void remove_old(struct search *search)
{
    const char *id;
    json_t *order;
    void *next;
    json_object_foreach_safe(search->open, next, id, order)
    {
        const json_t *time = json_object_get(order, "ordered_ms");
        if (time == NULL || search->now_ms - json_integer_value(time) <
                                (int64_t)search->rule->orders->recent_s * 1000)
            continue;
        operation_add_past(search->operation, id);
        json_object_del(search->open, id);
    }
}

/* The object belongs to the order. */
static bool is_of(const struct search *search, const json_t *object,
                  const char *object_id, const char *order_id, const json_t *order)
{
    const char *own = rest_json_text(object, search->rule->orders->order_id);
    const char *named = json_string_value(json_object_get(order, "object_id"));
    return text_equal_ignoring_case(own, order_id) ||
           (named != NULL && object_id != NULL &&
            operation_ids(search->operation)
                ->is_equal(search->operation->call->arena, named, object_id));
}

static int take_objects(void *state, const json_t *objects, struct error *err)
{
    struct search *search = state;
    const struct ended_rule *ended = search->operation->resource->table->ended;
    const json_t *object;
    json_t *order;
    const char *order_id;
    void *next;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        const char *id = resource_listed_id(search->operation, object, search->planned);
        json_object_foreach_safe(search->open, next, order_id, order)
        {
            if (!is_of(search, object, id, order_id, order))
                continue;
            if (ended == NULL || !probe_shows_text(object, ended->place, ended->values)) {
                search->existing = id;
                return 1;
            }
            operation_add_past(search->operation, order_id);
            json_object_del(search->open, order_id);
        }
    }
    return 0;
}

/* Orders whose objects are listed have been removed from `open`. */
static int look_for_objects(struct search *search, struct error *err)
{
    struct operation *operation = search->operation;
    const struct rest_list list = {
        .id = operation->list_id,
        .query = operation->resource->table->list_query,
        .api_version = api_version_of(operation->resource, operation->session),
    };
    if (rest_list(operation->call, operation->client, &list, take_objects, search, err) <
        0)
        return -1;
    return search->existing == NULL ? 0 : existing_explain(operation, search->existing);
}

int orders_find(struct operation *operation, const struct create_blocker *rule,
                const struct rest_list *list, const struct value *planned,
                struct order *out, struct error *err)
{
    struct arena *arena = operation->call->arena;
    struct search search = {
        .operation = operation,
        .rule = rule,
        .planned = planned,
        .open = json_object(),
    };
    struct rest_list dated = *list;
    dated.date_ms = &search.now_ms;
    int result =
        rest_list(operation->call, operation->client, &dated, take_orders, &search, err);
    remove_old(&search);
    if (result == 0 && json_object_size(search.open) != 0)
        result = look_for_objects(&search, err);
    const char *id;
    json_t *order;
    json_object_foreach(search.open, id, order)
    {
        const char *object_id = json_string_value(json_object_get(order, "object_id"));
        if (result != 0)
            break;
        *out = (struct order){
            .id = arena_copy_text(arena, id),
            .shown = arena_copy_text(arena,
                                     json_string_value(json_object_get(order, "shown"))),
            .object_id = object_id != NULL ? arena_copy_text(arena, object_id) : NULL,
        };
        break;
    }
    json_decref(search.open);
    return result;
}
