/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"

#include "base/text.h"
#include "http/date.h"
#include "http/url.h"

struct walk {
    const struct rest_list *list;
    struct dialect_next next; /* the next page; without a URL: the first page, or none */
    json_t *links;            /* URLs of the pages so far, each with its header */
    json_t *firsts;           /* the first ID of each page */
    size_t bytes, objects;    /* of the pages so far, of which callers keep parts */
};

/* Stores the next page, if there is one. Its URL is opaque, except for the host. `asked` is the URL
 * of this page. */
static int take_next(struct arena *arena, const char *asked, struct walk *walk,
                     const struct dialect_next *next, struct error *err)
{
    walk->next = (struct dialect_next){ 0 };
    if (next->address == NULL)
        return 0;
    const char *address = http_find_link(arena, asked, next->address);
    if (address == NULL)
        return error_set(err, ERR_REFUSED,
                         "the next page of the list is on another host");
    const char *link = arena_print(arena, "%s\n%s", address,
                                   next->header.name != NULL ? next->header.value : "");
    if (json_object_get(walk->links, link) != NULL)
        return error_set(err, ERR_SHAPE, "the pages of the list form a loop");
    if (json_object_size(walk->links) + 1 >= REST_PAGES_MAX)
        return error_set(err, ERR_TOO_BIG, "the list has more than %d pages",
                         REST_PAGES_MAX);
    json_object_set_new(walk->links, link, json_true());
    walk->next = *next;
    walk->next.address = address;
    return 0;
}

/* Sets `id` of each object, if the dialect's objects have IDs. */
static int name_objects(const struct walk *walk, const struct dialect *dialect,
                        json_t *objects, struct error *err)
{
    auto_arena arena = arena_new();
    json_t *object;
    size_t i;
    if (!json_is_array(objects))
        return error_set(err, ERR_SHAPE, "the response is not a list");
    json_array_foreach(objects, i, object)
    {
        if (dialect->object_id == NULL || walk->list->has_no_ids)
            continue;
        const char *id = dialect->object_id(arena, walk->list->id, object);
        if (id == NULL)
            return error_set(err, ERR_SHAPE, "the list has an object without an ID");
        if (id != json_string_value(json_object_get(object, "id")))
            json_object_set_new(object, "id", json_string(id));
    }
    return 0;
}

/* An error if a page appears again under a new URL. */
static int check_circle(struct walk *walk, const json_t *objects, struct error *err)
{
    const json_t *id =
        walk->list->has_no_ids ? NULL : json_object_get(json_array_get(objects, 0), "id");
    auto_char first = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT);
    if (first == NULL)
        return 0;
    if (json_object_get(walk->firsts, first) != NULL)
        return error_set(err, ERR_SHAPE, "the pages of the list form a loop");
    json_object_set_new(walk->firsts, first, json_true());
    return 0;
}

static int refuse(const struct walk *walk, struct rest_reply *reply, struct error *err)
{
    bool has_failure = reply->failure.code != NULL;
    const char *code = has_failure ? reply->failure.code : "";
    error_set(err, ERR_REFUSED, "the list returned status %d%s%s", reply->status,
              *code != '\0' ? " " : "", code);
    if (walk->list->failure != NULL && has_failure) {
        *walk->list->failure = reply->failure;
        reply->failure = (struct rest_failure){ 0 };
    }
    return -1;
}

static bool may_be_empty(const struct rest_client *client, const struct walk *walk)
{
    const char *end = client->dialect->empty_without_body, *id = walk->list->id;
    /* A page that another one names has a body: without it, the rest would be missing. */
    return end != NULL && id != NULL && walk->next.address == NULL &&
           text_ends_ignoring_case(id, end);
}

/* Reads a page. Returns as rest_list_page_fn: 1 after the last page. */
static int take_page(struct call *call, struct rest_client *client, struct walk *walk,
                     rest_list_page_fn *page, void *state, struct error *err)
{
    bool is_empty_allowed = may_be_empty(client, walk);
    const struct rest_request request = {
        .method = "GET",
        .id = walk->list->id,
        .url = walk->next.address,
        .header = walk->next.header,
        .query = walk->list->query,
        .api_version = walk->list->api_version,
        .may_answer_empty = is_empty_allowed,
        .is_optional = walk->list->is_optional,
        .is_patient = walk->list->is_patient,
        .futile_status = walk->list->futile_status,
        .keeps_digits = walk->list->keeps_digits,
    };
    auto_rest_reply reply = NULL;
    if (rest_read(call, client, &request, &reply, err) < 0)
        return -1;
    if (reply->status != 200 || reply->failure.code != NULL)
        return refuse(walk, reply, err);
    walk->bytes += reply->http->body.length;
    if (walk->bytes > REST_LIST_BYTES_MAX)
        return error_set(err, ERR_TOO_BIG, "the list is over %d MB",
                         REST_LIST_BYTES_MAX / 1024 / 1024);
    if (reply->body == NULL)
        return reply->is_malformed || !is_empty_allowed
                   ? error_set(err, ERR_SHAPE, "the list is not JSON")
                   : 1;
    struct dialect_next next = { 0 };
    const char *address = rest_address(call->arena, client, walk->list->id);
    json_t *objects =
        client->dialect->read_page(call->arena, address, reply->http, reply->body, &next);
    if (walk->next.address != NULL)
        address = walk->next.address;
    walk->objects += json_array_size(objects);
    if (walk->objects > REST_LIST_OBJECTS_MAX)
        return error_set(err, ERR_TOO_BIG, "the list has more than %d objects",
                         REST_LIST_OBJECTS_MAX);
    int64_t *earliest_ms = walk->list->date_ms, date_ms = http_reply_date_ms(reply->http);
    if (earliest_ms != NULL && (*earliest_ms == 0 || date_ms < *earliest_ms))
        *earliest_ms = date_ms;
    if (name_objects(walk, client->dialect, objects, err) < 0 ||
        check_circle(walk, objects, err) < 0 ||
        take_next(call->arena, address, walk, &next, err) < 0)
        return -1;
    int result = page(state, objects, err);
    return result != 0 || walk->next.address != NULL ? result : 1;
}

int rest_list(struct call *call, struct rest_client *client, const struct rest_list *list,
              rest_list_page_fn *page, void *state, struct error *err)
{
    struct walk walk = { .list = list, .links = json_object(), .firsts = json_object() };
    int result;
    do {
        result = take_page(call, client, &walk, page, state, err);
    } while (result == 0);
    json_decref(walk.links);
    json_decref(walk.firsts);
    return result < 0 ? -1 : 0;
}
