/* A small model of Azure Resource Manager: which mappings there are.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

static const char kind[] = "/customerSubscriptions";

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    (void)model;
    const char *path = model_path(arena, url, model_azure.base);
    const char *at = strcasestr(path, kind);
    return at != NULL && at[strlen(kind)] == '/' ? path : NULL;
}

/* "…/subscriptions/ID?api-version=…", and nothing in it: who belongs to which tenant is asked
 * without a token. */
static bool is_about_subscription(const struct http_request *request)
{
    static const char part[] = "/subscriptions/";
    const char *at = strstr(request->url, part);
    return at != NULL && at[strlen(part) + strcspn(at + strlen(part), "/?")] == '?';
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    if (is_about_subscription(request))
        return NULL;
    bool is_lock = strstr(request->url, "/Microsoft.Authorization/locks?") != NULL;
    if (strstr(request->url, is_lock ? "=2016-09-01" : "api-version=2017-06-01") == NULL)
        return arena_print(arena, "%s has no api-version", request->url);
    if (strcmp(request->method, "PATCH") == 0 || strcmp(request->method, "POST") == 0)
        return arena_print(arena, "%s is nothing that it knows", request->method);
    return NULL;
}

static json_t *tenant_in(const json_t *body)
{
    json_t *tenant = json_object_get(json_object_get(body, "properties"), "tenantId");
    return json_string_length(tenant) > 0 ? tenant : NULL;
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *id = object_of(model, arena, request->url);
    if (id == NULL)
        return;
    if (strcmp(request->method, "DELETE") == 0)
        model_drop(model, id);
    if (strcmp(request->method, "PUT") != 0)
        return;
    json_t *old = model_find(model, id);
    if (old != NULL && !json_is_true(json_object_get(old, "is_new")))
        model->overwritten++;
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    /* Azure finds out a tenant that is left out; the script's may find another one. */
    json_t *tenant = tenant_in(shown) != NULL ? tenant_in(shown) : tenant_in(body);
    tenant = tenant != NULL ? json_incref(tenant)
                            : json_string("00000000-0000-0000-0000-00000000aaaa");
    json_decref(body);
    model_hold(model, id, json_pack("{s:{s:o}}", "properties", "tenantId", tenant), true);
}

static json_t *describe(const struct model *model, json_t *object)
{
    (void)model;
    const char *id = json_string_value(json_object_get(object, "id"));
    json_t *tenant = tenant_in(model_body(object));
    return json_pack("{s:s, s:s, s:s, s:{s:O*}}", "id", id, "name", strrchr(id, '/') + 1,
                     "type", "Microsoft.AzureStack/registrations/customerSubscriptions",
                     "properties", "tenantId", tenant);
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, model_azure.base);
    const char *id = object_of(model, arena, request->url);
    *body = "";
    if (id == NULL) {
        *body =
            model_show(arena, strcasestr(path, kind) != NULL
                                  ? model_list(model, describe)
                                  : json_pack("{s:s, s:{}}", "id", path, "properties"));
        return 200;
    }
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    json_t *object = model_find(model, id);
    if (object == NULL) {
        *body = "{\"error\":{\"code\":\"CustomerSubscriptionNotFound\","
                "\"message\":\"The customer subscription is not there.\"}}";
        return 404;
    }
    *body = model_show(arena, describe(model, object));
    return 200;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    return status >= 400 &&
           (status == 404 || strstr(body, "CustomerSubscriptionNotFound") != NULL ||
            strstr(body, "\"ResourceNotFound\"") != NULL);
}

const struct model_service model_azure = {
    .name = "azure",
    .base = "https://management.azure.com",
    .scope = "https://management.azure.com/.default",
    .tenant = "99999999-8888-7777-6666-555555555555",
    .find_fault = find_fault,
    .is_without_token = is_about_subscription,
    .object_of = object_of,
    .act = act,
    .answer = answer,
    .shown = model_shown_by_url,
    .is_about = model_is_named_by_url,
    .says_absent = says_absent,
    .error = model_arm_error,
};
