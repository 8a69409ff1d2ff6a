/* customerSubscriptions: PUT. The body against the swagger, then the documented refusals in the
 * order of whom they concern: the registration, the id, the subscription, the tenant.
 * SPDX-License-Identifier: MPL-2.0 */
#include "create.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "customers.h"
#include "store.h"
#include "switches.h"
#include "text.h"

static json_t *operations; /* {id: {"polls": n, "status": …}} */

void answer_scope_locked(struct exchange *x, const json_t *registration,
                         const char *customer, const char *act)
{
    char *scope = registration_id(registration);
    answer_code(
        x, "ScopeLocked", 409,
        "The scope '%s/customerSubscriptions/%s' cannot perform %s operation because "
        "following scope(s) are locked: '%s/providers/Microsoft.Authorization/locks/"
        "RegistrationResourceLock'. Please remove the lock and try again.",
        scope, customer, act, scope);
    free(scope);
}

bool create_check_etag(struct exchange *x, const json_t *mapping)
{
    const char *match = exchange_header(x, "If-Match");
    const char *none_match = exchange_header(x, "If-None-Match");
    if (!switch_on("etag"))
        return true;
    const char *etag = json_string_value(json_object_get(mapping, "etag"));
    char *quoted = text_format("\"%s\"", etag ? etag : "");
    bool is_good = true;
    if (match != NULL)
        is_good = mapping && (strcmp(match, "*") == 0 || strcmp(match, quoted) == 0);
    if (none_match != NULL && mapping)
        is_good =
            is_good && strcmp(none_match, "*") != 0 && strcmp(none_match, quoted) != 0;
    free(quoted);
    if (!is_good)
        answer_error(x, 412, "PreconditionFailed",
                     "The condition in If-Match or If-None-Match was not met.");
    return is_good;
}

/* --- the body ---------------------------------------------------------------------------- */

static bool check_properties(struct exchange *x, json_t *properties, const char **tenant)
{
    const char *member;
    json_t *value;
    if (properties == NULL || json_is_null(properties))
        return true;
    if (!json_is_object(properties)) {
        answer_reject(x, 400, "InvalidRequestContent", "'properties' is not an object.");
        return false;
    }
    json_object_foreach(properties, member, value)
    {
        if (strcmp(member, "tenantId") != 0) {
            answer_reject(x, 400, "InvalidRequestContent",
                          "Could not find member 'properties.%s' on the object.", member);
            return false;
        }
        if (!json_is_string(value) || !guid_is(json_string_value(value))) {
            answer_reject(x, 400, "InvalidRequestContent",
                          "'properties.tenantId' is not a GUID in a string.");
            return false;
        }
        *tenant = json_string_value(value);
    }
    return true;
}

/* The body, new reference, `tenant` within it; NULL when the answer is made. */
static json_t *check_body(struct exchange *x, const char **tenant)
{
    const char *type = exchange_header(x, "Content-Type");
    size_t media = type ? strcspn(type, "; ") : 0;
    if (media != strlen("application/json") ||
        strncasecmp(type, "application/json", media) != 0) {
        answer_reject(
            x, 415, "UnsupportedMediaType",
            "The content media type '%s' is not supported. Only 'application/json' "
            "is supported.",
            type ? type : "");
        return NULL;
    }
    json_error_t error;
    json_t *body = json_loadb(x->body, x->body_bytes, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(body)) {
        answer_reject(x, 400, "InvalidRequestContent",
                      "The request content was invalid and could not be deserialized: %s",
                      body ? "it is not an object" : error.text);
        json_decref(body);
        return NULL;
    }
    const char *member;
    json_t *value;
    json_object_foreach(body, member, value)
    {
        if (strcmp(member, "properties") == 0 ||
            (strcmp(member, "etag") == 0 && json_is_string(value)))
            continue;
        /* id, name and type are read-only: sending them is a mistake that ARM only forgives. */
        answer_reject(x, 400, "InvalidRequestContent",
                      "Could not find member '%s' on the object, or it is read-only.",
                      member);
        json_decref(body);
        return NULL;
    }
    if (!check_properties(x, json_object_get(body, "properties"), tenant)) {
        json_decref(body);
        return NULL;
    }
    return body;
}

/* What put_body says about naming the tenant. */
static bool check_naming(struct exchange *x, const char *tenant)
{
    if (tenant && switch_is("put_body", "no_tenant"))
        answer_error(x, 400, "InvalidRequestContent",
                     "'properties.tenantId' is read-only and cannot be set.");
    else if (!tenant && switch_is("put_body", "tenant"))
        answer_error(x, 400, "InvalidRequestContent",
                     "The property 'properties.tenantId' is required.");
    else
        return true;
    return false;
}

/* --- the refusals ------------------------------------------------------------------------ */

static bool check_registration(struct exchange *x, const json_t *registration,
                               const char *customer)
{
    if (strcmp(registration_text(registration, "lock"), "ReadOnly") == 0 &&
        switch_on("lock_inherited")) {
        answer_scope_locked(x, registration, customer, "write");
        return false;
    }
    /* not_allowed_on=all is looked at for every operation, in arm.c. */
    if (strcmp(registration_text(registration, "billing_model"), "PayAsYouUse") != 0) {
        answer_code(
            x, "CustomerSubscriptionsNotAllowed", 400,
            "Customer subscription operations are not allowed for registration '%s': "
            "they need the pay-as-you-use billing model of a connected environment.",
            registration_text(registration, "name"));
        return false;
    }
    if (!json_is_true(json_object_get(registration, "multi_tenancy"))) {
        answer_code(x, "UnauthorizedCspRegistration", 403,
                    "The registration '%s' has not been approved for multi-tenancy.",
                    registration_text(registration, "name"));
        return false;
    }
    return true;
}

static bool check_customer(struct exchange *x, const char *customer)
{
    const json_t *known = subscription_find(customer);
    const char *offer = json_string_value(json_object_get(known, "offer"));
    const char *partner = json_string_value(json_object_get(known, "partner"));
    const char *resolver = json_string_value(json_object_get(known, "resolver"));
    char *lower = text_lower(customer);
    bool is_lower = strcmp(lower, customer) == 0;
    free(lower);
    if (!guid_is(customer)) {
        answer_code(x, "InvalidCustomerSubscriptionId", 400,
                    "'%s' is not a valid subscription identifier.", customer);
    } else if (resolver && strcmp(resolver, "down") == 0) {
        answer_code(x, "MetadataResolverBadGatewayError", 502,
                    "An upstream system did not answer. Try again later.");
    } else if ((!is_lower && switch_is("case_rule", "lower_only")) ||
               (partner && strcmp(partner, "other") == 0)) {
        answer_code(x, "BadCustomerSubscriptionId", 400,
                    "The customer subscription '%s' is not under the same CSP as the "
                    "registration.",
                    customer);
    } else if ((offer && strcmp(offer, "payg") == 0) ||
               (!known && switch_is("unlisted_subscriptions", "refused"))) {
        answer_code(x, "InvalidCSPSubscription", 400,
                    "The customer subscription '%s' is not a CSP subscription.",
                    customer);
    } else {
        return true;
    }
    return false;
}

/* --- the answer -------------------------------------------------------------------------- */

static void answer_async(struct exchange *x, const json_t *registration)
{
    char id[GUID_SIZE];
    guid_random(id);
    if (operations == NULL)
        operations = json_object();
    json_object_set_new(operations, id,
                        json_pack("{s:I, s:s}", "polls",
                                  (json_int_t)switch_number("async_polls"), "status",
                                  switch_text("async_result")));
    char *origin = exchange_origin(x);
    char *prefix =
        text_format("%s/subscriptions/%s/providers/Microsoft.AzureStack/locations/global",
                    origin, registration_text(registration, "subscription_id"));
    const char *version = exchange_query(x, "api-version");
    char *status =
        text_format("%s/operationStatuses/%s?api-version=%s", prefix, id, version);
    char *result =
        text_format("%s/operationResults/%s?api-version=%s", prefix, id, version);
    char *seconds = text_format("%ld", switch_number("async_retry_after_s"));
    answer_header(x, "Azure-AsyncOperation", status);
    answer_header(x, "Location", result);
    answer_header(x, "Retry-After", seconds);
    answer_json(x, 202, NULL);
    free(origin);
    free(prefix);
    free(status);
    free(result);
    free(seconds);
}

void operations_get(struct exchange *x, const char *id)
{
    json_t *operation = json_object_get(operations, id);
    if (operation == NULL) {
        answer_error(x, 404, "ResourceNotFound", "There is no operation '%s'.", id);
        return;
    }
    json_int_t polls = json_integer_value(json_object_get(operation, "polls"));
    const char *status =
        polls > 0 ? "Running" : json_string_value(json_object_get(operation, "status"));
    if (polls > 0)
        json_object_set_new(operation, "polls", json_integer(polls - 1));
    char *seconds = text_format("%ld", switch_number("async_retry_after_s"));
    if (polls > 0)
        answer_header(x, "Retry-After", seconds);
    free(seconds);
    if (strcmp(status, "Failed") == 0 || strcmp(status, "Canceled") == 0) {
        answer_json(x, 200,
                    json_pack("{s:s, s:s, s:{s:s, s:s}}", "name", id, "status", status,
                              "error", "code", "OperationFailed", "message",
                              "The operation did not succeed."));
    } else if (strstr(x->path, "/operationResults/") != NULL) {
        /* Location's way of telling: 202 as long as it runs. */
        answer_json(x, polls > 0 ? 202 : 200, NULL);
    } else {
        answer_json(x, 200, json_pack("{s:s, s:s}", "name", id, "status", status));
    }
}

void operations_forget_all(void)
{
    json_decref(operations);
    operations = NULL;
}

static void answer_put(struct exchange *x, const json_t *registration,
                       const json_t *mapping)
{
    const char *form = switch_text("put_answer");
    json_t *body = mapping_show(registration, mapping);
    json_t *properties = json_object_get(body, "properties");
    int status = form[2] - '0' + 200;
    json_object_set(properties, "tenantId", json_object_get(mapping, "tenant"));
    if (strcmp(form, "200_no_tenant") == 0) {
        json_object_del(properties, "tenantId");
    } else if (strcmp(form, "200_empty_strings") == 0) {
        json_object_set_new(body, "id", json_string(""));
        json_object_set_new(body, "name", json_string(""));
        json_object_set_new(body, "type", json_string(""));
    } else if (strcmp(form, "200_empty_object") == 0) {
        json_object_clear(body);
    } else if (!text_ends(form, "_full")) {
        json_decref(body);
        body = NULL;
    }
    answer_json(x, status, body);
}

void customers_put(struct exchange *x, json_t *registration, const char *customer)
{
    char derived[GUID_SIZE];
    const char *tenant = NULL;
    json_t *body = check_body(x, &tenant);
    if (body == NULL)
        return;
    if (check_naming(x, tenant) && check_registration(x, registration, customer) &&
        check_customer(x, customer)) {
        json_t *mapping = mapping_find(registration, customer);
        bool is_there = mapping && mapping_is_alive(mapping);
        subscription_tenant(customer, derived);
        if (!create_check_etag(x, is_there ? mapping : NULL)) {
            /* answered */
        } else if (is_there && switch_is("put_existing", "409")) {
            answer_error(x, 409, "Conflict",
                         "The customer subscription '%s' exists already.", customer);
        } else if (tenant && switch_is("tenant_id_supplied", "checked") &&
                   strcasecmp(tenant, derived) != 0) {
            answer_error(x, 400, "InvalidTenantId",
                         "The tenant '%s' is not the tenant of subscription '%s'.",
                         tenant, customer);
        } else {
            bool is_stored = tenant && switch_is("tenant_id_supplied", "stored");
            bool is_async = switch_is("put_answer", "202_async");
            if (!is_async || switch_is("async_result", "Succeeded"))
                mapping =
                    mapping_put(registration, customer, is_stored ? tenant : derived);
            if (is_async)
                answer_async(x, registration);
            else
                answer_put(x, registration, mapping);
        }
    }
    json_decref(body);
}
