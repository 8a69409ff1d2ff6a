/* A small model of a hub's tenant plane: resource groups and role assignments in two subscriptions, one of
 * the directory that is configured and one of a customer's.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

#define BASE "https://management.hub.example.com"
#define HOME "99999999-8888-7777-6666-555555555555"
#define CUSTOMER "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

/* The subscription of the customer, whose tokens its objects take. */
static const char customers[] = "/subscriptions/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10";
static const char definitions[] = "/providers/Microsoft.Authorization/roleDefinitions";

static const char *tenant_of(struct arena *arena, const struct http_request *request)
{
    return strncmp(model_path(arena, request->url, BASE), customers, strlen(customers)) ==
                   0
               ? CUSTOMER
               : HOME;
}

static const char *kind_of(const struct model *model)
{
    return strcmp(model->table, "user_resource_group") == 0
               ? "/resourceGroups"
               : "/providers/Microsoft.Authorization/roleAssignments";
}

/* What stands behind the list's own path; NULL: the path is not below it. */
static const char *below_list(const struct model *model, const char *path)
{
    const char *kind = kind_of(model);
    const char *at = strchr(path + (*path != '\0' ? strlen("/subscriptions/") : 0), '/');
    return at != NULL && strncasecmp(at, kind, strlen(kind)) == 0 ? at + strlen(kind)
                                                                  : NULL;
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    const char *path = model_path(arena, url, BASE), *at = below_list(model, path);
    return at != NULL && *at == '/' && strchr(at + 1, '/') == NULL ? path : NULL;
}

/* The hub's application, which everybody may read. */
static bool is_about_itself(const struct http_request *request)
{
    return strstr(request->url, BASE "/metadata/identity?api-version=2015-01-01") != NULL;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    if (is_about_itself(request))
        return NULL;
    const char *path = model_path(arena, request->url, BASE);
    const char *version = strstr(path, "/Microsoft.Authorization/") != NULL ? "2015-07-01"
                          : strcasestr(path, "/resourceGroups") == NULL     ? "2015-11-01"
                          : strstr(request->url, "=2016-06-01") != NULL     ? "2016-06-01"
                                                                        : "2018-05-01";
    if (strstr(request->url, arena_print(arena, "?api-version=%s", version)) == NULL)
        return arena_print(arena, "%s has not the api-version %s", request->url, version);
    if (strcmp(request->method, "PATCH") == 0 || strcmp(request->method, "POST") == 0)
        return arena_print(arena, "%s is nothing that it knows", request->method);
    return NULL;
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *id = object_of(model, arena, request->url);
    (void)shown;
    if (id != NULL && strcmp(request->method, "DELETE") == 0)
        model_drop(model, id);
    if (id == NULL || strcmp(request->method, "PUT") != 0)
        return;
    json_t *old = model_find(model, id);
    model->overwritten += old != NULL && !model_is_of_run(old);
    model_hold(
        model, id,
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL),
        old == NULL);
}

/* A role assignment has its scope. */
static json_t *describe(const struct model *model, json_t *object)
{
    json_t *body = json_deep_copy(model_body(object));
    const char *id = json_string_value(json_object_get(object, "id"));
    json_t *properties = json_object_get(body, "properties");
    json_object_set_new(body, "id", json_string(id));
    if (strcmp(model->table, "user_role_assignment") == 0 && properties != NULL)
        json_object_set_new(properties, "scope",
                            json_stringn(id, strstr(id, "/providers/") - id));
    return body;
}

/* The role, or the list of them. */
static json_t *describe_role(struct arena *arena, const char *path)
{
    const char *end = strstr(path, definitions) + strlen(definitions);
    const char *id = *end == '/' ? path : arena_print(arena, "%s/%s", path, OWNER);
    json_t *role = json_pack("{s:s, s:s, s:{s:s}}", "id", id, "name", OWNER, "properties",
                             "roleName", "Owner");
    return *end == '/' ? role : json_pack("{s:[o]}", "value", role);
}

static const char *missing(const struct model *model)
{
    return strcmp(model->table, "user_resource_group") == 0
               ? "{\"error\":{\"code\":\"ResourceGroupNotFound\",\"message\":\"None.\"}}"
               : "{\"error\":{\"code\":\"RoleAssignmentNotFound\",\"message\":\"None.\"}}";
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, BASE);
    const char *id = object_of(model, arena, request->url);
    const char *end = below_list(model, path);
    json_t *object = id != NULL ? model_find(model, id) : NULL;
    *body = "";
    if (id == NULL) {
        *body = model_show(arena, strstr(path, definitions) != NULL
                                      ? describe_role(arena, path)
                                  : end == NULL || *end != '\0'
                                      ? json_pack("{s:s, s:[]}", "id", path, "value")
                                      : model_list(model, describe));
        return 200;
    }
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    *body = object == NULL ? missing(model) : model_show(arena, describe(model, object));
    return object == NULL ? 404 : 200;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    return status == 404 || strstr(body, "\"Deleting\"") != NULL;
}

const struct model_service model_hub_user = {
    .name = "hub_user",
    .base = BASE,
    .scope = "https://management.example.onmicrosoft.com/0/.default",
    .tenant = HOME,
    .tenant_of = tenant_of,
    .find_fault = find_fault,
    .is_without_token = is_about_itself,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = model_shown_by_url,
    .is_about = model_is_named_by_url,
    .says_absent = says_absent,
    .error = model_arm_error,
};
