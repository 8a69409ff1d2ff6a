/* Azure Resource Manager.
 * Source: azure-resource-manager-rpc v1.0/common-api-details.md; also the flat
 * {"code","message"}, {"Message"}, OData error and HTML bodies seen from gateways
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "rest/client.h"
#include "rest/dialect.h"
#include "base/text.h"
#include "id/id.h"

enum { DETAIL_DEPTH_MAX = 4 }; /* nested details are shown to this depth */

/* A text member, under either name, because gateways capitalize it; NULL: there is none, or it is
 * empty. */
static const char *find_text(const json_t *object, const char *name, const char *capital)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL)
        text = json_string_value(json_object_get(object, capital));
    return text != NULL && *text != '\0' ? text : NULL;
}

/* OData has {"message": {"lang": "en-us", "value": "…"}}. */
static const char *find_message(const json_t *object)
{
    const char *text = find_text(object, "message", "Message");
    return text != NULL ? text
                        : find_text(json_object_get(object, "message"), "value", "Value");
}

/* The object with code and message: in the envelope, as OData has it, or the body itself. */
static const json_t *find_error(const json_t *body)
{
    static const char *const names[] = { "error", "Error", "odata.error" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *error = json_object_get(body, names[i]);
        if (json_is_object(error))
            return error;
    }
    return body;
}

static void add_details(struct buf *buf, const json_t *error, unsigned depth)
{
    const json_t *details = json_object_get(error, "details");
    for (size_t i = 0; depth < DETAIL_DEPTH_MAX && i < json_array_size(details) &&
                       buf->length < REST_MESSAGE_BYTES_MAX;
         i++) {
        auto_arena arena = arena_new();
        const json_t *detail = json_array_get(details, i);
        const char *code = find_text(detail, "code", "Code");
        const char *message = find_message(detail);
        if (code != NULL || message != NULL)
            buf_print(buf, "\n%*s- %s%s%s", (int)depth * 2, "",
                      rest_failure_show_code(arena, code),
                      code != NULL && message != NULL ? ": " : "",
                      message != NULL ? rest_failure_show_line(arena, message) : "");
        add_details(buf, detail, depth + 1);
    }
}

static void read_error(struct arena *arena, const json_t *body, const char **code,
                       struct buf *message)
{
    const json_t *error = find_error(body);
    const char *text = find_message(error);
    *code = find_text(error, "code", "Code");
    /* {"error": "invalid_token", "error_description": "…"} */
    if (*code == NULL && error == body)
        *code = find_text(body, "error", "Error");
    if (text == NULL && error == body)
        text = find_text(body, "error_description", "ExceptionMessage");
    if (text != NULL)
        buf_add_text(message, rest_failure_show_quote(arena, text));
    add_details(message, error, 0);
}

static const char *query(struct arena *arena, const struct rest_request *request)
{
    return arena_print(arena, "?api-version=%s",
                       text_encode_percent(arena, request->api_version));
}

/* Some services write "error": null into each answer. */
static bool is_error(const json_t *body)
{
    const json_t *error = json_object_get(body, "error");
    return error != NULL && !json_is_null(error) &&
           json_object_get(body, "properties") == NULL;
}

/* The ID of an object. If the object has only a name, its ID is the ID of the list followed by the
 * name, because all objects of a list have the same parent; NULL if the list spans resource groups.
 * Source: CustomerSubscription.json, examples: the name is "PARENT/CHILD", or the child's. */
static const char *object_id(struct arena *arena, const char *list_id,
                             const json_t *object)
{
    const char *id = find_text(object, "id", "id"),
               *name = find_text(object, "name", "name");
    if (id != NULL || name == NULL)
        return id;
    const char *slash = strrchr(name, '/');
    id = arena_print(arena, "%s/%s", list_id, slash != NULL ? slash + 1 : name);
    struct error ignored = NO_ERROR;
    struct id parts;
    /* The objects of a subscription's list may be in any resource group. */
    return id_parse(arena, id, &parts, &ignored) == 0 && parts.resource_group != NULL
               ? id
               : NULL;
}

/* An answer of a hub may have another subscription in the ID than the request. It is the same
 * object: the ID gets the subscription of the list; the rest keeps its case.
 * Source: azure-rest-api-specs, Microsoft.Subscriptions.Admin 2015-11-01, examples */
static const char *hub_object_id(struct arena *arena, const char *list_id,
                                 const json_t *object)
{
    static const char start[] = "/subscriptions/";
    const char *id = object_id(arena, list_id, object);
    if (id == NULL || !text_starts_ignoring_case(id, start) ||
        !text_starts_ignoring_case(list_id, start))
        return id;
    const char *own = id + strlen(start), *asked = list_id + strlen(start);
    size_t own_length = strcspn(own, "/"), length = strcspn(asked, "/");
    if (length == own_length && strncasecmp(own, asked, length) == 0)
        return id;
    return arena_print(arena, "%s%.*s%s", start, (int)length, asked, own + own_length);
}

/* Source: azure-resource-manager-rpc v1.0, paging: nextLink is opaque, a page may be empty. */
static json_t *read_page(struct arena *arena, const char *address,
                         const struct http_reply *reply, const json_t *body,
                         struct dialect_next *next)
{
    (void)address, (void)reply;
    const json_t *member = json_object_get(body, "nextLink");
    const char *link = json_string_value(member);
    /* Another value may name a next page, without which the list would look complete. */
    if (member != NULL && !json_is_null(member) && link == NULL)
        return NULL;
    next->address = link != NULL && *link != '\0' ? arena_copy_text(arena, link) : NULL;
    return json_object_get(body, "value");
}

/* Source: Microsoft.Azure.EventHubs, TenantIdProvider: GET subscriptions/{id}, api-version
 * 2016-06-01, answers 401 with a challenge that names the login address of the subscription's
 * tenant; the login host differs: login.windows.net or another */
static const char *owner_path(struct arena *arena, const char *account)
{
    return arena_print(arena, "/subscriptions/%s?api-version=2016-06-01", account);
}

const char *dialect_arm_read_owner(struct arena *arena, const char *challenge)
{
    static const char member[] = "authorization_uri=", scheme[] = "https://";
    const char *at = challenge != NULL ? strcasestr(challenge, member) : NULL;
    if (at == NULL)
        return NULL;
    at += strlen(member);
    at += *at == '"';
    if (!text_starts_ignoring_case(at, scheme))
        return NULL;
    at += strlen(scheme);
    at += strcspn(at, "/\", ");
    at += *at == '/';
    const char *tenant = arena_copy_bytes_as_text(arena, at, strcspn(at, "/?\", "));
    return text_is_guid(tenant) ? text_lower(arena, tenant) : NULL;
}

static const char *read_owner(struct arena *arena, const struct http_reply *reply)
{
    return reply->status == 401 ? dialect_arm_read_owner(
                                      arena, http_reply_header(reply, "WWW-Authenticate"))
                                : NULL;
}

static const char *const version_codes[] = { "NoRegisteredProviderFound",
                                             "InvalidApiVersionParameter",
                                             "InvalidResourceType", NULL };

/* How far the operation is: as its status, or in the object that it works on. NULL: not said. */
static const char *find_status(const json_t *body)
{
    const char *status = find_text(body, "status", "Status");
    return status != NULL ? status
                          : find_text(json_object_get(body, "properties"),
                                      "provisioningState", "ProvisioningState");
}

static bool is_failed(const char *status)
{
    static const char *const failed[] = { "Failed", "Canceled", "Cancelled", NULL };
    return text_is_one_of(status, failed);
}

/* Any other status means that the operation is still running. Both forms of "canceled" have been
 * seen. Source: go-azure-sdk, sdk/client/resourcemanager: "Completed", and answers with the object */
static enum dialect_operation_state read_status(const char *status)
{
    static const char *const done[] = { "Succeeded", "Completed", NULL };
    if (status == NULL)
        return OPERATION_UNKNOWN;
    return text_is_one_of(status, done) ? OPERATION_SUCCEEDED
           : is_failed(status)          ? OPERATION_FAILED
                                        : OPERATION_RUNNING;
}

/* The answer is the object, whose state may be any word, or a status.
 * Source: azcore, internal/pollers/loc: the provisioningState before the status code */
static enum dialect_operation_state read_object(const json_t *body)
{
    static const char *const running[] = { "InProgress", "Running",  "Accepted",
                                           "Creating",   "Updating", "Deleting",
                                           NULL };
    const char *status = find_status(body);
    return is_error(body) || is_failed(status) ? OPERATION_FAILED
           : text_is_one_of(status, running)   ? OPERATION_RUNNING
                                               : OPERATION_SUCCEEDED;
}

/* The address itself cannot be read, whatever became of the operation. */
static bool blames_address(const json_t *body)
{
    const json_t *error = find_error(body);
    const char *code = find_text(error, "code", "Code");
    return text_is_one_of(code, version_codes) ||
           text_equal(code, "MissingApiVersionParameter");
}

/* The result URL answers as the request would have been answered without an operation. An error
 * that only says that the URL cannot be read, or no longer exists, says nothing about the
 * operation. */
static enum dialect_operation_state read_result(const struct http_reply *reply,
                                                const json_t *body)
{
    if (reply->status == 202)
        return OPERATION_RUNNING;
    if (reply->status >= 200 && reply->status < 300) {
        if (body == NULL)
            return reply->body.length == 0 ? OPERATION_SUCCEEDED : OPERATION_UNKNOWN;
        return read_object(body);
    }
    bool is_refusal = reply->status == 400 || reply->status == 409 ||
                      reply->status == 412 || reply->status == 422;
    return is_refusal && body != NULL && is_error(body) && !blames_address(body)
               ? OPERATION_FAILED
               : OPERATION_UNKNOWN;
}

/* Source: azure-resource-manager-rpc v1.0, async-api-reference.md */
static enum dialect_operation_state read_operation(const struct http_reply *reply,
                                                   const json_t *body, bool is_status)
{
    if (!is_status)
        return read_result(reply, body);
    if (reply->status < 200 || reply->status >= 300)
        return OPERATION_UNKNOWN;
    const char *status = find_status(body);
    return status == NULL && reply->status == 202 ? OPERATION_RUNNING
                                                  : read_status(status);
}

static const struct http_header headers[] = {
    { "Accept-Language", "en-US" },
    { "x-ms-return-client-request-id", "true" },
    { NULL, NULL },
};

static const char *const transient_codes[] = { "MetadataResolverBadGatewayError",
                                               "Conflict", "AnotherOperationInProgress",
                                               NULL };

/* Without "Conflict", which may be final on a hub. */
static const char *const hub_transient_codes[] = { "AnotherOperationInProgress", NULL };

const struct dialect dialect_arm = {
    .name = "Azure Resource Manager",
    .headers = headers,
    .request_id_header = "x-ms-client-request-id",
    .correlation_id_header = "x-ms-correlation-request-id",
    .auxiliary_header = "x-ms-authorization-auxiliary",
    .query = query,
    .answer_request_id_header = "x-ms-request-id",
    .answer_correlation_id_header = "x-ms-correlation-request-id",
    .read_error = read_error,
    .transient_codes = transient_codes,
    .version_codes = version_codes,
    .owner_path = owner_path,
    .read_owner = read_owner,
    .is_error = is_error,
    .object_id = object_id,
    .read_page = read_page,
    .operation_status_header = "Azure-AsyncOperation",
    .operation_result_header = "Location",
    .read_operation = read_operation,
    /* Source: azure-stack-csp-ref-operations.md */
    .empty_without_body = "/customerSubscriptions",
    /* Source: azure-resource-manager request-limits-and-throttling.md: buckets of 250 reads and
     * 25/s, 200 writes and 10/s, 200 deletes and 10/s; headers
     * "x-ms-ratelimit-remaining-subscription-reads", "…-tenant-reads", "…-global-reads" */
    .rate_header_start = "x-ms-ratelimit-remaining-",
    .rates = {
        [REST_KIND_READ] = { "reads", 1000 / 25 },
        [REST_KIND_WRITE] = { "writes", 1000 / 10 },
        [REST_KIND_DELETE] = { "deletes", 1000 / 10 },
    },
};

const struct dialect dialect_hub = {
    .name = "Azure Stack Hub",
    .headers = headers,
    .request_id_header = "x-ms-client-request-id",
    .correlation_id_header = "x-ms-correlation-request-id",
    .query = query,
    .answer_request_id_header = "x-ms-request-id",
    .answer_correlation_id_header = "x-ms-correlation-request-id",
    .read_error = read_error,
    .transient_codes = hub_transient_codes,
    .version_codes = version_codes,
    .is_error = is_error,
    .object_id = hub_object_id,
    .read_page = read_page,
    .operation_status_header = "Azure-AsyncOperation",
    .operation_result_header = "Location",
    .read_operation = read_operation,
    /* Source: recordings of azurestack-powershell: some 15000 reads and 1200 writes an hour */
    .rate_header_start = "x-ms-ratelimit-remaining-",
    .rates = {
        [REST_KIND_READ] = { "reads", 3600 * 1000 / 15000 },
        [REST_KIND_WRITE] = { "writes", 3600 * 1000 / 1200 },
        [REST_KIND_DELETE] = { "deletes", 3600 * 1000 / 1200 },
    },
};
