/* A small model of a hub's administrator plane: directory tenants and user subscriptions, and the directories
 * of the login service.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

#define BASE "https://adminmanagement.hub.example.com"
#define HOME "99999999-8888-7777-6666-555555555555"
#define CUSTOMER "7f2d1c6e-90ab-4cde-8f01-23456789abcd"

static const char admin[] = "/providers/Microsoft.Subscriptions.Admin/";
static const char directory[] = "/.well-known/openid-configuration";

static const char *kind_of(const struct model *model)
{
    return strcmp(model->table, "directory_tenant") == 0 ? "directoryTenants"
                                                         : "subscriptions";
}

/* What stands behind the list's own path; NULL: the path is not below it. */
static const char *below_list(const struct model *model, const char *path)
{
    const char *at = strstr(path, admin), *kind = kind_of(model);
    if (at == NULL || strncasecmp(at + strlen(admin), kind, strlen(kind)) != 0)
        return NULL;
    return at + strlen(admin) + strlen(kind);
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    const char *path = model_path(arena, url, BASE), *at = below_list(model, path);
    return at != NULL && *at == '/' ? path : NULL;
}

static bool is_about_directory(const struct http_request *request)
{
    return strstr(request->url, directory) != NULL;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    bool is_report = strstr(request->url, "/checkIdentityHealth?") != NULL;
    if (is_about_directory(request) ||
        (is_report && strstr(request->url, "=2018-05-01") != NULL))
        return NULL;
    static const struct {
        const char *part, *version;
    } others[] = {
        { "/subscriberUsageAggregates", "2015-06-01-preview" },
        { "/applicationRegistrations", "2014-04-01-preview" },
        { "/activations", "2016-01-01" },
        { "/resourceGroups/", "2016-06-01" }, /* the group itself */
    };
    const char *version = "2015-11-01";
    for (size_t i = sizeof others / sizeof *others; i-- > 0;) {
        if (strstr(request->url, admin) == NULL && strstr(request->url, others[i].part))
            version = others[i].version;
    }
    if (strstr(request->url, arena_print(arena, "api-version=%s", version)) == NULL)
        return arena_print(arena, "%s has no api-version that is known", request->url);
    if (strcmp(request->method, "PATCH") == 0 ||
        (strcmp(request->method, "POST") == 0 && !is_report))
        return arena_print(arena, "%s is nothing that it knows", request->method);
    return NULL;
}

/* What the hub says of it where the request leaves it out. */
static void fill(const struct model *model, json_t *body, const json_t *shown)
{
    if (strcmp(model->table, "user_subscription") != 0)
        return;
    if (json_object_get(body, "tenantId") == NULL) {
        json_t *tenant = json_object_get(shown, "tenantId");
        json_object_set_new(body, "tenantId",
                            tenant != NULL ? json_incref(tenant) : json_string(HOME));
    }
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *id = object_of(model, arena, request->url);
    if (id != NULL && strcmp(request->method, "DELETE") == 0)
        model_drop(model, id);
    if (id == NULL || strcmp(request->method, "PUT") != 0)
        return;
    json_t *old = model_find(model, id);
    model->overwritten += old != NULL && !model_is_of_run(old);
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    fill(model, body, shown);
    model_hold(model, id, body, old == NULL);
}

static json_t *describe(const struct model *model, json_t *object)
{
    (void)model;
    json_t *body = json_deep_copy(model_body(object));
    json_object_set(body, "id", json_object_get(object, "id"));
    return body;
}

static const char *missing(const struct model *model)
{
    return strcmp(model->table, "directory_tenant") == 0
               ? "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"None.\"}}"
               : "{\"error\":{\"code\":\"SubscriptionNotFound\",\"message\":\"None.\"}}";
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, BASE);
    const char *id = object_of(model, arena, request->url);
    const char *end = below_list(model, path);
    *body = "";
    if (is_about_directory(request)) {
        *body = "{\"token_endpoint\":\"https://login.microsoftonline.com/" CUSTOMER
                "/oauth2/token\"}";
        return 200;
    }
    if (id == NULL) {
        *body = model_show(
            arena, end != NULL ? model_list(model, describe)
                               : json_pack("{s:s, s:{}}", "id", path, "properties"));
        return 200;
    }
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    json_t *object = model_find(model, id);
    *body = object == NULL ? missing(model) : model_show(arena, describe(model, object));
    return object == NULL ? 404 : 200;
}

static const json_t *shown(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answer, size_t at,
                           const char **id)
{
    const char *state = json_string_value(json_object_get(answer, "state"));
    *id = object_of(model, arena, url);
    return *id != NULL && at == 0 && json_is_object(answer) &&
                   (state == NULL || strcmp(state, "Deleted") != 0)
               ? answer
               : NULL;
}

static bool is_about(const struct model *model, struct arena *arena,
                     const struct http_request *request, const char *id,
                     const json_t *shown)
{
    (void)shown;
    const char *own = object_of(model, arena, request->url);
    return own != NULL && strcasecmp(own, id) == 0;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    /* What is being deleted goes by itself. */
    return status == 404 || strstr(body, "\"Deleted\"") != NULL ||
           strstr(body, "\"Deleting\"") != NULL;
}

const struct model_service model_hub = {
    .name = "hub",
    .base = BASE,
    .scope = "https://adminmanagement.example.onmicrosoft.com/0/.default",
    .tenant = HOME,
    .find_fault = find_fault,
    .is_without_token = is_about_directory,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = shown,
    .is_about = is_about,
    .says_absent = says_absent,
    .error = model_arm_error,
};
