/* A small model of the toy service of support/toy.h: widgets with numbers that it makes, and their parts.
 * It does not mind two widgets of one name.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "exchanges/model.h"

enum { FIRST_NUMBER = 1000, PAGE = 2 };

#define BASE "https://toy.example.com"

static bool is_of_parts(const struct model *model)
{
    return strcmp(model->table, "part") == 0;
}

/* /v1/widgets/N has three slashes, /v1/widgets/N/parts/NAME five; their lists one less. */
static unsigned depth(const char *path)
{
    unsigned count = 0;
    for (; *path != '\0'; path++)
        count += *path == '/';
    return count;
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    const char *path = model_path(arena, url, BASE);
    return depth(path) == (is_of_parts(model) ? 5U : 3U) ? path : NULL;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    bool has_id = false;
    if (strstr(request->url, "api-version") != NULL)
        return arena_print(arena, "%s has an api-version", request->url);
    for (size_t i = 0; i < request->header_count; i++) {
        const char *name = request->headers[i].name;
        if (strncasecmp(name, "x-ms-", 5) == 0 ||
            strcasecmp(name, "Accept-Language") == 0)
            return arena_print(arena, "%s is a header of another service", name);
        has_id = has_id || strcmp(name, "Toy-Request") == 0;
    }
    return has_id ? NULL : "the request has no Toy-Request";
}

/* ---- what a request does ------------------------------------------------------------------ */

/* What the service says of it by itself. */
static void add_own(const struct model *model, const char *id, json_t *body,
                    const json_t *shown, json_t *before)
{
    if (is_of_parts(model)) {
        json_t *sum = json_object_get(shown != NULL ? shown : before, "checksum");
        json_t *spec = json_object_get(body, "spec");
        json_object_set_new(body, "name", json_string(strrchr(id, '/') + 1));
        json_object_set_new(body, "checksum",
                            sum != NULL ? json_incref(sum) : json_string("c0ffee"));
        if (json_object_get(spec, "sealed") == NULL)
            json_object_set_new(spec, "sealed", json_false());
        return;
    }
    json_t *revision = json_object_get(shown, "revision");
    json_object_set_new(body, "id", json_integer(atoll(strrchr(id, '/') + 1)));
    json_object_set_new(
        body, "revision",
        revision != NULL
            ? json_incref(revision)
            : json_integer(json_integer_value(json_object_get(before, "revision")) + 1));
}

static bool has_same_name(const json_t *a, const json_t *b)
{
    json_t *name = json_object_get(a, "name");
    return name != NULL && json_equal(name, json_object_get(b, "name"));
}

static void create(struct model *model, struct arena *arena, const json_t *body,
                   const json_t *shown)
{
    long long number = FIRST_NUMBER + (long long)json_object_size(model->objects);
    if (shown != NULL)
        number = json_integer_value(json_object_get(shown, "id"));
    const char *key, *id = arena_print(arena, "/v1/widgets/%lld", number);
    json_t *object, *new = json_object();
    json_object_foreach(model->objects, key, object) model->twice +=
        has_same_name(model_body(object), body);
    model_merge(new, body);
    add_own(model, id, new, shown, NULL);
    model_hold(model, id, new, true);
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *method = request->method, *id = object_of(model, arena, request->url);
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    json_t *object = id != NULL ? model_find(model, id) : NULL;
    if (strcmp(method, "POST") == 0 && id == NULL) {
        create(model, arena, body, shown);
    } else if (strcmp(method, "DELETE") == 0 && id != NULL) {
        model_drop(model, id);
    } else if (strcmp(method, "PATCH") == 0 && object != NULL) {
        json_t *new = json_deep_copy(model_body(object));
        model_merge(new, body);
        if (!json_equal(new, model_body(object)))
            add_own(model, id, new, shown, model_body(object));
        model_hold(model, id, new, false);
    } else if (strcmp(method, "PUT") == 0 && id != NULL) {
        model->overwritten += object != NULL && !model_is_of_run(object);
        json_t *new = json_deep_copy(body);
        add_own(model, id, new, shown, model_body(object));
        model_hold(model, id, new, object == NULL);
    }
    json_decref(body);
}

/* ---- what it answers ------------------------------------------------------------------------ */

static int answer_list(struct model *model, struct arena *arena, const char *url,
                       const char **body)
{
    const char *cursor = strstr(url, "?cursor=");
    size_t first = cursor != NULL ? (size_t)atoi(strchr(cursor, '=') + 1) : 0, at = 0;
    json_t *list = json_array();
    const char *key;
    json_t *object;
    json_object_foreach(model->objects, key, object)
    {
        if (at >= first && at < first + PAGE)
            json_array_append(list, model_body(object));
        at++;
    }
    json_t *page = json_pack("{s:o}", "items", list);
    if (at > first + PAGE)
        json_object_set_new(page, "next",
                            json_string(arena_print(arena, "%zu", first + PAGE)));
    *body = model_show(arena, page);
    return 200;
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *id = object_of(model, arena, request->url);
    const char *path = model_path(arena, request->url, BASE);
    bool is_list = depth(path) == (is_of_parts(model) ? 4U : 2U);
    *body = "";
    if (strcmp(request->method, "POST") == 0 && is_list) {
        json_t *wanted =
            json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
        const char *key;
        json_t *object;
        json_object_foreach(model->objects, key, object)
        {
            if (has_same_name(model_body(object), wanted))
                *body = model_show(arena, json_incref(model_body(object)));
        }
        json_decref(wanted);
        return 201;
    }
    if (is_list)
        return answer_list(model, arena, request->url, body);
    if (id == NULL) { /* the widget of a part */
        *body = model_show(arena, json_pack("{s:I, s:s}", "id",
                                            (json_int_t)atoll(strrchr(path, '/') + 1),
                                            "name", "w"));
        return 200;
    }
    json_t *object = model_find(model, id);
    if (strcmp(request->method, "DELETE") == 0 && did_hold)
        return 204;
    if (object == NULL) {
        *body = is_of_parts(model)
                    ? "{\"code\":4042,\"description\":\"No such part.\"}"
                    : "{\"code\":4040,\"description\":\"No such widget.\"}";
        return 404;
    }
    *body = model_show(arena, json_incref(model_body(object)));
    return 200;
}

/* ---- how a script shows it ------------------------------------------------------------------ */

static const json_t *shown(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answer, size_t at,
                           const char **id)
{
    const json_t *items = json_object_get(answer, "items"), *one = answer;
    if (json_is_array(items))
        one = json_array_get(items, at);
    else if (at > 0)
        return NULL;
    const char *path = model_path(arena, url, BASE);
    const json_t *number = json_object_get(one, "id");
    const char *name = json_string_value(json_object_get(one, "name"));
    if (name == NULL)
        return NULL;
    if (is_of_parts(model))
        *id = json_is_array(items) ? arena_print(arena, "%s/%s", path, name) : path;
    else if (json_is_integer(number))
        *id =
            arena_print(arena, "/v1/widgets/%lld", (long long)json_integer_value(number));
    else
        return NULL;
    return depth(*id) == (is_of_parts(model) ? 5U : 3U) ? one : NULL;
}

static bool is_about(const struct model *model, struct arena *arena,
                     const struct http_request *request, const char *id,
                     const json_t *shown)
{
    const char *own = object_of(model, arena, request->url);
    if (own != NULL)
        return strcmp(own, id) == 0;
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    bool is_same = has_same_name(body, shown);
    json_decref(body);
    return is_same;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    return status == 404 &&
           (*body == '\0' || strstr(body, is_of_parts(model) ? "4042" : "4040") != NULL);
}

static bool says_no(const json_t *body)
{
    return json_object_get(body, "code") != NULL;
}

static const char *name_of(struct arena *arena, const json_t *object)
{
    const json_t *body = json_object_get(object, "body");
    return arena_print(arena, "name = \"%s\"",
                       json_string_value(json_object_get(body, "name")));
}

static const char *error(int status)
{
    switch (status) {
    case 401:
        return "{\"code\":4010,\"description\":\"The token is too old.\"}";
    case 403:
        return "{\"code\":4030,\"description\":\"No.\"}";
    case 429:
        return "{\"code\":4290,\"description\":\"Slow down.\"}";
    default:
        return "{\"code\":5000,\"description\":\"Something went wrong.\"}";
    }
}

const struct model_service model_toy = {
    .name = "toy",
    .base = BASE,
    .scope = "api://toy/.default",
    .tenant = "11112222-3333-4444-5555-666677778888",
    .find_fault = find_fault,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = shown,
    .is_about = is_about,
    .says_absent = says_absent,
    .says_no = says_no,
    .name_of = name_of,
    .error = error,
};
