/* Entra: the token endpoint. Form: client credentials with a secret; errors as Entra words
 * them, since the AADSTS number is what a client and its user go by.
 * SPDX-License-Identifier: MPL-2.0 */
#include "entra.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "log.h"
#include "store.h"
#include "switches.h"
#include "text.h"

static json_t *tokens; /* an array; number n is at n - 1 */

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

/* {"error", "error_description", "error_codes", …} */
static void refuse(struct exchange *x, int status, const char *error, long code,
                   const char *message)
{
    char trace[GUID_SIZE], correlation[GUID_SIZE], stamp[32];
    guid_random(trace);
    guid_random(correlation);
    time_t now = time(NULL);
    struct tm utc;
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
    char *description =
        text_format("AADSTS%ld: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code,
                    message, trace, correlation, stamp);
    char *uri = text_format("https://login.microsoftonline.com/error?code=%ld", code);
    answer_json(x, status,
                json_pack("{s:s, s:o, s:[I], s:s, s:s, s:s, s:s}", "error", error,
                          "error_description",
                          text_json(description, strlen(description)), "error_codes",
                          (json_int_t)code, "timestamp", stamp, "trace_id", trace,
                          "correlation_id", correlation, "error_uri", uri));
    free(description);
    free(uri);
}

/* The same for a request that is wrong, which all are here: REJECTED. */
static void reject(struct exchange *x, int status, const char *error, long code,
                   const char *message)
{
    char *reason = text_format("AADSTS%ld: %s", code, message);
    log_rejected(x, reason);
    refuse(x, status, error, code, message);
    free(reason);
}

static const char *field(const json_t *form, const char *name)
{
    return json_string_value(json_object_get(form, name));
}

/* False, and the answer made, when the request is no proper client_credentials request. */
static bool check_form(struct exchange *x, const json_t *form)
{
    static const char *const needed[] = { "grant_type", "client_id", "scope" };
    const char *name;
    json_t *value;
    for (int i = 0; i < 3; i++) {
        if (field(form, needed[i]) == NULL) {
            char *message = text_format(
                "The request body must contain the following parameter: '%s'.",
                needed[i]);
            reject(x, 400, "invalid_request", 900144, message);
            free(message);
            return false;
        }
    }
    if (strcmp(field(form, "grant_type"), "client_credentials") != 0) {
        reject(x, 400, "unsupported_grant_type", 70003,
               "The app requested an unsupported grant type.");
        return false;
    }
    json_object_foreach((json_t *)form, name, value)
    {
        if (!text_is_one_of(name, "grant_type|client_id|scope|client_secret")) {
            char *message =
                text_format("Request is malformed or invalid: parameter '%s' is "
                            "not known to this emulator.",
                            name);
            reject(x, 400, "invalid_request", 9002313, message);
            free(message);
            return false;
        }
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

static const json_t *check_application(struct exchange *x, const json_t *form,
                                       const char *tenant)
{
    bool tenant_exists;
    const char *client = field(form, "client_id"), *secret = field(form, "client_secret");
    const json_t *application = find_application(tenant, client, &tenant_exists);
    char *message = NULL;
    if (!tenant_exists) {
        message =
            text_format("Tenant '%s' not found. Check to make sure you have the correct "
                        "tenant ID and are signing into the correct cloud.",
                        tenant);
        reject(x, 400, "invalid_request", 90002, message);
    } else if (application == NULL) {
        message =
            text_format("Application with identifier '%s' was not found in the directory "
                        "'%s'.",
                        client, tenant);
        reject(x, 400, "unauthorized_client", 700016, message);
    } else if (secret == NULL) {
        reject(
            x, 401, "invalid_client", 7000218,
            "The request body must contain the following parameter: 'client_assertion' or "
            "'client_secret'.");
        application = NULL;
    } else if (strcmp(secret, field(application, "client_secret")) != 0) {
        message =
            text_format("Invalid client secret provided. Ensure the secret being sent in "
                        "the request is the client secret value, not the client secret "
                        "ID, for a secret added to app '%s'.",
                        client);
        reject(x, 401, "invalid_client", 7000215, message);
        application = NULL;
    }
    free(message);
    return application;
}

/* The audience of "{audience}/.default", to be freed; NULL when refused. */
static char *check_scope(struct exchange *x, const char *scope)
{
    if (!text_ends(scope, "/.default") || strchr(scope, ' ') != NULL) {
        char *message =
            text_format("The provided request must include a 'scope' input "
                        "parameter. The provided value for the input parameter "
                        "'scope' is not valid. The scope %s is not valid.",
                        scope);
        reject(x, 400, "invalid_scope", 70011, message);
        free(message);
        return NULL;
    }
    char *audience =
        text_format("%.*s", (int)(strlen(scope) - strlen("/.default")), scope);
    char *bare = text_copy(audience);
    if (text_ends(bare, "/"))
        bare[strlen(bare) - 1] = '\0';
    char *own = exchange_origin(x);
    if (!text_is_one_of(bare, audiences) && strcmp(bare, own) != 0) {
        char *message =
            text_format("The resource principal named %s was not found in the "
                        "tenant.",
                        audience);
        reject(x, 400, "invalid_resource", 500011, message);
        free(message);
        free(audience);
        audience = NULL;
    }
    free(own);
    free(bare);
    return audience;
}

static json_t *issue(const json_t *application, const char *audience)
{
    /* In the form of a JWT, as the real ones are: tests look for "Bearer eyJ…" in output. */
    char *random = text_random(240), *signature = text_random(64);
    char *text =
        text_format("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.%s.%s", random, signature);
    const char *role = field(application, "role");
    json_t *token = json_pack(
        "{s:I, s:s, s:O, s:O, s:s, s:s, s:I, s:b}", "number",
        (json_int_t)json_array_size(tokens) + 1, "text", text, "tenant_id",
        json_object_get(application, "tenant_id"), "client_id",
        json_object_get(application, "client_id"), "audience", audience, "role",
        role ? role : "contributor", "expires_ms",
        (json_int_t)(clock_wall_ms() + 1000 * switch_number("token_lifetime_s")),
        "is_revoked", 0);
    json_array_append_new(tokens, token);
    free(text);
    free(random);
    free(signature);
    return token;
}

static void show_without_token(struct exchange *x, json_int_t number)
{
    char *shown = text_format("<token #%lld>", (long long)number);
    x->answer.shown = json_deep_copy(x->answer.body);
    json_object_set_new(x->answer.shown, "access_token", json_string(shown));
    free(shown);
}

static void grant(struct exchange *x, const json_t *application, const char *audience)
{
    const json_t *token = issue(application, audience);
    json_int_t number = json_integer_value(json_object_get(token, "number"));
    long lifetime = switch_number("token_lifetime_s");
    char *digits = text_format("%ld", lifetime);
    json_t *expires_in = switch_is("expires_in_form", "string") ? json_string(digits)
                                                                : json_integer(lifetime);
    answer_json(x, 200,
                json_pack("{s:s, s:O, s:o, s:O}", "token_type", "Bearer", "expires_in",
                          expires_in, "ext_expires_in", expires_in, "access_token",
                          json_object_get(token, "text")));
    show_without_token(x, number);
    free(digits);
    log_event(requests_log, "EFFECT",
              json_pack("{s:s, s:I, s:O, s:O, s:s}", "what", "token issued", "number",
                        number, "tenant_id", json_object_get(token, "tenant_id"),
                        "client_id", json_object_get(token, "client_id"), "audience",
                        audience));
}

void entra_answer(struct exchange *x)
{
    const char *type = exchange_header(x, "Content-Type"), *why = "";
    if (strcmp(x->method, "POST") != 0) {
        reject(x, 405, "invalid_request", 900561,
               "The endpoint only accepts POST requests.");
        return;
    }
    if (type == NULL || !text_starts(type, "application/x-www-form-urlencoded", true)) {
        reject(
            x, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: 'grant_type'. The body "
            "is not application/x-www-form-urlencoded.");
        return;
    }
    char *tenant = NULL;
    json_t *form = form_parse(x->body, true, false, &why);
    split_path(x->path, &tenant);
    if (form == NULL) {
        char *message = text_format("Request is malformed or invalid: %s.", why);
        reject(x, 400, "invalid_request", 9002313, message);
        free(message);
    } else if (check_form(x, form)) {
        const json_t *application = check_application(x, form, tenant);
        char *audience = application ? check_scope(x, field(form, "scope")) : NULL;
        if (audience != NULL)
            grant(x, application, audience);
        free(audience);
    }
    json_decref(form);
    free(tenant);
}

const json_t *entra_token(const char *text)
{
    size_t i;
    json_t *token;
    json_array_foreach(tokens, i,
                       token) if (strcmp(field(token, "text"), text) == 0) return token;
    return NULL;
}

char *entra_redact_header(const char *value)
{
    /* x-ms-authorization-auxiliary holds several, with commas between them. */
    char *out = text_copy("");
    while (*value) {
        size_t length = strcspn(value, " ,");
        char *word = text_format("%.*s", (int)length, value);
        const json_t *token = entra_token(word);
        char *shown =
            token ? text_format("<token #%lld>", (long long)json_integer_value(
                                                     json_object_get(token, "number")))
            : strcasecmp(word, "Bearer") == 0 || length == 0
                ? text_copy(word)
                : text_copy("<unknown token>");
        char *longer = value[length] ? text_format("%s%s%c", out, shown, value[length])
                                     : text_format("%s%s", out, shown);
        value += length + (value[length] != '\0');
        free(out);
        free(word);
        free(shown);
        out = longer;
    }
    return out;
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
        refuse(x, status ? (int)status : 400, "invalid_client", code ? code : 7000215,
               "This is what the fault script asked for.");
        return;
    }
    /* expires_in: the token lives as long as it is said to, where that can be read. */
    json_t *value = json_object_get(fault, "value");
    json_t *text = json_object_get(x->answer.body, "access_token");
    json_t *token = (json_t *)(text ? entra_token(json_string_value(text)) : NULL);
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
    show_without_token(x, json_integer_value(json_object_get(token, "number")));
}

void entra_revoke_all(void)
{
    size_t i;
    json_t *token;
    json_array_foreach(tokens, i, token)
        json_object_set_new(token, "is_revoked", json_true());
}

void entra_forget_all(void)
{
    json_decref(tokens);
    tokens = json_array();
}

json_t *entra_dump(void)
{
    return json_deep_copy(tokens);
}
