/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/list.h"

#include "http/url.h"

struct walk {
    const struct arm_list *list;
    const char *link; /* of the page to come; NULL: the first, or none */
    json_t *links;    /* of the pages so far */
};

/* The next page's address, which is opaque but for its host; NULL at the end. */
static int find_next(struct call *call, const struct arm *arm, struct walk *walk,
                     const json_t *body, struct error *err)
{
    const char *link = json_string_value(json_object_get(body, "nextLink"));
    walk->link = NULL;
    if (link == NULL || *link == '\0')
        return 0;
    if (!http_is_same_origin(link, arm->base))
        return error_set(err, ERR_REFUSED, "the list goes on at another host");
    if (json_object_get(walk->links, link) != NULL)
        return error_set(err, ERR_SHAPE, "the list goes round in circles");
    if (json_object_size(walk->links) + 1 >= ARM_PAGES_MAX)
        return error_set(err, ERR_TOO_BIG, "the list has more than %d pages",
                         ARM_PAGES_MAX);
    json_object_set_new(walk->links, link, json_true());
    walk->link = arena_copy_text(call->arena, link);
    return 0;
}

static int check_objects(const json_t *objects, struct error *err)
{
    const json_t *object;
    size_t i;
    if (!json_is_array(objects))
        return error_set(err, ERR_SHAPE, "the list has no \"value\"");
    json_array_foreach(objects, i, object)
    {
        if (!json_is_string(json_object_get(object, "id")))
            return error_set(err, ERR_SHAPE, "the list shows an object without an id");
    }
    return 0;
}

/* As arm_list_page_fn. */
static int take_page(struct call *call, struct arm *arm, struct walk *walk,
                     arm_list_page_fn *page, void *state, struct error *err)
{
    const struct arm_request request = {
        .method = "GET",
        .id = walk->list->id,
        .url = walk->link,
        .api_version = walk->list->api_version,
        .may_answer_empty = true,
        .is_optional = walk->list->is_optional,
    };
    auto_arm_reply reply = NULL;
    if (arm_read(call, arm, &request, &reply, err) < 0)
        return -1;
    if (reply->status != 200) {
        const char *code = reply->status >= 300 ? reply->failure.code : "";
        if (walk->list->refused_status != NULL)
            *walk->list->refused_status = reply->status;
        return error_set(err, ERR_REFUSED, "the list answers with status %d%s%s",
                         reply->status, *code != '\0' ? " " : "", code);
    }
    if (reply->body == NULL)
        return reply->is_garbled ? error_set(err, ERR_SHAPE, "the list is no JSON") : 1;
    const json_t *objects = json_object_get(reply->body, "value");
    if (check_objects(objects, err) < 0 ||
        find_next(call, arm, walk, reply->body, err) < 0)
        return -1;
    int result = page(state, objects, err);
    return result != 0 || walk->link != NULL ? result : 1;
}

int arm_list(struct call *call, struct arm *arm, const struct arm_list *list,
             arm_list_page_fn *page, void *state, struct error *err)
{
    struct walk walk = { .list = list, .links = json_object() };
    int result;
    do {
        result = take_page(call, arm, &walk, page, state, err);
    } while (result == 0);
    json_decref(walk.links);
    return result < 0 ? -1 : 0;
}
