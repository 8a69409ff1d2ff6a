/* A small model of Azure Resource Manager for purchases: aliases, and the subscriptions that they
 * have made. A second one that is bought is one too many.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

static const char aliases[] = "/providers/Microsoft.Subscription/aliases";
static const char bought[] = "0b0b0b0b-0000-4000-8000-00000000000b";
/* The customer's, whose tokens the subscription itself takes. */
static const char customer[] = "7f2d1c6e-90ab-4cde-8f01-23456789abcd";

static bool is_about_subscription(const char *path)
{
    return strncmp(path, "/subscriptions/", 15) == 0;
}

static const char *tenant_of(struct arena *arena, const struct http_request *request)
{
    return is_about_subscription(model_path(arena, request->url, model_alias.base))
               ? customer
               : model_azure.tenant;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    const char *path = model_path(arena, request->url, model_alias.base),
               *method = request->method;
    bool is_look = is_about_subscription(path) && strchr(path + 15, '/') == NULL;
    const char *version = strstr(path, "/Microsoft.Billing/") != NULL ? "2020-05-01"
                          : is_look                                   ? "2022-12-01"
                                                                      : "2021-10-01";
    if (strstr(request->url, arena_print(arena, "?api-version=%s", version)) == NULL)
        return arena_print(arena, "%s has not the api-version %s", request->url, version);
    bool is_action = is_about_subscription(path) && !is_look;
    if (is_action != (strcmp(method, "POST") == 0) || strcmp(method, "PATCH") == 0)
        return arena_print(arena, "%s %s is nothing that it knows", method, path);
    return NULL;
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    (void)model;
    const char *path = model_path(arena, url, model_alias.base);
    size_t length = strlen(aliases);
    return strncasecmp(path, aliases, length) == 0 && path[length] == '/' ? path : NULL;
}

static json_t *properties_of(json_t *object)
{
    return json_object_get(model_body(object), "properties");
}

/* The object whose subscription the path names; NULL: none. */
static json_t *find_by_subscription(const struct model *model, const char *path)
{
    const char *key;
    json_t *object;
    json_object_foreach(model->objects, key, object)
    {
        const char *id =
            json_string_value(json_object_get(properties_of(object), "subscriptionId"));
        if (id != NULL && strncasecmp(path + 15, id, strlen(id)) == 0)
            return object;
    }
    return NULL;
}

static void create(struct model *model, const char *id, const json_t *body,
                   const json_t *shown)
{
    json_t *new = json_deep_copy(body), *properties = json_object_get(new, "properties");
    json_object_set_new(properties, "subscriptionId", json_string(bought));
    json_object_set_new(properties, "provisioningState", json_string("Succeeded"));
    json_object_update(properties, json_object_get(shown, "properties"));
    model_hold(model, id, new, true);
    if (model->made++ > 0)
        model->twice++;
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *id = object_of(model, arena, request->url);
    const char *path = model_path(arena, request->url, model_alias.base),
               *last = strrchr(path, '/');
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    if (strcmp(request->method, "POST") == 0) {
        json_t *object = find_by_subscription(model, path);
        if (object != NULL && strcmp(last, "/cancel") == 0)
            json_object_set_new(object, "state", json_string("Disabled"));
        if (object != NULL && strcmp(last, "/rename") == 0)
            json_object_set(properties_of(object), "displayName",
                            json_object_get(body, "subscriptionName"));
    } else if (id != NULL && strcmp(request->method, "DELETE") == 0) {
        model_drop(model, id);
    } else if (id != NULL && strcmp(request->method, "PUT") == 0 &&
               model_find(model, id) == NULL) {
        create(model, id, body, shown);
    }
    json_decref(body);
}

static json_t *describe(json_t *object)
{
    json_t *shown = json_deep_copy(model_body(object));
    json_object_set(shown, "id", json_object_get(object, "id"));
    return shown;
}

static int answer_list(struct model *model, struct arena *arena, bool is_billing,
                       const char **body)
{
    const char *key;
    json_t *object, *list = json_array();
    json_object_foreach(model->objects, key, object)
    {
        json_t *properties = properties_of(object);
        json_array_append_new(
            list, is_billing ? json_pack("{s:s, s:{s:O*, s:O*, s:s}}", "id",
                                         "/providers/Microsoft.Billing/billingAccounts/a/"
                                         "billingSubscriptions/s",
                                         "properties", "subscriptionId",
                                         json_object_get(properties, "subscriptionId"),
                                         "displayName",
                                         json_object_get(properties, "displayName"),
                                         "subscriptionBillingStatus", "Active")
                             : describe(object));
    }
    *body = model_show(arena, json_pack("{s:o}", "value", list));
    return 200;
}

/* The subscription as its own tenant sees it. */
static json_t *describe_subscription(json_t *object, const char *path)
{
    json_t *state = json_object_get(object, "state");
    return json_pack("{s:s, s:s, s:O*, s:o}", "id", path, "subscriptionId", path + 15,
                     "displayName", json_object_get(properties_of(object), "displayName"),
                     "state",
                     state != NULL ? json_incref(state) : json_string("Enabled"));
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, model_alias.base);
    const char *id = object_of(model, arena, request->url);
    *body = "";
    if (strcmp(request->method, "POST") == 0) {
        *body = "{\"subscriptionId\":\"0b0b0b0b-0000-4000-8000-00000000000b\"}";
        return 200;
    }
    if (id == NULL && !is_about_subscription(path))
        return answer_list(model, arena, strcasecmp(path, aliases) != 0, body);
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    json_t *object =
        id != NULL ? model_find(model, id) : find_by_subscription(model, path);
    if (object == NULL) {
        *body = "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"No.\"}}";
        return 404;
    }
    *body = model_show(arena, id != NULL ? describe(object)
                                         : describe_subscription(object, path));
    return strcmp(request->method, "PUT") == 0 && !did_hold ? 201 : 200;
}

static const json_t *shown(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answer, size_t at,
                           const char **id)
{
    *id = object_of(model, arena, url);
    return *id != NULL && at == 0 && json_object_get(answer, "properties") != NULL
               ? answer
               : NULL;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model, (void)body;
    return status == 404;
}

const struct model_service model_alias = {
    .name = "azure",
    .table = "partner_azure_subscription",
    .base = "https://management.azure.com",
    .scope = "https://management.azure.com/.default",
    .tenant = "99999999-8888-7777-6666-555555555555",
    .tenant_of = tenant_of,
    .find_fault = find_fault,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = shown,
    .is_about = model_is_named_by_url,
    .says_absent = says_absent,
    .error = model_arm_error,
};
