/* Entra: the token endpoint. Form: client credentials; what proves the client is in proof.c.
 * SPDX-License-Identifier: MPL-2.0 */
#include "entra.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "aadsts.h"
#include "assertion.h"
#include "log.h"
#include "proof.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"

/* What Entra knows an application for; whether ARM takes it is ARM's matter. */
static const char audiences[] =
    "https://management.azure.com|https://management.core.windows.net"
    "|https://management.usgovcloudapi.net|https://management.core.usgovcloudapi.net"
    "|https://management.chinacloudapi.cn|https://management.core.chinacloudapi.cn"
    "|https://graph.microsoft.com|https://api.partnercenter.microsoft.com";

static bool split_path(const char *path, char **tenant)
{
    static const char end[] = "/oauth2/v2.0/token";
    if (path[0] != '/' || !text_ends(path, end))
        return false;
    size_t length = strlen(path) - strlen(end);
    if (length < 2 || memchr(path + 1, '/', length - 1) != NULL)
        return false;
    *tenant = percent_decode(path + 1, length - 1, false);
    return *tenant != NULL;
}

bool entra_owns(const char *path)
{
    char *tenant = NULL;
    bool owns = split_path(path, &tenant);
    free(tenant);
    return owns;
}

static const char *field(const json_t *form, const char *name)
{
    return json_string_value(json_object_get(form, name));
}

/* False, and the answer made, when the request is no proper client_credentials request. */
static bool check_form(struct exchange *x, const json_t *form)
{
    static const char *const needed[] = { "grant_type", "client_id", "scope" };
    static const char known[] = "grant_type|client_id|scope|client_secret"
                                "|client_assertion_type|client_assertion";
    const char *name;
    json_t *value;
    for (int i = 0; i < 3; i++)
        if (field(form, needed[i]) == NULL)
            return aadsts_reject(
                x, 400, "invalid_request", 900144,
                "The request body must contain the following parameter: '%s'.",
                needed[i]);
    if (strcmp(field(form, "grant_type"), "client_credentials") != 0)
        return aadsts_reject(x, 400, "unsupported_grant_type", 70003,
                             "The app requested an unsupported grant type.");
    json_object_foreach((json_t *)form, name, value)
    {
        if (!text_is_one_of(name, known))
            return aadsts_reject(x, 400, "invalid_request", 9002313,
                                 "Request is malformed or invalid: parameter '%s' is not "
                                 "known to this emulator.",
                                 name);
    }
    return true;
}

static const json_t *find_application(const char *tenant, const char *client,
                                      bool *tenant_exists)
{
    size_t i;
    json_t *known;
    *tenant_exists = false;
    json_array_foreach(store_applications(), i, known)
    {
        if (strcasecmp(field(known, "tenant_id"), tenant) != 0)
            continue;
        *tenant_exists = true;
        if (strcasecmp(field(known, "client_id"), client) == 0)
            return known;
    }
    return NULL;
}

static const json_t *check_application(struct exchange *x, const char *client,
                                       const char *tenant)
{
    bool tenant_exists;
    const json_t *application = find_application(tenant, client, &tenant_exists);
    if (!tenant_exists)
        aadsts_reject(x, 400, "invalid_request", 90002,
                      "Tenant '%s' not found. Check to make sure you have the correct "
                      "tenant ID and are signing into the correct cloud.",
                      tenant);
    else if (application == NULL)
        aadsts_reject(x, 400, "unauthorized_client", 700016,
                      "Application with identifier '%s' was not found in the directory "
                      "'%s'.",
                      client, tenant);
    return application;
}

bool entra_knows_audience(const char *audience)
{
    return text_is_one_of(audience, audiences);
}

/* The audience of "{audience}/.default", to be freed; NULL when refused. */
static char *check_scope(struct exchange *x, const char *scope)
{
    if (!text_ends(scope, "/.default") || strchr(scope, ' ') != NULL) {
        aadsts_reject(x, 400, "invalid_scope", 70011,
                      "The provided request must include a 'scope' input parameter. The "
                      "provided value for the input parameter 'scope' is not valid. The "
                      "scope %s is not valid.",
                      scope);
        return NULL;
    }
    char *audience =
        text_format("%.*s", (int)(strlen(scope) - strlen("/.default")), scope);
    char *bare = text_copy(audience);
    if (text_ends(bare, "/"))
        bare[strlen(bare) - 1] = '\0';
    char *own = exchange_origin(x);
    if (!entra_knows_audience(bare) && strcmp(bare, own) != 0) {
        aadsts_reject(x, 400, "invalid_resource", 500011,
                      "The resource principal named %s was not found in the tenant.",
                      audience);
        free(audience);
        audience = NULL;
    }
    free(own);
    free(bare);
    return audience;
}

/* Takes `proof`. */
static void grant(struct exchange *x, const json_t *application, const char *audience,
                  json_t *proof)
{
    const json_t *token = tokens_issue(application, audience, proof);
    long lifetime = switch_number("token_lifetime_s");
    char *digits = text_format("%ld", lifetime);
    json_t *expires_in = switch_is("expires_in_form", "string") ? json_string(digits)
                                                                : json_integer(lifetime);
    answer_json(x, 200,
                json_pack("{s:s, s:O, s:o, s:O}", "token_type", "Bearer", "expires_in",
                          expires_in, "ext_expires_in", expires_in, "access_token",
                          json_object_get(token, "text")));
    x->answer.shown = tokens_hide(x->answer.body, token);
    free(digits);
}

static void answer_form(struct exchange *x, const json_t *form, const char *tenant)
{
    const json_t *application = check_application(x, field(form, "client_id"), tenant);
    json_t *proof = application ? proof_check(x, form, application) : NULL;
    char *audience = proof ? check_scope(x, field(form, "scope")) : NULL;
    if (audience != NULL)
        grant(x, application, audience, proof);
    else
        json_decref(proof);
    free(audience);
}

/* Of another clock than ours its answers tell the time. */
static void tell_time(struct exchange *x)
{
    time_t now = (time_t)assertion_now_s();
    struct tm utc;
    char text[64];
    if (switch_number("clock_ahead_s") == 0)
        return;
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    answer_header(x, "Date", text);
}

void entra_answer(struct exchange *x)
{
    const char *type = exchange_header(x, "Content-Type"), *why = "";
    tell_time(x);
    if (strcmp(x->method, "POST") != 0) {
        aadsts_reject(x, 405, "invalid_request", 900561,
                      "The endpoint only accepts POST requests.");
        return;
    }
    if (type == NULL || !text_starts(type, "application/x-www-form-urlencoded", true)) {
        aadsts_reject(
            x, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: 'grant_type'. The body "
            "is not application/x-www-form-urlencoded.");
        return;
    }
    char *tenant = NULL;
    json_t *form = form_parse(x->body, true, false, &why);
    split_path(x->path, &tenant);
    if (form == NULL)
        aadsts_reject(x, 400, "invalid_request", 9002313,
                      "Request is malformed or invalid: %s.", why);
    else if (check_form(x, form))
        answer_form(x, form, tenant);
    json_decref(form);
    free(tenant);
}

char *entra_redact_form(const char *body)
{
    char *out = text_copy("");
    while (*body) {
        size_t length = strcspn(body, "&");
        bool is_secret = text_starts(body, "client_secret=", true) ||
                         text_starts(body, "client_assertion=", true);
        size_t shown = is_secret ? strcspn(body, "=") + 1 : length;
        char *longer = text_format("%s%s%.*s%s", out, *out ? "&" : "", (int)shown, body,
                                   is_secret ? "<secret>" : "");
        body += length + (body[length] == '&');
        free(out);
        out = longer;
    }
    return out;
}

void entra_apply_fault(struct exchange *x, const json_t *fault)
{
    const char *what = field(fault, "what");
    if (strcmp(what, "aadsts") == 0) {
        long code = (long)json_integer_value(json_object_get(fault, "code"));
        long status = (long)json_integer_value(json_object_get(fault, "status"));
        json_decref(x->answer.shown);
        x->answer.shown = NULL;
        aadsts_refuse(x, status ? (int)status : 400, "invalid_client",
                      code ? code : 7000215, "This is what the fault script asked for.");
        return;
    }
    /* expires_in: the token lives as long as it is said to, where that can be read. */
    json_t *value = json_object_get(fault, "value");
    json_t *text = json_object_get(x->answer.body, "access_token");
    json_t *token = text ? tokens_find(json_string_value(text)) : NULL;
    if (token == NULL)
        return;
    long seconds;
    if (json_is_integer(value))
        seconds = (long)json_integer_value(value);
    else if (!json_is_string(value) ||
             !text_number(json_string_value(value), 1 << 30, &seconds))
        seconds = switch_number("token_lifetime_s");
    json_object_set_new(token, "expires_ms",
                        json_integer(clock_wall_ms() + 1000 * seconds));
    if (value == NULL) {
        json_object_del(x->answer.body, "expires_in");
        json_object_del(x->answer.body, "ext_expires_in");
    } else {
        json_object_set(x->answer.body, "expires_in", value);
        json_object_set(x->answer.body, "ext_expires_in", value);
    }
    json_decref(x->answer.shown);
    x->answer.shown = tokens_hide(x->answer.body, token);
}
