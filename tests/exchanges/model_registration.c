/* A small model of registrations: which there are, with the token of the last write. They show in no answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

static const char kind[] = "/registrations";

/* What stands behind "/registrations" in the path; NULL: that is not in it. */
static const char *find_rest(const char *path)
{
    const char *at = strcasestr(path, kind);
    return at != NULL ? at + strlen(kind) : NULL;
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    (void)model;
    const char *path = model_path(arena, url, model_registration.base),
               *rest = find_rest(path);
    return rest != NULL && *rest == '/' && strchr(rest + 1, '/') == NULL ? path : NULL;
}

static bool is_group(const char *path)
{
    return find_rest(path) == NULL && strcasestr(path, "/resourceGroups/") != NULL;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    const char *path = model_path(arena, request->url, model_registration.base);
    const char *version = is_group(path)                                    ? "2021-04-01"
                          : strstr(path, "Microsoft.Authorization") != NULL ? "2016-09-01"
                          : strstr(request->url, "=2022-06-01") != NULL
                              ? "2022-06-01" /* of the provider block */
                              : "2017-06-01";
    if (strstr(request->url, arena_print(arena, "api-version=%s", version)) == NULL)
        return arena_print(arena, "%s has another api-version", request->url);
    if (strstr(path, "/getactivationkey") != NULL && !request->is_body_secret)
        return "a trace would show the key";
    bool is_write =
        strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0;
    if (!is_write)
        return NULL;
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    const char *location = json_string_value(json_object_get(body, "location"));
    bool has_location = location != NULL && strcmp(location, "global") == 0;
    bool has_token =
        json_object_get(json_object_get(body, "properties"), "registrationToken") != NULL;
    json_decref(body);
    if (has_token && !request->is_body_secret)
        return "a trace would show the token";
    return has_location ? NULL : "the body does not say that it is global";
}

/* What the token says of the hub, as far as the script shows it. */
static void add_own(json_t *body, const json_t *shown)
{
    static const char *const names[] = { "cloudId", "billingModel", "objectId" };
    const json_t *from = json_object_get(shown, "properties");
    json_t *properties = json_object_get(body, "properties");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *value = json_object_get(from, names[i]);
        if (value != NULL)
            json_object_set(properties, names[i], value);
        else if (json_object_get(properties, names[i]) == NULL)
            json_object_set_new(properties, names[i], json_string("made-up"));
    }
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *method = request->method, *id = object_of(model, arena, request->url);
    json_t *old = id != NULL ? model_find(model, id) : NULL;
    if (id != NULL && strcmp(method, "DELETE") == 0)
        model_drop(model, id);
    bool is_put = id != NULL && strcmp(method, "PUT") == 0;
    if (!is_put && (old == NULL || strcmp(method, "PATCH") != 0))
        return;
    model->overwritten += is_put && old != NULL && !model_is_of_run(old);
    json_t *change =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    json_t *body = is_put ? json_object() : json_deep_copy(model_body(old));
    model_merge(body, change);
    add_own(body, shown);
    json_decref(change);
    model_hold(model, id, body, is_put);
}

static json_t *describe(const struct model *model, json_t *object)
{
    (void)model;
    const char *id = json_string_value(json_object_get(object, "id"));
    json_t *shown = json_deep_copy(model_body(object));
    json_object_del(json_object_get(shown, "properties"), "registrationToken");
    json_object_set_new(shown, "id", json_string(id));
    json_object_set_new(shown, "name", json_string(strrchr(id, '/') + 1));
    json_object_set_new(shown, "type", json_string("Microsoft.AzureStack/registrations"));
    return shown;
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, model_registration.base),
               *rest = find_rest(path);
    const char *id = object_of(model, arena, request->url);
    *body = "";
    if (is_group(path)) {
        *body = model_show(arena, json_pack("{s:s, s:s}", "id", path, "location", "x"));
        return 200;
    }
    if (id == NULL) {
        /* The registration contains no locks and no customers. */
        *body = model_show(arena, rest != NULL && *rest == '\0'
                                      ? model_list(model, describe)
                                      : json_pack("{s:[]}", "value"));
        return 200;
    }
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    json_t *object = model_find(model, id);
    if (object == NULL) {
        *body = "{\"error\":{\"code\":\"RegistrationNotFound\","
                "\"message\":\"The registration is not there.\"}}";
        return 404;
    }
    *body = model_show(arena, describe(model, object));
    return 200;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    return status >= 400 &&
           (status == 404 || strstr(body, "\"RegistrationNotFound\"") != NULL);
}

const struct model_service model_registration = {
    .name = "azure",
    .table = "registration",
    .base = "https://management.azure.com",
    .scope = "https://management.azure.com/.default",
    .tenant = "99999999-8888-7777-6666-555555555555",
    .find_fault = find_fault,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = model_shown_by_url,
    .is_about = model_is_named_by_url,
    .says_absent = says_absent,
    .error = model_arm_error,
};
