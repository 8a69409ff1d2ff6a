/* A service in little.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char kind[] = "/customerSubscriptions";

void model_init(struct model *model, bool is_case_sensitive)
{
    *model = (struct model){ .is_case_sensitive = is_case_sensitive,
                             .objects = json_object() };
}

void model_clear(struct model *model)
{
    json_decref(model->objects);
}

static char *key_of(const struct model *model, const char *id)
{
    char *key = strdup(id);
    for (char *at = key; *at != '\0' && !model->is_case_sensitive; at++)
        *at = (char)tolower((unsigned char)*at);
    return key;
}

json_t *model_find(const struct model *model, const char *id)
{
    auto_char key = key_of(model, id);
    return json_object_get(model->objects, key);
}

void model_hold(struct model *model, const char *id, const char *tenant, bool is_new)
{
    auto_char key = key_of(model, id);
    json_object_set_new(
        model->objects, key,
        json_pack("{s:s, s:s?, s:b}", "id", id, "tenantId", tenant, "is_new", is_new));
}

void model_drop(struct model *model, const char *id)
{
    auto_char key = key_of(model, id);
    json_object_del(model->objects, key);
}

static const char *path_of(struct arena *arena, const char *url)
{
    const char *path = strstr(url, "/subscriptions/");
    return path == NULL ? "" : arena_copy_bytes_as_text(arena, path, strcspn(path, "?"));
}

const char *model_mapping_of(struct arena *arena, const char *url)
{
    const char *path = path_of(arena, url);
    const char *at = strcasestr(path, kind);
    return at != NULL && at[strlen(kind)] == '/' ? path : NULL;
}

static const char *tenant_of(const struct http_request *request, char tenant[64])
{
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    const char *text = json_string_value(
        json_object_get(json_object_get(body, "properties"), "tenantId"));
    /* Azure finds out a tenant that is left out. */
    strncpy(tenant, text != NULL ? text : "00000000-0000-0000-0000-00000000aaaa", 63);
    tenant[63] = '\0';
    json_decref(body);
    return tenant;
}

void model_act(struct model *model, struct arena *arena,
               const struct http_request *request)
{
    const char *id = model_mapping_of(arena, request->url);
    if (id == NULL)
        return;
    if (strcmp(request->method, "DELETE") == 0)
        model_drop(model, id);
    if (strcmp(request->method, "PUT") != 0)
        return;
    char tenant[64];
    json_t *old = model_find(model, id);
    if (old != NULL && !json_is_true(json_object_get(old, "is_new")))
        model->overwritten++;
    model_hold(model, id, tenant_of(request, tenant), true);
}

static const char *show(struct arena *arena, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    const char *copy = arena_copy_text(arena, text);
    free(text);
    json_decref(json);
    return copy;
}

static json_t *describe(const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "id"));
    return json_pack("{s:s, s:s, s:s, s:{s:o*}}", "id", id, "name", strrchr(id, '/') + 1,
                     "type", "Microsoft.AzureStack/registrations/customerSubscriptions",
                     "properties", "tenantId",
                     json_incref(json_object_get(object, "tenantId")));
}

int model_answer(struct model *model, struct arena *arena,
                 const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = path_of(arena, request->url);
    const char *id = model_mapping_of(arena, request->url);
    *body = "";
    if (id == NULL && strcasestr(path, kind) != NULL) {
        json_t *list = json_array();
        const char *key;
        json_t *object;
        json_object_foreach(model->objects, key, object)
            json_array_append_new(list, describe(object));
        *body = show(arena, json_pack("{s:o}", "value", list));
        return 200;
    }
    if (id == NULL) {
        *body = show(arena, json_pack("{s:s, s:{}}", "id", path, "properties"));
        return 200;
    }
    if (strcmp(request->method, "DELETE") == 0)
        return did_hold ? 200 : 204;
    const json_t *object = model_find(model, id);
    if (object == NULL) {
        *body = "{\"error\":{\"code\":\"CustomerSubscriptionNotFound\","
                "\"message\":\"The customer subscription is not there.\"}}";
        return 404;
    }
    *body = show(arena, describe(object));
    return 200;
}
