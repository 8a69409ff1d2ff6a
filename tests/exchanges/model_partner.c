/* Small models of Partner Center. Customers, by domain and by tenant; whose billing profile has an
 * address and an etag of its own; it does not mind two customers of one domain. And the one agreement
 * of a customer, which only a list shows, and which a person confirms.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/model.h"

#define BASE "https://api.partnercenter.microsoft.com"
#define CUSTOMERS "/v1/customers"
#define BILLING "/profiles/billing"

/* A customer, or the customer whose billing profile it is. */
static const char *object_of(const struct model *model, struct arena *arena,
                             const char *url)
{
    (void)model;
    const char *path = model_path(arena, url, BASE);
    if (strncmp(path, CUSTOMERS "/", sizeof CUSTOMERS) != 0)
        return NULL;
    size_t length = sizeof CUSTOMERS + strcspn(path + sizeof CUSTOMERS, "/");
    bool is_known = path[length] == '\0' || strcmp(path + length, BILLING) == 0;
    return is_known ? arena_copy_bytes_as_text(arena, path, length) : NULL;
}

static bool is_billing(struct arena *arena, const char *url)
{
    const char *path = model_path(arena, url, BASE);
    size_t length = strlen(path), end = sizeof BILLING - 1;
    return length > end && strcmp(path + length - end, BILLING) == 0;
}

static const char *find_fault(struct arena *arena, const struct http_request *request)
{
    bool has_id = false, has_etag = false;
    for (size_t i = 0; i < request->header_count; i++) {
        const char *name = request->headers[i].name;
        if (strncasecmp(name, "x-ms-", 5) == 0)
            return arena_print(arena, "%s is a header of another service", name);
        has_id = has_id || strcmp(name, "MS-RequestId") == 0;
        has_etag = has_etag || strcmp(name, "If-Match") == 0;
    }
    if (strcmp(request->method, "PUT") == 0 && !has_etag)
        return "the update has no If-Match";
    return has_id ? NULL : "the request has no MS-RequestId";
}

static const json_t *domain_of(const json_t *customer)
{
    return json_object_get(json_object_get(customer, "companyProfile"), "domain");
}

static bool has_same_domain(const json_t *a, const json_t *b)
{
    return domain_of(a) != NULL && json_equal(domain_of(a), domain_of(b));
}

static json_t *read_body(const struct http_request *request)
{
    return json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
}

static void create(struct model *model, struct arena *arena, const json_t *body,
                   const json_t *shown)
{
    const char *tenant = json_string_value(json_object_get(shown, "id"));
    if (tenant == NULL)
        tenant = arena_print(arena, "00000000-0000-4000-8000-00000000%04zu",
                             json_object_size(model->objects));
    const char *key;
    json_t *object, *new = json_deep_copy(body);
    json_object_foreach(model->objects, key, object) model->twice +=
        has_same_domain(model_body(object), body);
    json_object_set_new(new, "id", json_string(tenant));
    json_object_set_new(new, "commerceId", json_string("c"));
    json_object_set_new(new, "relationshipToPartner", json_string("reseller"));
    model_hold(model, arena_print(arena, CUSTOMERS "/%s", tenant), new, true);
}

static void act(struct model *model, struct arena *arena,
                const struct http_request *request, const json_t *shown)
{
    const char *method = request->method, *id = object_of(model, arena, request->url);
    json_t *body = read_body(request);
    json_t *object = id != NULL ? model_find(model, id) : NULL;
    if (strcmp(method, "POST") == 0 && id == NULL) {
        create(model, arena, body, shown);
    } else if (strcmp(method, "DELETE") == 0 && id != NULL) {
        model_drop(model, id);
    } else if (strcmp(method, "PATCH") == 0 && id != NULL) {
        model_drop(model, id); /* to end the relationship is the only one */
    } else if (strcmp(method, "PUT") == 0 && object != NULL) {
        json_t *new = json_deep_copy(model_body(object)), *profile = json_deep_copy(body);
        json_object_del(profile, "attributes");
        json_object_del(profile, "id");
        json_object_set_new(new, "billingProfile", profile);
        model_hold(model, id, new, false);
    }
    json_decref(body);
}

static int answer_list(struct model *model, struct arena *arena, const char **body)
{
    json_t *list = json_array(), *object;
    const char *key;
    json_object_foreach(model->objects, key, object)
        json_array_append(list, model_body(object));
    *body = model_show(arena, json_pack("{s:o, s:i}", "items", list, "totalCount",
                                        (int)json_array_size(list)));
    return 200;
}

static int answer_new(struct model *model, struct arena *arena,
                      const struct http_request *request, const char **body)
{
    json_t *wanted = read_body(request), *object;
    const char *key;
    json_object_foreach(model->objects, key, object)
    {
        if (has_same_domain(model_body(object), wanted))
            *body = model_show(arena, json_incref(model_body(object)));
    }
    json_decref(wanted);
    return 201;
}

static int answer(struct model *model, struct arena *arena,
                  const struct http_request *request, bool did_hold, const char **body)
{
    const char *id = object_of(model, arena, request->url), *method = request->method;
    *body = "";
    if (strcmp(method, "HEAD") == 0)
        return 404;
    if (strcmp(method, "POST") == 0)
        return answer_new(model, arena, request, body);
    if (id == NULL)
        return answer_list(model, arena, body);
    json_t *object = model_find(model, id);
    if (strcmp(method, "DELETE") == 0 && did_hold)
        return 204;
    if (strcmp(method, "PATCH") == 0 && did_hold) {
        *body = "{\"relationshipToPartner\":\"none\"}";
        return 200;
    }
    if (object == NULL) {
        *body = "{\"code\":\"1000\",\"description\":\"No such customer.\"}";
        return 404;
    }
    if (is_billing(arena, request->url)) {
        json_t *profile =
            json_deep_copy(json_object_get(model_body(object), "billingProfile"));
        json_object_set_new(profile, "attributes", json_pack("{s:s}", "etag", "7"));
        *body = model_show(arena, profile);
        return 200;
    }
    *body = model_show(arena, json_incref(model_body(object)));
    return 200;
}

static const json_t *shown(const struct model *model, struct arena *arena,
                           const char *url, const json_t *answered, size_t at,
                           const char **id)
{
    (void)model;
    const json_t *items = json_object_get(answered, "items"), *one = answered;
    if (is_billing(arena, url))
        return NULL;
    if (json_is_array(items))
        one = json_array_get(items, at);
    else if (at > 0)
        return NULL;
    const char *tenant = json_string_value(json_object_get(one, "id"));
    if (tenant == NULL || domain_of(one) == NULL)
        return NULL;
    *id = arena_print(arena, CUSTOMERS "/%s", tenant);
    return one;
}

static bool is_about(const struct model *model, struct arena *arena,
                     const struct http_request *request, const char *id,
                     const json_t *shown_one)
{
    if (object_of(model, arena, request->url) != NULL)
        return model_is_named_by_url(model, arena, request, id, shown_one);
    json_t *body = read_body(request);
    bool is_same = has_same_domain(body, shown_one);
    json_decref(body);
    return is_same;
}

static bool says_absent(const struct model *model, int status, const char *body)
{
    (void)model;
    return (status == 404 && (*body == '\0' || strstr(body, "1000") != NULL)) ||
           (status == 403 && strstr(body, "20002") != NULL);
}

static bool says_no(const json_t *body)
{
    return json_object_get(body, "code") != NULL;
}

static const char *name_of(struct arena *arena, const json_t *object)
{
    return arena_print(arena, "domain_name = \"%s\"",
                       json_string_value(domain_of(json_object_get(object, "body"))));
}

static const char *error(int status)
{
    switch (status) {
    case 401:
        return "{\"code\":\"400\",\"description\":\"The token is too old.\"}";
    case 403:
        return "{\"code\":\"2000\",\"description\":\"No.\"}";
    case 429:
        return "{\"statusCode\":429,\"message\":\"Slow down.\"}";
    default:
        return "{\"code\":\"5000\",\"description\":\"Something went wrong.\"}";
    }
}

const struct model_service model_partner = {
    .name = "partner",
    .base = BASE,
    .scope = BASE "/.default",
    .tenant = "99999999-8888-7777-6666-555555555555",
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

/* ---- an agreement -------------------------------------------------------------------------- */

#define KIND "MicrosoftCustomerAgreement"

/* The list names the one agreement that may be in it. */
static const char *agreement_of(const struct model *model, struct arena *arena,
                                const char *url)
{
    static const char end[] = "/agreements";
    const char *path = model_path(arena, url, BASE);
    size_t length = strlen(path), end_length = sizeof end - 1;
    (void)model;
    return strncmp(path, CUSTOMERS "/", sizeof CUSTOMERS) == 0 && length > end_length &&
                   strcmp(path + length - end_length, end) == 0
               ? arena_print(arena, "%s/" KIND, path)
               : NULL;
}

static void confirm(struct model *model, struct arena *arena,
                    const struct http_request *request, const json_t *shown)
{
    const char *id = agreement_of(model, arena, request->url);
    (void)shown;
    if (strcmp(request->method, "POST") != 0 || id == NULL)
        return;
    json_t *new = read_body(request);
    model->twice += model_find(model, id) != NULL;
    json_object_set_new(new, "userId", json_string("u"));
    json_object_set_new(new, "agreementLink", json_string("https://a.example"));
    model_hold(model, id, new, true);
}

static int answer_agreement(struct model *model, struct arena *arena,
                            const struct http_request *request, bool did_hold,
                            const char **body)
{
    const char *id = agreement_of(model, arena, request->url);
    json_t *object = id != NULL ? model_find(model, id) : NULL;
    (void)did_hold;
    if (strcmp(request->method, "POST") == 0) {
        *body = model_show(arena, json_incref(model_body(object)));
        return 201;
    }
    if (object != NULL)
        *body = model_show(arena, json_pack("{s:[O]}", "items", model_body(object)));
    else if (id != NULL)
        *body = "{\"items\":[]}";
    else if (strstr(request->url, "/v1/agreements?") != NULL)
        *body = "{\"items\":[{\"templateId\":\"998b88de-aa99-4388-a42c-1b3517d49490\"}]}";
    else
        *body = "{\"id\":\"c\"}";
    return 200;
}

static const char *date_of(const json_t *agreement)
{
    const char *date = json_string_value(json_object_get(agreement, "dateAgreed"));
    return date != NULL ? date : "";
}

static const json_t *shown_agreement(const struct model *model, struct arena *arena,
                                     const char *url, const json_t *answered, size_t at,
                                     const char **id)
{
    const json_t *items = json_object_get(answered, "items"), *latest = NULL, *one;
    size_t i;
    *id = agreement_of(model, arena, url);
    if (*id == NULL || at > 0)
        return NULL;
    if (!json_is_array(items))
        return json_object_get(answered, "templateId") != NULL ? answered : NULL;
    json_array_foreach(items, i, one)
    {
        const char *type = json_string_value(json_object_get(one, "type"));
        if (type != NULL && strcmp(type, KIND) == 0 &&
            (latest == NULL || strcmp(date_of(one), date_of(latest)) > 0))
            latest = one;
    }
    return latest;
}

static bool lists_nothing(const struct model *model, int status, const char *body)
{
    json_t *answered = json_loads(body, 0, NULL), *items;
    (void)model;
    items = json_object_get(answered, "items");
    bool is_nothing =
        status == 200 && json_is_array(items) && json_array_size(items) == 0;
    json_decref(answered);
    return is_nothing;
}

const struct model_service model_partner_agreement = {
    .name = "partner",
    .table = "partner_customer_agreement",
    .base = BASE,
    .scope = BASE "/person",
    .tenant = "99999999-8888-7777-6666-555555555555",
    .find_fault = find_fault,
    .object_of = agreement_of,
    .act = confirm,
    .answer = answer_agreement,
    .shown = shown_agreement,
    .is_about = model_is_named_by_url,
    .says_absent = lists_nothing,
    .says_no = says_no,
    .error = error,
};
