/* Azure Resource Manager: who may ask, for what, in which version. In ARM's order: the token,
 * the api-version, the right, the bucket, the path from left to right.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arm_path.h"
#include "customers.h"
#include "log.h"
#include "metadata.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"

static const char known_versions[] = "2017-06-01|2020-06-01-preview|2022-06-01";
static const char lock_versions[] = "2016-09-01|2017-04-01|2020-05-01";
static const char arm_audiences[] =
    "https://management.azure.com|https://management.core.windows.net";

static double write_tokens;
static int64_t write_refilled_ms;
static long reads_left, deletes_left, writes_left;

void arm_reset(void)
{
    write_tokens = (double)switch_number("write_bucket_size");
    write_refilled_ms = clock_ms();
    reads_left = 11999;
    deletes_left = 14999;
    writes_left = 1199;
}

/* --- who ----------------------------------------------------------------------------------*/

static bool refuse_token(struct exchange *x, bool is_mistake, const char *code,
                         const char *message)
{
    char *challenge =
        text_format("Bearer authorization_uri=\"https://login.microsoftonline.com/\", "
                    "error=\"invalid_token\", error_description=\"%s\"",
                    message);
    answer_header(x, "WWW-Authenticate", challenge);
    free(challenge);
    if (is_mistake)
        answer_reject(x, 401, code, "%s", message);
    else
        answer_error(x, 401, code, "%s", message);
    return false;
}

static bool is_audience(const struct exchange *x, const char *audience)
{
    char *bare = text_copy(audience), *own = exchange_origin(x);
    if (text_ends(bare, "/"))
        bare[strlen(bare) - 1] = '\0';
    bool is = text_is_one_of(bare, arm_audiences) || strcmp(bare, own) == 0;
    free(bare);
    free(own);
    return is;
}

static const json_t *check_token(struct exchange *x)
{
    const char *header = exchange_header(x, "Authorization");
    if (header == NULL) {
        refuse_token(x, true, "AuthenticationFailed",
                     "Authentication failed. The 'Authorization' header is missing.");
        return NULL;
    }
    const json_t *token = text_starts(header, "Bearer ", true)
                              ? tokens_find(header + strlen("Bearer "))
                              : NULL;
    if (token == NULL) {
        refuse_token(x, true, "InvalidAuthenticationToken",
                     "The access token is invalid.");
    } else if (json_is_true(json_object_get(token, "is_revoked"))) {
        /* Nobody can know that beforehand: no mistake of the client. */
        refuse_token(x, false, "InvalidAuthenticationToken",
                     "The access token was revoked.");
    } else if (clock_wall_ms() >=
               json_integer_value(json_object_get(token, "expires_ms"))) {
        refuse_token(x, true, "ExpiredAuthenticationToken",
                     "The access token expiry UTC time "
                     "is earlier than current UTC time.");
    } else if (!is_audience(x, json_string_value(json_object_get(token, "audience")))) {
        refuse_token(
            x, true, "InvalidAuthenticationToken",
            "The access token has been obtained for wrong audience or resource.");
    } else {
        return token;
    }
    return NULL;
}

/* The classic mistake of a partner: a token of the wrong tenant. */
static bool check_tenant(struct exchange *x, const json_t *token,
                         const json_t *registration)
{
    const char *owner = registration_text(registration, "tenant_id");
    const char *caller = json_string_value(json_object_get(token, "tenant_id"));
    if (owner == NULL || strcasecmp(owner, caller) == 0)
        return true;
    char *message =
        text_format("The access token is from the wrong issuer 'https://sts.windows."
                    "net/%s/'. It must match the tenant 'https://sts.windows.net/%s/"
                    "' associated with this subscription.",
                    caller, owner);
    refuse_token(x, false, "InvalidAuthenticationTokenTenant", message);
    free(message);
    return false;
}

static bool check_role(struct exchange *x, const json_t *token,
                       const struct arm_path *path)
{
    const char *role = json_string_value(json_object_get(token, "role"));
    bool is_read = strcmp(x->method, "GET") == 0;
    if (strcmp(role, "contributor") == 0 || (is_read && strcmp(role, "reader") == 0))
        return true;
    const char *type = path->customer || path->kind == ARM_CUSTOMERS
                           ? "registrations/customerSubscriptions"
                           : "registrations";
    answer_error(x, 403, "AuthorizationFailed",
                 "The client '%s' does not have authorization to perform action "
                 "'Microsoft.AzureStack/%s/%s' over scope '%s' or the scope is invalid.",
                 json_string_value(json_object_get(token, "client_id")), type,
                 is_read                            ? "read"
                 : strcmp(x->method, "DELETE") == 0 ? "delete"
                                                    : "write",
                 x->path);
    return false;
}

/* A request for a subscription without a token: the challenge tells the tenant to sign in to.
 * A token has no business here, and neither has a body. */
static void answer_challenge(struct exchange *x, const struct arm_path *path)
{
    char tenant[GUID_SIZE];
    const char *version = exchange_query(x, "api-version");
    if (exchange_header(x, "Authorization") != NULL || strcmp(x->method, "GET") != 0 ||
        x->body_bytes != 0 || !guid_is(path->subscription)) {
        answer_reject(
            x, 400, "InvalidRequestUri",
            "A subscription is asked for by GET, by its id and without a token.");
        return;
    }
    if (version == NULL || !text_is_one_of(version, "2016-06-01|2020-01-01|2022-12-01")) {
        answer_reject(x, 400, "InvalidApiVersionParameter",
                      "The api-version of subscriptions is not known.");
        return;
    }
    subscription_tenant(path->subscription, tenant);
    char *challenge = text_format(
        "Bearer authorization_uri=\"https://login.windows.net/%s\", "
        "error=\"invalid_token\", error_description=\"The authentication failed because of "
        "missing 'Authorization' header.\"",
        switch_is("tenant_challenge", "common") ? "common" : tenant);
    if (!switch_is("tenant_challenge", "none"))
        answer_header(x, "WWW-Authenticate", challenge);
    free(challenge);
    answer_error(x, 401, "AuthenticationFailed",
                 "Authentication failed. The 'Authorization' header is missing.");
}

/* --- what ---------------------------------------------------------------------------------*/

static bool check_version(struct exchange *x, const struct arm_path *path)
{
    if (x->query == NULL) {
        answer_reject(x, 400, "InvalidRequestUri", "The query has %s.", x->query_fault);
        return false;
    }
    const char *version = exchange_query(x, "api-version");
    if (version == NULL || !*version) {
        answer_reject(
            x, 400, "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all "
            "requests.");
        return false;
    }
    if (!text_is_one_of(version,
                        path->kind == ARM_LOCKS ? lock_versions : known_versions)) {
        answer_reject(
            x, 400, "NoRegisteredProviderFound",
            "No registered resource provider found for location 'global' and API "
            "version '%s' for type 'registrations'. The supported api-versions are "
            "'2017-06-01, 2020-06-01-preview, 2022-06-01'.",
            version);
        return false;
    }
    const char *name;
    json_t *value;
    json_object_foreach(x->query, name, value)
    {
        if (!text_is_one_of(name, "api-version|$skiptoken")) {
            answer_reject(x, 400, "InvalidRequestUri",
                          "The query parameter '%s' is not known.", name);
            return false;
        }
    }
    return true;
}

static bool take_write(struct exchange *x)
{
    if (!switch_on("write_bucket"))
        return true;
    int64_t now = clock_ms();
    double size = (double)switch_number("write_bucket_size");
    double per_s = (double)switch_number("write_bucket_per_s");
    write_tokens += (double)(now - write_refilled_ms) * per_s / 1000;
    write_refilled_ms = now;
    if (write_tokens > size)
        write_tokens = size;
    if (write_tokens >= 1) {
        write_tokens -= 1;
        return true;
    }
    answer_header(x, "Retry-After", "1");
    answer_error(x, 429, "TooManyRequests",
                 "The number of write requests exceeded the limit. "
                 "Please try again after '1' seconds.");
    return false;
}

/* The registration of a path, or the answer that says which part of it does not exist. */
static json_t *find_registration(struct exchange *x, const struct arm_path *path)
{
    if (!guid_is(path->subscription)) {
        answer_reject(
            x, 400, "InvalidSubscriptionId",
            "The provided subscription identifier '%s' is malformed or invalid.",
            path->subscription);
    } else if (!registration_find(path->subscription, NULL, NULL)) {
        answer_error(x, 404, "SubscriptionNotFound",
                     "The subscription '%s' could not be found.", path->subscription);
    } else if (path->group && !registration_find(path->subscription, path->group, NULL)) {
        answer_error(x, 404, "ResourceGroupNotFound",
                     "Resource group '%s' could not be found.", path->group);
    } else {
        json_t *found =
            registration_find(path->subscription, path->group, path->registration);
        if (found == NULL)
            answer_code(
                x, "RegistrationNotFound", 404,
                "The registration was not found: subscription '%s', resource group "
                "'%s', registration name '%s'.",
                path->subscription, path->group, path->registration);
        return found;
    }
    return NULL;
}

/* --- registrations ------------------------------------------------------------------------*/

static json_t *registration_show(const json_t *registration)
{
    char *id = registration_id(registration);
    char etag[GUID_SIZE];
    guid_derive(id, etag);
    char *quoted = text_format("\"%s\"", etag);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "id", id,
                             "name", registration_text(registration, "name"), "type",
                             "Microsoft.AzureStack/registrations", "location", "global",
                             "etag", quoted, "properties", "objectId",
                             registration_text(registration, "object_id"), "cloudId",
                             registration_text(registration, "cloud_id"), "billingModel",
                             registration_text(registration, "billing_model"));
    free(quoted);
    free(id);
    return body;
}

static void list_registrations(struct exchange *x, const struct arm_path *path)
{
    json_t *value = json_array(), *known;
    size_t i;
    json_array_foreach(store_registrations(), i, known)
    {
        const char *group = registration_text(known, "resource_group");
        if (strcasecmp(registration_text(known, "subscription_id"), path->subscription) ==
                0 &&
            (!path->group || strcasecmp(group, path->group) == 0))
            json_array_append_new(value, registration_show(known));
    }
    answer_json(x, 200, json_pack("{s:o}", "value", value));
}

/* By the name that the script which registers a hub gives it. */
static void list_locks(struct exchange *x, const json_t *registration)
{
    json_t *value = json_array();
    const char *level = registration_text(registration, "lock");
    if (strcmp(level, "none") != 0) {
        char *scope = registration_id(registration);
        char *id = text_format(
            "%s/providers/Microsoft.Authorization/locks/RegistrationResourceLock", scope);
        json_array_append_new(value, json_pack("{s:s, s:s, s:s, s:{s:s}}", "id", id,
                                               "name", "RegistrationResourceLock", "type",
                                               "Microsoft.Authorization/locks",
                                               "properties", "level", level));
        free(id);
        free(scope);
    }
    answer_json(x, 200, json_pack("{s:o}", "value", value));
}

/* --- the routes ---------------------------------------------------------------------------*/

static void route_customer(struct exchange *x, const struct arm_path *path,
                           json_t *registration)
{
    if (switch_is("not_allowed_on", "all") &&
        strcmp(registration_text(registration, "billing_model"), "PayAsYouUse") != 0)
        answer_code(
            x, "CustomerSubscriptionsNotAllowed", 400,
            "Customer subscription operations are not allowed for registration '%s'.",
            registration_text(registration, "name"));
    else if (path->kind == ARM_CUSTOMERS)
        customers_list(x, registration);
    else if (strcmp(x->method, "GET") == 0)
        customers_get(x, registration, path->customer);
    else if (strcmp(x->method, "DELETE") == 0)
        customers_delete(x, registration, path->customer);
    else
        customers_put(x, registration, path->customer);
}

static void route(struct exchange *x, const struct arm_path *path)
{
    if (path->kind == ARM_OPERATION) {
        operations_get(x, path->operation);
        return;
    }
    json_t *registration = find_registration(x, path);
    if (registration == NULL)
        return;
    if (path->kind == ARM_REGISTRATIONS)
        list_registrations(x, path);
    else if (path->kind == ARM_REGISTRATION)
        answer_json(x, 200, registration_show(registration));
    else if (path->kind == ARM_LOCKS)
        list_locks(x, registration);
    else
        route_customer(x, path, registration);
}

static bool check_method(struct exchange *x, const struct arm_path *path)
{
    bool is_get = strcmp(x->method, "GET") == 0;
    bool is_write = strcmp(x->method, "PUT") == 0 || strcmp(x->method, "DELETE") == 0;
    if (is_get || (is_write && path->kind == ARM_CUSTOMER)) {
        if (strcmp(x->method, "PUT") == 0 || x->body_bytes == 0)
            return true;
        answer_reject(x, 400, "InvalidRequestContent", "A %s has no body.", x->method);
        return false;
    }
    answer_reject(x, 405, "MethodNotAllowed", "The method %s is not allowed here.",
                  x->method);
    return false;
}

/* A customer subscription's registration may have an owner; a list's has many. */
static bool check_caller(struct exchange *x, const json_t *token,
                         const struct arm_path *path)
{
    const json_t *registration =
        path->kind == ARM_OPERATION || !guid_is(path->subscription)
            ? NULL
            : registration_find(path->subscription, path->group, path->registration);
    return (!registration || check_tenant(x, token, registration)) &&
           check_role(x, token, path);
}

void arm_answer(struct exchange *x)
{
    if (metadata_owns(x->path)) {
        metadata_answer(x);
        return;
    }
    struct arm_path path;
    bool is_path = arm_path_parse(x->path, &path);
    if (is_path && path.kind == ARM_SUBSCRIPTION) {
        answer_challenge(x, &path);
        arm_path_clear(&path);
        return;
    }
    const json_t *token = check_token(x);
    if (token == NULL) {
        arm_path_clear(&path);
        return;
    }
    if (!is_path)
        answer_reject(x, 404, "InvalidResourceType",
                      "The path '%s' names nothing that this emulator serves.", x->path);
    else if (!path.is_exact && switch_is("spelling", "exact"))
        answer_reject(x, 400, "InvalidRequestUri",
                      "The fixed words of the path '%s' are in another letter case than "
                      "documented.",
                      x->path);
    else if (check_version(x, &path) && check_method(x, &path) &&
             check_caller(x, token, &path) &&
             (strcmp(x->method, "GET") == 0 || take_write(x)))
        route(x, &path);
    arm_path_clear(&path);
}

void arm_headers(struct exchange *x)
{
    char guid[GUID_SIZE];
    guid_random(guid);
    answer_header(x, "x-ms-request-id", guid);
    const char *correlation = exchange_header(x, "x-ms-correlation-request-id");
    answer_header(x, "x-ms-correlation-request-id",
                  correlation && guid_is(correlation) ? correlation : guid);
    char *routing = text_format("EMULATOR:%lld:%s", (long long)clock_wall_ms(), guid);
    answer_header(x, "x-ms-routing-request-id", routing);
    free(routing);
    const char *client = exchange_header(x, "x-ms-client-request-id");
    const char *is_wanted = exchange_header(x, "x-ms-return-client-request-id");
    if (client && is_wanted && strcasecmp(is_wanted, "true") == 0)
        answer_header(x, "x-ms-client-request-id", client);
    answer_header(x, "Cache-Control", "no-cache");
    bool is_get = strcmp(x->method, "GET") == 0, is_put = strcmp(x->method, "PUT") == 0;
    long *left = is_get ? &reads_left : is_put ? &writes_left : &deletes_left;
    /* Only shown, never enforced: what is enforced is write_bucket. */
    *left -= *left > 0;
    char *name =
        text_format("x-ms-ratelimit-remaining-subscription-%s", is_get   ? "reads"
                                                                : is_put ? "writes"
                                                                         : "deletes");
    char *number = text_format("%ld", *left);
    answer_header(x, name, number);
    free(name);
    free(number);
}
