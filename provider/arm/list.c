/* A LIST, page by page.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/list.h"

#include <string.h>

#include "http/url.h"
#include "id/id.h"

struct walk {
    const struct arm_list *list;
    const char *link; /* of the page to come; NULL: the first, or none */
    json_t *links;    /* of the pages so far */
    json_t *firsts;   /* the ids with which they begin */
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

static const char *find_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && *text != '\0' ? text : NULL;
}

/* An object that says its name alone has the id of the list with that name behind it: all of a
 * list belong to one parent. Not where the list spans what the id needs. NULL: nobody knows.
 * Source: CustomerSubscription.json, examples: the name is "PARENT/CHILD", or the child's. */
static const char *make_id(struct arena *arena, const struct arm_list *list,
                           const json_t *object)
{
    const char *name = find_text(object, "name");
    if (name == NULL)
        return NULL;
    const char *slash = strrchr(name, '/');
    const char *id =
        arena_print(arena, "%s/%s", list->id, slash != NULL ? slash + 1 : name);
    struct error ignored = NO_ERROR;
    struct id parts;
    return id_parse(arena, id, &parts, &ignored) == 0 ? id : NULL;
}

/* Each has an id afterwards. */
static int name_objects(const struct walk *walk, json_t *objects, struct error *err)
{
    auto_arena arena = arena_new();
    json_t *object;
    size_t i;
    if (!json_is_array(objects))
        return error_set(err, ERR_SHAPE, "the list has no \"value\"");
    json_array_foreach(objects, i, object)
    {
        if (find_text(object, "id") != NULL)
            continue;
        const char *id = make_id(arena, walk->list, object);
        if (id == NULL)
            return error_set(err, ERR_SHAPE, "the list shows an object without an id");
        json_object_set_new(object, "id", json_string(id));
    }
    return 0;
}

/* The same page under ever new addresses. */
static int check_circle(struct walk *walk, const json_t *objects, struct error *err)
{
    const char *first = find_text(json_array_get(objects, 0), "id");
    if (first == NULL)
        return 0;
    if (json_object_get(walk->firsts, first) != NULL)
        return error_set(err, ERR_SHAPE, "the list goes round in circles");
    json_object_set_new(walk->firsts, first, json_true());
    return 0;
}

static int refuse(const struct walk *walk, struct arm_reply *reply, struct error *err)
{
    const char *code = reply->status >= 300 ? reply->failure.code : "";
    error_set(err, ERR_REFUSED, "the list answers with status %d%s%s", reply->status,
              *code != '\0' ? " " : "", code);
    if (walk->list->failure != NULL && reply->status >= 300) {
        *walk->list->failure = reply->failure;
        reply->failure = (struct arm_failure){ 0 };
    }
    return -1;
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
    if (reply->status != 200)
        return refuse(walk, reply, err);
    if (reply->body == NULL)
        return reply->is_garbled ? error_set(err, ERR_SHAPE, "the list is no JSON") : 1;
    json_t *objects = json_object_get(reply->body, "value");
    if (name_objects(walk, objects, err) < 0 || check_circle(walk, objects, err) < 0 ||
        find_next(call, arm, walk, reply->body, err) < 0)
        return -1;
    int result = page(state, objects, err);
    return result != 0 || walk->link != NULL ? result : 1;
}

int arm_list(struct call *call, struct arm *arm, const struct arm_list *list,
             arm_list_page_fn *page, void *state, struct error *err)
{
    struct walk walk = { .list = list, .links = json_object(), .firsts = json_object() };
    int result;
    do {
        result = take_page(call, arm, &walk, page, state, err);
    } while (result == 0);
    json_decref(walk.links);
    json_decref(walk.firsts);
    return result < 0 ? -1 : 0;
}
