/* A small model of Partner Center for orders: a cart, a checkout, and the Azure plans of one customer.
 * A second one that is ordered is one too many.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

#define CUSTOMER "/v1/customers/11112222-3333-4444-8555-666677778888"
#define LIST CUSTOMER "/subscriptions"
#define ITEM "DZH318Z0BPS6:0001:DZH318Z0BML6"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_checkout(const struct http_request *request)
{
    return ends_with(request->url, "/checkout");
}

static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    (void)model;
    const char *path = model_path(arena, url, model_partner.base);
    return strncmp(path, LIST "/", sizeof LIST) == 0 &&
                   strchr(path + sizeof LIST, '/') == NULL
               ? path
               : NULL;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    bool has_etag = false;
    for (size_t i = 0; i < request->header_count; i++)
        has_etag = has_etag || strcmp(request->headers[i].name, "If-Match") == 0;
    if (strcmp(request->method, "PATCH") == 0 && !has_etag)
        return "the update has no If-Match";
    return model_partner.find_fault(arena, request);
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* That is nothing to the run any more. */
static bool is_suspended(const json_t *plan)
{
    const char *status = text_of(plan, "status");
    return status != NULL && strcmp(status, "suspended") == 0;
}

static void order(struct model *model, struct arena *arena, const json_t *shown)
{
    const char *id = text_of(shown, "id");
    if (id == NULL)
        id = arena_print(arena, "00000000-0000-4000-8000-00000000%04zu",
                         json_object_size(model->objects));
    json_t *new = json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}", "id", id, "offerId",
                            ITEM, "friendlyName", "Contoso", "status", "active",
                            "orderId", "order", "attributes", "etag", "7");
    json_object_update(new, (json_t *)(uintptr_t)shown);
    model_hold(model, arena_print(arena, LIST "/%s", id), new, true);
    model->twice += model->made++ > 0;
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *id = object_of(model, arena, request->url);
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    if (is_checkout(request))
        order(model, arena, shown);
    else if (strcmp(request->method, "PATCH") == 0 && id != NULL && is_suspended(body))
        model_drop(model, id);
    else if (strcmp(request->method, "PATCH") == 0 && id != NULL &&
             model_find(model, id) != NULL)
        model_hold(model, id, json_incref(body), false);
    json_decref(body);
}

static json_t *show_all(struct model *model)
{
    json_t *list = json_array(), *object;
    const char *key;
    json_object_foreach(model->objects, key, object)
        json_array_append(list, model_body(object));
    return list;
}

/* Each plan came from an order of its own. */
static json_t *show_orders(struct model *model)
{
    json_t *list = json_array(), *object;
    const char *key;
    json_object_foreach(model->objects, key, object) json_array_append_new(
        list,
        json_pack("{s:O, s:s, s:[{s:O, s:O}]}", "id",
                  json_object_get(model_body(object), "orderId"), "status", "completed",
                  "lineItems", "offerId", json_object_get(model_body(object), "offerId"),
                  "subscriptionId", json_object_get(model_body(object), "id")));
    return list;
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *path = model_path(arena, request->url, model_partner.base);
    const char *id = object_of(model, arena, request->url);
    json_t *object = id != NULL ? model_find(model, id) : NULL, *all = show_all(model);
    json_t *last = json_array_get(all, json_array_size(all) - 1);
    int status = 200;
    if (is_checkout(request)) {
        status = 201;
        *body = model_show(arena, json_pack("{s:[{s:s, s:[{s:s, s:O}]}], s:[]}", "orders",
                                            "id", "order", "lineItems", "offerId", ITEM,
                                            "subscriptionId", json_object_get(last, "id"),
                                            "orderErrors"));
    } else if (ends_with(path, "/carts")) {
        status = 201;
        *body = "{\"id\":\"cart-1\",\"lineItems\":[{\"id\":0,\"error\":null}]}";
    } else if (ends_with(path, "/availabilities")) {
        *body = "{\"totalCount\":1,\"items\":[{\"id\":\"DZH318Z0BML6\",\"catalogItemId\":"
                "\"" ITEM "\",\"sku\":{\"supportedBillingCycles\":[\"one_time\"]}}]}";
    } else if (ends_with(path, "/azureEntitlements")) {
        *body = "{\"totalCount\":0,\"items\":[]}";
    } else if (strcmp(path, CUSTOMER) == 0) {
        *body =
            "{\"id\":\"c\",\"billingProfile\":{\"defaultAddress\":{\"country\":\"DE\"}}}";
    } else if (strcmp(path, LIST) == 0) {
        *body = model_show(arena, json_pack("{s:O, s:i}", "items", all, "totalCount",
                                            (int)json_array_size(all)));
    } else if (ends_with(path, "/orders")) {
        *body = model_show(arena, json_pack("{s:o}", "items", show_orders(model)));
    } else if (object != NULL) {
        json_t *one = json_deep_copy(model_body(object));
        json_object_set_new(one, "attributes", json_pack("{s:s}", "etag", "7"));
        *body = model_show(arena, one);
    } else if (strcmp(request->method, "PATCH") == 0 && did_hold) {
        *body = "{\"status\":\"suspended\"}";
    } else {
        status = 404;
        *body = "{\"code\":\"20003\",\"description\":\"No such subscription.\"}";
    }
    json_decref(all);
    return status;
}

static const json_t *shown(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answered, size_t at,
                           const char **id)
{
    const json_t *items = json_object_get(answered, "items"), *one = answered;
    if (strcmp(model_path(arena, url, model_partner.base), LIST) == 0)
        one = json_array_get(items, at);
    else if (at > 0 || object_of(model, arena, url) == NULL || is_suspended(one))
        return NULL;
    while (one != answered && one != NULL &&
           strncmp(text_of(one, "offerId"), ITEM, strlen("DZH318Z0BPS6:")) != 0)
        one = json_array_get(items, ++at);
    if (text_of(one, "id") == NULL || text_of(one, "offerId") == NULL)
        return NULL;
    *id = arena_print(arena, LIST "/%s", text_of(one, "id"));
    return one;
}

static bool is_about(const struct model *model, struct arena *arena,
                     const struct http_request *request, const char *id,
                     const json_t *shown_one)
{
    return model_is_named_by_url(model, arena, request, id, shown_one) ||
           (is_checkout(request) && strcmp(text_of(shown_one, "offerId"), ITEM) == 0 &&
            !is_suspended(shown_one));
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    return (status == 404 && strstr(body, "20003") != NULL) ||
           (status == 200 && strstr(body, "\"suspended\"") != NULL);
}

static bool says_no(const json_t *body)
{
    return json_object_get(body, "code") != NULL ||
           json_array_size(json_object_get(body, "orderErrors")) > 0;
}

static const char *name_of(struct arena *arena, const json_t *object)
{
    (void)arena, (void)object;
    return "sku_id = \"0001\"";
}

static const char *error(int status)
{
    return model_partner.error(status);
}

const struct model_service model_partner_plan = {
    .name = "partner",
    .table = "partner_azure_plan",
    .base = "https://api.partnercenter.microsoft.com",
    .scope = "https://api.partnercenter.microsoft.com/.default",
    .tenant = "99999999-8888-7777-6666-555555555555",
    .find_fault = find_fault,
    .is_without_body = is_checkout,
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
