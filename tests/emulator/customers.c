/* customerSubscriptions: GET, LIST and DELETE, and how a mapping is shown. PUT is in create.c.
 * SPDX-License-Identifier: MPL-2.0 */
#include "customers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "create.h"
#include "store.h"
#include "switches.h"
#include "text.h"

void answer_code(struct exchange *x, const char *code, int status, const char *format,
                 ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    answer_error(x, (int)switch_member("error_status", code, status), code, "%s",
                 message);
    free(message);
}

/* The GUID as get_case wants it shown; to be freed. */
static char *spell(const char *guid)
{
    if (switch_is("get_case", "lower"))
        return text_lower(guid);
    return switch_is("get_case", "upper") ? text_upper(guid) : text_copy(guid);
}

json_t *mapping_show(const json_t *registration, const json_t *mapping)
{
    char *customer = spell(json_string_value(json_object_get(mapping, "customer")));
    char *tenant = spell(json_string_value(json_object_get(mapping, "tenant")));
    char *parent = registration_id(registration);
    json_t *body = json_object(), *properties = json_object();
    if (!switch_is("answer_fields", "sparse")) {
        char *id = text_format("%s/customerSubscriptions/%s", parent, customer);
        char *name =
            text_format("%s/%s", registration_text(registration, "name"), customer);
        if (!switch_is("answer_fields", "no_id"))
            json_object_set_new(body, "id",
                                json_string(switch_is("id_form", "slash") ? id : id + 1));
        json_object_set_new(
            body, "name",
            json_string(switch_is("name_form", "parent_child") ? name : customer));
        json_object_set_new(
            body, "type",
            json_string(switch_is("type_form", "slash")
                            ? "Microsoft.AzureStack/registrations/"
                              "customerSubscriptions"
                            : "Microsoft.AzureStack\\customerSubscriptions"));
        free(id);
        free(name);
    }
    if (switch_on("etag")) {
        char *etag =
            text_format("\"%s\"", json_string_value(json_object_get(mapping, "etag")));
        json_object_set_new(body, "etag", json_string(etag));
        free(etag);
    }
    if (switch_on("get_returns_tenant"))
        json_object_set_new(properties, "tenantId", json_string(tenant));
    json_object_set_new(body, "properties", properties);
    free(parent);
    free(customer);
    free(tenant);
    return body;
}

static void answer_not_found(struct exchange *x, int status, const json_t *registration,
                             const char *customer)
{
    answer_code(x, "CustomerSubscriptionNotFound", status,
                "The customer subscription '%s' was not found for registration '%s'.",
                customer, registration_text(registration, "name"));
}

void customers_get(struct exchange *x, const json_t *registration, const char *customer)
{
    json_t *mapping = mapping_find(registration, customer);
    if (mapping != NULL && mapping_is_shown(mapping, true)) {
        answer_json(x, 200, mapping_show(registration, mapping));
    } else if (switch_is("missing_get", "404_code")) {
        answer_not_found(x, 404, registration, customer);
    } else if (switch_is("missing_get", "400_code")) {
        answer_not_found(x, 400, registration, customer);
    } else if (switch_is("missing_get", "404_empty")) {
        answer_json(x, 404, NULL);
    } else {
        answer_error(
            x, 404, "ResourceNotFound",
            "The Resource 'Microsoft.AzureStack/registrations/%s/customerSubscriptions/"
            "%s' under resource group '%s' was not found.",
            registration_text(registration, "name"), customer,
            registration_text(registration, "resource_group"));
    }
}

/* What LIST shows, in order. */
static json_t *list_items(const json_t *registration)
{
    json_t *items = json_array(), *mappings = mappings_of(registration), *mapping;
    size_t i, shown = 0;
    json_array_foreach(mappings, i, mapping)
    {
        if (!mapping_is_shown(mapping, false) || switch_is("list_shows", "nothing"))
            continue;
        if (switch_is("list_shows", "half") && shown++ % 2 == 1)
            continue;
        json_array_append_new(items, mapping_show(registration, mapping));
    }
    json_decref(mappings);
    return items;
}

/* A page begins where its token says: "p" and the number of items before it, in hex so that
 * nobody takes it for something to count with. */
static bool read_skip_token(struct exchange *x, size_t count, size_t *first)
{
    const char *token = exchange_query(x, "$skiptoken");
    *first = 0;
    if (token == NULL)
        return true;
    char *end = NULL;
    unsigned long number = token[0] == 'p' ? strtoul(token + 1, &end, 16) : 0;
    if (end == NULL || end == token + 1 || *end || number > count) {
        answer_reject(x, 400, "InvalidSkipToken", "The skip token '%s' is not valid.",
                      token);
        return false;
    }
    *first = number;
    return true;
}

void customers_list(struct exchange *x, const json_t *registration)
{
    json_t *items = list_items(registration);
    size_t count = json_array_size(items), page = (size_t)switch_number("page_size"),
           first;
    if (read_skip_token(x, count, &first)) {
        size_t end = page > 0 && first + page < count ? first + page : count;
        json_t *value = json_array();
        for (size_t i = first; i < end; i++)
            json_array_append(value, json_array_get(items, i));
        json_t *body = json_pack("{s:o}", "value", value);
        if (end < count) {
            char *origin = exchange_origin(x);
            char *link = text_format("%s%s?api-version=%s&%%24skipToken=p%zx", origin,
                                     x->path, exchange_query(x, "api-version"), end);
            json_object_set_new(body, "nextLink", json_string(link));
            free(link);
            free(origin);
        }
        if (count == 0 && switch_is("list_shows", "empty_body_when_none")) {
            json_decref(body);
            body = NULL;
        }
        answer_json(x, 200, body);
    }
    json_decref(items);
}

static void answer_deleted(struct exchange *x)
{
    answer_json(x,
                switch_is("delete_existing", "200")   ? 200
                : switch_is("delete_existing", "204") ? 204
                                                      : 202,
                NULL);
}

static void answer_nothing_deleted(struct exchange *x, const json_t *registration,
                                   const char *customer)
{
    if (switch_is("delete_missing", "404_code"))
        answer_not_found(x, 404, registration, customer);
    else if (switch_is("delete_missing", "400_code"))
        answer_not_found(x, 400, registration, customer);
    else
        answer_json(x, switch_is("delete_missing", "200") ? 200 : 204, NULL);
}

void customers_delete(struct exchange *x, const json_t *registration,
                      const char *customer)
{
    const char *lock = registration_text(registration, "lock");
    if (strcmp(lock, "none") != 0 && switch_on("lock_inherited")) {
        answer_scope_locked(x, registration, customer, "delete");
        return;
    }
    json_t *mapping = mapping_find(registration, customer);
    if (mapping != NULL && mapping_is_alive(mapping)) {
        if (!create_check_etag(x, mapping))
            return;
        mapping_delete(mapping);
        answer_deleted(x);
        return;
    }
    bool was_displaced;
    json_t *displacer = mapping_displacer(registration, customer, &was_displaced);
    if (was_displaced && switch_is("displaced_delete", "removes_mapping") && displacer) {
        mapping_delete(displacer);
        answer_deleted(x);
    } else if (was_displaced && switch_is("displaced_delete", "404")) {
        answer_not_found(x, 404, registration, customer);
    } else {
        answer_nothing_deleted(x, registration, customer);
    }
}
