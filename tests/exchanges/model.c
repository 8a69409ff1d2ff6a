/* What exists, for every model of a service.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct model_service *model_find_service(const char *name, const char *table)
{
    /* Those of one table come first. */
    static const struct model_service *const services[] = {
        &model_alias,  &model_registration, &model_partner_plan, &model_partner_agreement,
        &model_azure,  &model_hub,          &model_hub_user,     &model_toy,
        &model_partner
    };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (strcmp(services[i]->name, name) == 0 &&
            (services[i]->table == NULL || strcmp(services[i]->table, table) == 0))
            return services[i];
    }
    return NULL;
}

bool model_is_read(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

void model_init(struct model *model, const struct model_service *service,
                const char *table, bool is_case_sensitive)
{
    *model = (struct model){ .service = service,
                             .table = table,
                             .is_case_sensitive = is_case_sensitive,
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

json_t *model_body(json_t *object)
{
    return json_object_get(object, "body");
}

bool model_is_of_run(const json_t *object)
{
    return json_is_true(json_object_get(object, "is_new")) ||
           json_is_true(json_object_get(object, "is_managed"));
}

void model_hold(struct model *model, const char *id, json_t *body, bool is_new)
{
    auto_char key = key_of(model, id);
    json_t *object = json_object_get(model->objects, key);
    if (object == NULL) {
        object = json_object();
        json_object_set_new(model->objects, key, object);
    }
    json_object_set_new(object, "id", json_string(id));
    json_object_set_new(object, "body", body);
    if (is_new)
        json_object_set_new(object, "is_new", json_true());
}

void model_drop(struct model *model, const char *id)
{
    auto_char key = key_of(model, id);
    json_object_del(model->objects, key);
}

void model_merge(json_t *into, const json_t *change)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)change, name, value)
    {
        json_t *old = json_object_get(into, name);
        if (json_is_null(value)) {
            json_object_del(into, name);
        } else if (json_is_object(value)) {
            if (!json_is_object(old)) {
                old = json_object();
                json_object_set_new(into, name, old);
            }
            model_merge(old, value);
        } else {
            json_object_set(into, name, value);
        }
    }
}

const char *model_path(struct arena *arena, const char *url, const char *base)
{
    size_t length = strlen(base);
    if (strncmp(url, base, length) != 0 || url[length] != '/')
        return "";
    return arena_copy_bytes_as_text(arena, url + length, strcspn(url + length, "?"));
}

json_t *model_list(const struct model *model,
                   json_t *(*describe)(const struct model *model, json_t *object))
{
    json_t *list = json_array(), *object;
    const char *key;
    json_object_foreach(model->objects, key, object)
        json_array_append_new(list, describe(model, object));
    return json_pack("{s:o}", "value", list);
}

const char *model_show(struct arena *arena, json_t *json)
{
    auto_char text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return arena_copy_text(arena, text);
}

const json_t *model_shown_by_url(const struct model *model, struct arena *arena,
                                 const char *url, const json_t *answer, size_t at,
                                 const char **id)
{
    *id = model->service->object_of(model, arena, url);
    return *id != NULL && at == 0 && json_is_object(answer) ? answer : NULL;
}

bool model_is_named_by_url(const struct model *model, struct arena *arena,
                           const struct http_request *request, const char *id,
                           const json_t *shown)
{
    (void)shown;
    const char *own = model->service->object_of(model, arena, request->url);
    return own != NULL && strcmp(own, id) == 0;
}

const char *model_arm_error(int status)
{
    switch (status) {
    case 401:
        return "{\"error\":{\"code\":\"ExpiredAuthenticationToken\","
               "\"message\":\"The token is too old.\"}}";
    case 403:
        return "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}}";
    case 429:
        return "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Slow down.\"}}";
    default:
        return "{\"error\":{\"code\":\"InternalServerError\","
               "\"message\":\"Something went wrong.\"}}";
    }
}
