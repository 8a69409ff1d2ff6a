/* The user who is signed in with the Azure CLI. Runs the program once for each token, with a
 * timeout of a minute (it is written in Python, and slow), and without the provider's secrets in
 * its environment.
 * Source: Azure CLI reference, "az account get-access-token"
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auth/cli_message.h"
#include "auth/inputs.h"
#include "auth/json_objects.h"
#include "auth/token_response.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

enum {
    PATIENCE_MS = 60 * 1000,
    OUTPUT_BYTES_MAX = 256 * 1024,
    LIFETIME_DEFAULT_MS = 5 * 60 * 1000,
};

static const char token_name[] = "accessToken";

struct azure_cli {
    struct credential base; /* first */
    char *path;
    char *tenant_id; /* NULL: the tenant that the CLI is signed in to */
};

/* ---- what it is started with ------------------------------------------------------------- */

static bool is_secret_variable(const char *line)
{
    static const char *const starts[] = { "ARM_CLIENT_SECRET", "ARM_CLIENT_CERTIFICATE",
                                          "ARM_OIDC_",         "ARM_ACCESS_KEY",
                                          "ARM_SAS_TOKEN",     "TF_TOKEN_",
                                          "TF_VAR_",           "TF_ENCRYPTION" };
    static const char *const ends[] = { "TOKEN", "_PASSWORD", "_CLIENT_SECRET",
                                        "_CLIENT_CERTIFICATE" };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (text_starts_ignoring_case(line, starts[i]))
            return true;
    }
    size_t length = strcspn(line, "=");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (length >= end && text_starts_ignoring_case(line + length - end, ends[i]))
            return true;
    }
    return false;
}

static const char *const *make_environment(struct arena *arena)
{
    char **all = environ; /* on Windows, a copy */
    size_t count = 0;
    while (all[count] != NULL)
        count++;
    const char **kept = arena_take_many(arena, count + 1, sizeof *kept);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_secret_variable(all[i]))
            kept[used++] = all[i];
    }
    return kept;
}

/* ---- what it says -------------------------------------------------------------------------- */

/* `expires_on` is in seconds since 1970. `expiresOn`, the only one in older versions, is local time
 * without a zone. */
static int64_t read_expiry_ms(json_t *object)
{
    json_t *member = json_object_get(object, "expires_on");
    long long seconds = json_integer_value(member);
    if (json_is_string(member))
        seconds = strtoll(json_string_value(member), NULL, 10);
    if (seconds > 0 && seconds < 100000000000)
        return seconds * 1000;
    const char *text = json_string_value(json_object_get(object, "expiresOn"));
    struct tm local = { .tm_isdst = -1 };
    if (text != NULL && strptime(text, "%Y-%m-%d %H:%M:%S", &local) != NULL)
        return (int64_t)mktime(&local) * 1000;
    return clock_wall_ms() + LIFETIME_DEFAULT_MS;
}

/* The object has a member that distinguishes the answer from a log line with a token. */
static bool is_whole(json_t *object)
{
    static const char *const names[] = { "expiresOn", "expires_on", "tokenType" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_object_get(object, names[i]) != NULL)
            return true;
    }
    return false;
}

static bool is_of_tenant(json_t *object, const char *tenant_id)
{
    return tenant_id == NULL ||
           text_equal_ignoring_case(json_string_value(json_object_get(object, "tenant")),
                                    tenant_id);
}

/* Wrappers and extensions may print other output, including JSON. The answer is the last object
 * that has a token and the answer's other members; else the last that has a token. With a
 * `tenant_id`, it has to name that tenant. */
static bool read_output(struct arena *arena, struct bytes output, const char *tenant_id,
                        struct auth_token *out)
{
    struct bytes *objects;
    size_t count = json_objects_find(arena, output, &objects);
    struct auth_token found = { 0 };
    bool is_found_whole = false;
    for (size_t i = count; i-- > 0 && !is_found_whole;) {
        if (memmem(objects[i].data, objects[i].length, token_name, strlen(token_name)) ==
            NULL)
            continue;
        json_t *object = token_response_parse(objects[i]);
        is_found_whole = is_whole(object);
        int64_t expires_ms = read_expiry_ms(object);
        bool is_right = is_of_tenant(object, tenant_id);
        json_decref(object);
        struct secret *text = is_right && (found.text == NULL || is_found_whole)
                                  ? token_response_take(objects[i], token_name)
                                  : NULL;
        is_found_whole = is_found_whole && text != NULL;
        if (text == NULL)
            continue;
        secret_free(found.text);
        found = (struct auth_token){ text, expires_ms };
    }
    if (found.text != NULL)
        *out = found;
    return found.text != NULL;
}

static bool is_blank(struct bytes text)
{
    size_t at = 0;
    while (at < text.length && text.data[at] != '\0' &&
           strchr(" \t\r\n", text.data[at]) != NULL)
        at++;
    return at == text.length;
}

/* The error with the CLI's standard error. Standard output is never shown: it may contain a
 * token. */
static int report_failure(struct call *call, const struct azure_cli *self,
                          struct child_result *result, struct bytes printed,
                          struct error *err)
{
    const char *act = result->status > 0  ? "returned no token"
                      : is_blank(printed) ? "printed nothing"
                                          : "printed output without a token";
    struct bytes said =
        BYTES(result->stderr_text,
              cli_message_strip(result->stderr_text, result->stderr_bytes));
    const char *words = cli_message_show(call->arena, said);
    const char *advice = cli_message_advice(call->arena, said);
    if (advice == NULL)
        advice = "Run `az account get-access-token` yourself. It shows the cause";
    if (*words == '\0' && result->status > 0)
        words =
            arena_print(call->arena, "returned nothing (exit status %d)", result->status);
    if (*words == '\0')
        return error_set(err, ERR_CREDENTIAL, "the Azure CLI (%s) %s.\n\nWhat to do: %s",
                         self->path, act, advice);
    bool is_long = strchr(words, '\n') != NULL;
    return error_set(err, ERR_CREDENTIAL,
                     "the Azure CLI (%s) %s. Its message:%s%s\n\nWhat to do: %s",
                     self->path, act, is_long ? "\n    " : " ", words, advice);
}

/* ---- the call -------------------------------------------------------------------------------- */

static int run(const struct azure_cli *self, struct call *call, const char *audience,
               const char *tenant_id, struct child_result *out, struct error *err)
{
    const char *const argv[] = { self->path,
                                 "account",
                                 "get-access-token",
                                 "--output",
                                 "json",
                                 "--resource",
                                 audience,
                                 tenant_id != NULL ? "--tenant" : NULL,
                                 tenant_id,
                                 NULL };
    const struct child child = {
        .argv = argv,
        .environment = make_environment(call->arena),
        .output_bytes_max = OUTPUT_BYTES_MAX,
        .patience_ms = PATIENCE_MS,
    };
    bool is_patience_over;
    if (child_run(call, &child, out, &is_patience_over, err) == 0)
        return 0;
    if (err->kind == ERR_STOPPED || (err->kind == ERR_TIMEOUT && !is_patience_over))
        return error_context(err, "waiting for the Azure CLI (%s)", self->path);
    /* Treated as a refusal, so that a thousand resources do not each wait a minute. */
    err->kind = ERR_CREDENTIAL;
    return error_context(err, "the Azure CLI returned no token");
}

static struct bytes shown(struct child_result *result)
{
    return BYTES(result->output, cli_message_strip(result->output, result->output_bytes));
}

/* In Cloud Shell, and if it is signed in with a managed identity: then it accepts no tenant, but says
 * of which tenant its token is. */
static bool refuses_tenant(const struct child_result *result)
{
    static const char words[] = "shouldn't be specified";
    return memmem(result->stderr_text, result->stderr_bytes, words, strlen(words)) !=
           NULL;
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)transport;
    struct azure_cli *self = (struct azure_cli *)credential;
    auto_child_result result = { 0 };
    if (run(self, call, audience, self->tenant_id, &result, err) < 0)
        return -1;
    struct bytes printed = shown(&result);
    if (result.status <= 0 && read_output(call->arena, printed, NULL, out))
        return 0;
    if (result.status > 0 && self->tenant_id != NULL && refuses_tenant(&result)) {
        auto_child_result again = { 0 };
        if (run(self, call, audience, NULL, &again, err) < 0)
            return -1;
        printed = shown(&again);
        if (again.status > 0)
            return report_failure(call, self, &again, printed, err);
        if (read_output(call->arena, printed, self->tenant_id, out))
            return 0;
    }
    return report_failure(call, self, &result, printed, err);
}

static void azure_cli_free(struct credential *credential)
{
    struct azure_cli *self = (struct azure_cli *)credential;
    free(self->tenant_id);
    free(self->path);
    free(self);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    *out = NULL;
    if (!config->uses_cli) {
        error_set(missing, ERR_CREDENTIAL, "use_cli (ARM_USE_CLI) is false");
        return 0;
    }
    if (config->has_others_proof) {
        error_set(missing, ERR_CREDENTIAL,
                  "client_id (ARM_CLIENT_ID) names an application, whose secret or "
                  "certificate is not configured. To sign in as the user of the Azure "
                  "CLI instead, set use_cli (ARM_USE_CLI) to true");
        return 0;
    }
    auto_arena arena = arena_new();
    const char *path = child_find(arena, "az");
    if (path == NULL) {
        error_set(missing, ERR_CREDENTIAL,
                  "the program `az` is not on PATH; install the Azure CLI and sign "
                  "in with `az login`");
        return 0;
    }
    bool has_tenant = input_is_set(config->tenant_id);
    if (has_tenant && input_check_tenant(config->tenant_id, err) < 0)
        return -1;
    struct azure_cli *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_azure_cli,
                                      .fetch = fetch,
                                      .free = azure_cli_free };
    self->path = memory_copy_text(path);
    self->tenant_id = has_tenant ? memory_copy_text(config->tenant_id) : NULL;
    *out = &self->base;
    return 0;
}

const struct credential_source credential_azure_cli = {
    .name = "Azure CLI",
    .is_slow = true,
    .create = create,
};
