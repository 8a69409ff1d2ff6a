/* What a machine in Azure finds by itself: tokens for the identities that are assigned to it.
 * Source: entra-docs managed-identities how-to-use-vm-token.md; azure-docs
 * app-service/overview-managed-identity.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "entra.h"
#include "log.h"
#include "server.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"

static const char *field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Each place has its own form of an error; App Service's is as in azure-docs issue 43543. */
static bool refuse_imds(struct exchange *x, int status, const char *error,
                        const char *description)
{
    log_rejected(x, description);
    answer_json(
        x, status,
        json_pack("{s:s, s:s}", "error", error, "error_description", description));
    return false;
}

static bool refuse_app(struct exchange *x, int status, const char *message)
{
    char correlation[GUID_SIZE];
    guid_random(correlation);
    log_rejected(x, message);
    answer_json(x, status,
                json_pack("{s:i, s:s, s:s}", "StatusCode", status, "Message", message,
                          "CorrelationId", correlation));
    return false;
}

/* Without client_id the system's own one; it is NULL when none is meant. */
static const json_t *find_identity(const char *place, const char *header,
                                   const char *client_id)
{
    size_t i;
    json_t *known;
    json_array_foreach(store_identities(), i, known)
    {
        if (strcmp(field(known, "place"), place) != 0 ||
            (header && strcmp(field(known, "header"), header) != 0))
            continue;
        if (client_id ? strcasecmp(field(known, "client_id"), client_id) == 0
                      : strcmp(field(known, "assigned"), "system") == 0)
            return known;
    }
    return NULL;
}

static bool header_is_known(const char *header)
{
    size_t i;
    json_t *known;
    json_array_foreach(store_identities(), i, known)
    {
        if (header && *header && strcmp(field(known, "header"), header) == 0)
            return true;
    }
    return false;
}

static bool has_only(const json_t *query, const char *known)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)query, name, value)
    {
        if (!text_is_one_of(name, known))
            return false;
    }
    return query != NULL;
}

/* Bare of its slash; ARM's own address counts too. */
static bool is_resource(const char *resource)
{
    char *bare = text_copy(resource),
         *own = text_format("https://localhost:%d", server_port());
    if (text_ends(bare, "/"))
        bare[strlen(bare) - 1] = '\0';
    bool is = entra_knows_audience(bare) || strcmp(bare, own) == 0;
    free(bare);
    free(own);
    return is;
}

static void grant(struct exchange *x, const json_t *identity, const char *resource,
                  bool tells_life)
{
    char *method = text_format("managed identity, %s", field(identity, "place"));
    const json_t *token =
        tokens_issue(identity, resource, json_pack("{s:s}", "method", method));
    long life = switch_number("token_lifetime_s");
    /* All of them texts, the numbers too. */
    char *lives = text_format("%ld", life);
    char *ends = text_format(
        "%lld",
        (long long)json_integer_value(json_object_get(token, "expires_ms")) / 1000);
    json_t *body = json_pack("{s:O, s:s, s:s, s:s, s:O}", "access_token",
                             json_object_get(token, "text"), "expires_on", ends,
                             "resource", resource, "token_type", "Bearer", "client_id",
                             json_object_get(identity, "client_id"));
    if (tells_life)
        json_object_set_new(body, "expires_in", json_string(lives));
    answer_json(x, 200, body);
    x->answer.shown = tokens_hide(body, token);
    free(method);
    free(lives);
    free(ends);
}

static bool check_imds(struct exchange *x)
{
    static const char versions[] =
        "2018-02-01|2019-02-01|2019-03-11|2019-04-30|2019-06-01|2019-08-01|2020-06-01"
        "|2020-09-01|2021-02-01";
    const char *metadata = exchange_header(x, "Metadata");
    const char *version = exchange_query(x, "api-version");
    if (strcmp(x->method, "GET") != 0 || x->body_bytes != 0)
        return refuse_imds(x, 405, "method_not_allowed", "Only GET, without a body");
    /* Both keep an attacker from having a server ask in his place. */
    if (metadata == NULL || strcasecmp(metadata, "true") != 0)
        return refuse_imds(x, 400, "bad_request_102",
                           "Required metadata header not specified");
    if (exchange_header(x, "X-Forwarded-For") != NULL)
        return refuse_imds(x, 400, "invalid_request", "The request came through a proxy");
    if (version == NULL || !text_is_one_of(version, versions))
        return refuse_imds(x, 400, "invalid_request",
                           "The api-version is missing, or none that is known");
    if (!has_only(x->query, "api-version|resource|client_id"))
        return refuse_imds(
            x, 400, "invalid_request",
            "The query may hold api-version, resource and client_id, each once");
    const char *resource = exchange_query(x, "resource");
    return (resource != NULL && is_resource(resource)) ||
           refuse_imds(
               x, 400, "invalid_resource",
               "AADSTS500011: The resource principal was not found in the tenant");
}

static void answer_imds(struct exchange *x)
{
    if (!check_imds(x))
        return;
    const json_t *identity =
        find_identity("virtual_machine", NULL, exchange_query(x, "client_id"));
    if (identity == NULL)
        refuse_imds(x, 400, "invalid_request", "Identity not found");
    else
        grant(x, identity, exchange_query(x, "resource"), true);
}

static void answer_app(struct exchange *x)
{
    const char *header = exchange_header(x, "X-IDENTITY-HEADER");
    const char *version = exchange_query(x, "api-version");
    const char *resource = exchange_query(x, "resource");
    const json_t *identity = NULL;
    if (!header_is_known(header))
        refuse_app(x, 401, "X-IDENTITY-HEADER is missing or wrong.");
    else if (strcmp(x->method, "GET") != 0 || x->body_bytes != 0)
        refuse_app(x, 405, "Only GET, without a body.");
    else if (version == NULL || strcmp(version, "2019-08-01") != 0)
        refuse_app(x, 400, "The api-version has to be 2019-08-01.");
    else if (!has_only(x->query, "api-version|resource|client_id"))
        refuse_app(x, 400, "The query may hold api-version, resource and client_id.");
    else if (resource == NULL || !is_resource(resource))
        refuse_app(x, 400, "The resource is missing or not known.");
    else if ((identity = find_identity("app_service", header,
                                       exchange_query(x, "client_id"))) == NULL)
        refuse_app(x, 400, "No managed identity was found for the specified client id.");
    else
        grant(x, identity, resource, false);
}

/* Names the file of a key at first, and gives a token to who sends its content. */
static void answer_arc(struct exchange *x)
{
    const char *proof = exchange_header(x, "Authorization");
    const char *version = exchange_query(x, "api-version");
    const char *resource = exchange_query(x, "resource");
    const json_t *identity = find_identity("azure_arc", NULL, NULL);
    if (identity == NULL || exchange_header(x, "Metadata") == NULL ||
        strcmp(exchange_header(x, "Metadata"), "true") != 0) {
        refuse_imds(x, 400, "invalid_request", "Metadata: true is missing");
    } else if (strcmp(x->method, "GET") != 0 || version == NULL ||
               strcmp(version, "2020-06-01") != 0 || resource == NULL ||
               !is_resource(resource) || !has_only(x->query, "api-version|resource")) {
        refuse_imds(x, 400, "invalid_request",
                    "GET with api-version=2020-06-01, and a resource that is known");
    } else if (proof == NULL) {
        char *realm = text_format("Basic realm=%s", field(identity, "key_file"));
        answer_json(x, 401, json_pack("{s:s}", "error", "unauthorized_client"));
        answer_header(x, "WWW-Authenticate", realm);
        free(realm);
    } else if (strncmp(proof, "Basic ", 6) != 0 ||
               strcmp(proof + 6, field(identity, "header")) != 0) {
        refuse_imds(x, 401, "unauthorized_client", "The key is not that of the file");
    } else {
        grant(x, identity, resource, true);
    }
}

static void answer_cloud_shell(struct exchange *x)
{
    const char *metadata = exchange_header(x, "Metadata");
    const json_t *identity = find_identity("cloud_shell", NULL, NULL);
    const char *wrong;
    json_t *form = form_parse(x->body, true, false, &wrong);
    const char *resource = field(form, "resource");
    if (identity == NULL || strcmp(x->method, "POST") != 0 || metadata == NULL ||
        strcmp(metadata, "true") != 0 || x->query == NULL ||
        json_object_size(x->query) != 0 || !has_only(form, "resource") ||
        !is_resource(resource))
        refuse_imds(x, 400, "invalid_request",
                    "POST with Metadata: true, and a form with a known resource");
    else
        grant(x, identity, resource, true);
    json_decref(form);
}

void machine_answer(struct exchange *x)
{
    if (strcmp(x->path, "/metadata/identity/oauth2/token") == 0) {
        answer_imds(x);
    } else if (strcmp(x->path, "/msi/token") == 0) {
        answer_app(x);
    } else if (strcmp(x->path, "/arc/metadata/identity/oauth2/token") == 0) {
        answer_arc(x);
    } else if (strcmp(x->path, "/oauth2/token") == 0) {
        answer_cloud_shell(x);
    } else {
        log_rejected(x, "There is no such path on a machine.");
        answer_json(x, 404, json_pack("{s:s}", "error", "not_found"));
    }
}
