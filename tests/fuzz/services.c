/* Targets against a service: the input is what it answers, and in front of it what is asked.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/arc_key.h"
#include "auth/credential.h"
#include "base/clock.h"
#include "fuzz/fuzz.h"
#include "http/retry.h"
#include "http/url.h"
#include "rest/json.h"
#include "rest/list.h"
#include "rest/long_running.h"
#include "session/discovery.h"
#include "session/own_sign_in.h"
#include "support/rest_fake.h"
#include "support/test_certificate.h"
#include "support/toy.h"

static const struct dialect *const dialects[] = { &dialect_arm, &dialect_hub,
                                                  &dialect_partner, &toy_dialect };

/* The first word of a line is a number, what is behind it the rest. */
static size_t read_choice(struct arena *arena, struct bytes *in, size_t count,
                          const char **rest)
{
    const char *line = fuzz_line(arena, in);
    char *end;
    size_t number = strtoul(line, &end, 10);
    *rest = end + strspn(end, " ");
    return number % count;
}

/* ---- one answer -------------------------------------------------------------------------------- */

static void read_body(struct arena *arena, const struct dialect *dialect,
                      const char *list_id, const struct http_reply *reply,
                      const json_t *body)
{
    struct dialect_next next = { .address = NULL };
    const char *address = arena_print(arena, "https://arm.test%s", list_id);
    json_t *objects = dialect->read_page(arena, address, reply, body, &next), *object;
    size_t i;
    json_array_foreach(objects, i, object)
    {
        if (dialect->object_id != NULL && json_is_object(object))
            dialect->object_id(arena, list_id, object);
    }
    if (dialect->is_error != NULL)
        dialect->is_error(body);
    if (dialect->read_operation != NULL)
        for (int is_status = 0; is_status < 2; is_status++)
            dialect->read_operation(reply, body, is_status == 1);
    json_t *member = rest_json_find(body, "properties.status");
    rest_json_is_broken_text(member);
}

void fuzz_replies(struct arena *arena, struct bytes in)
{
    const char *list_id;
    const struct dialect *dialect = dialects[read_choice(arena, &in, 4, &list_id)];
    struct fuzz_service service;
    fuzz_service_init(&service, in, NULL);
    struct error err = NO_ERROR;
    auto_http_reply reply = fuzz_service_next(&service, &err);
    if (reply == NULL)
        return;
    struct rest_failure failure = { .status = 0 };
    json_t *body = rest_json_parse_object(reply->body);
    rest_failure_read(&failure, dialect, reply, body);
    fuzz_check_text(failure.code);
    fuzz_check_text(failure.message);
    fuzz_require(strlen(failure.message) < 2 * REST_MESSAGE_BYTES_MAX,
                 "a message has an end", "");
    rest_failure_clear(&failure);
    if (body != NULL)
        read_body(arena, dialect, list_id, reply, body);
    json_t *digits = rest_json_parse_digits(reply->body);
    fuzz_require(body == NULL || digits != NULL, "digits are kept of all that is read",
                 "");
    json_decref(body);
    json_decref(digits);
    int64_t wait_ms = http_retry_after_ms(reply);
    fuzz_require(wait_ms >= -1 && wait_ms <= HTTP_RETRY_AFTER_MOST_MS,
                 "a wait has an end", "");
    struct rate_limit *rate_limit = rate_limit_new(dialect);
    rate_limit_update(rate_limit, REST_KIND_READ, reply);
    rate_limit_free(rate_limit);
    if (dialect->read_owner != NULL)
        dialect->read_owner(arena, reply);
}

/* ---- several answers --------------------------------------------------------------------------- */

static int take_page(void *state, const json_t *objects, struct error *err)
{
    (void)state, (void)err;
    fuzz_require(json_is_array(objects), "a page is an array", "");
    return 0;
}

/* Even numbers list what is under the ID, odd ones write it and follow the operation. */
void fuzz_exchanges(struct arena *arena, struct bytes in)
{
    static const char *const trusted[] = { "https://arm.test", NULL };
    const char *id;
    size_t choice = read_choice(arena, &in, 16, &id);
    bool is_list = choice % 2 == 0, is_special = choice >= 8;
    struct fake_credential credential = fake_credential_of(FUZZ_SECRET);
    struct fuzz_service service;
    fuzz_service_init(&service, in, trusted);
    struct rest_client client = {
        .dialect = dialects[choice / 2 % 4],
        .transport = &service.base,
        .base = trusted[0],
        .tokens = auth_cache_new(&credential.base, &service.base, "a"),
        .correlation_id = "11111111-2222-3333-4444-555555555555",
    };
    struct call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    const struct rest_list list = { .id = id,
                                    .api_version = "2 1",
                                    .is_optional = is_special,
                                    .keeps_digits = is_special,
                                    .has_no_ids = is_special };
    const struct rest_request write = { .method = is_special ? "DELETE" : "PUT",
                                        .id = id,
                                        .api_version = "2 1" };
    struct error err = NO_ERROR;
    struct rest_reply *reply = NULL, *end = NULL;
    int result = is_list ? rest_list(&call, &client, &list, take_page, NULL, &err)
                         : rest_write(&call, &client, &write, &reply, &err);
    fuzz_check_error(result, &err);
    if (reply != NULL && rest_operation_wait(&call, &client, &write, reply, &end, &err) ==
                             REST_OPERATION_FAILED)
        fuzz_require(end != NULL, "a failure says why", "");
    rest_reply_free(reply);
    rest_reply_free(end);
    call_clear(&call);
    auth_cache_free(client.tokens);
}

/* ---- tokens ------------------------------------------------------------------------------------ */

static struct auth_config configs[] = {
    { .client_secret = FUZZ_SECRET },
    { .client_secret = FUZZ_SECRET, .is_adfs = true },
    { .client_secret = FUZZ_SECRET, .refresh_token = "r-" FUZZ_SECRET },
    { .client_certificate_password = FUZZ_SECRET },
    { .uses_oidc = true, .oidc_token = "eyJhIjoxfQ.eyJiIjoyfQ." FUZZ_SECRET },
    { .uses_oidc = true,
      .oidc_request_url = "https://oidc.test/x?a=b",
      .oidc_request_token = FUZZ_SECRET },
    { .uses_oidc = true,
      .oidc_request_url = "https://oidc.test/x",
      .oidc_request_token = FUZZ_SECRET,
      .ado_pipeline_service_connection_id = "0a1b2c3d-1111-4222-8333-444455556666" },
    { .uses_msi = true },
};
enum { CERTIFICATE = 3, CONFIGS = sizeof configs / sizeof *configs };

static void make_files(void)
{
    struct test_certificate made;
    test_certificate_make(&made, "RSA", 10);
    struct test_bytes pfx = test_certificate_pfx(made.key, made.x509, FUZZ_SECRET, 0);
    configs[CERTIFICATE].client_certificate = test_base64(&pfx);
    free(pfx.data);
    test_certificate_clear(&made);
    arc_key_folder = ".";
    FILE *file = fopen("./a.key", "w");
    fuzz_require(file != NULL && fputs(FUZZ_SECRET, file) > 0 && fclose(file) == 0,
                 "a file", "");
    for (size_t i = 0; i < CONFIGS; i++) {
        configs[i].authority = "https://login.test";
        configs[i].tenant_id = configs[i].is_adfs ? "adfs" : "tenant.test";
        configs[i].client_id = configs[i].uses_msi ? NULL : "client";
    }
}

/* "": the variable has none. */
static const char *origin_in(struct arena *arena, const char *variable)
{
    const char *url = getenv(variable);
    return url != NULL ? arena_print(arena, "%.*s", (int)http_origin_length(url), url)
                       : "";
}

/* A number; variables; answers. */
void fuzz_credentials(struct arena *arena, struct bytes in)
{
    static const char *const starts[] = { "IDENTITY",  "IMDS",     "MSI",
                                          "AZURE_POD", "DEFAULT_", NULL };
    static bool is_made;
    if (!is_made)
        make_files();
    is_made = true;
    const char *client_id;
    struct auth_config config = configs[read_choice(arena, &in, CONFIGS, &client_id)];
    if (config.uses_msi && *client_id != '\0')
        config.client_id = client_id;
    fuzz_set_environment(arena, &in, starts);
    /* Where the environment says that the services of this machine are, they are. */
    const char *const trusted[] = { "https://login.test",
                                    "https://oidc.test",
                                    "http://127.0.0.1:40342",
                                    origin_in(arena, "IDENTITY_ENDPOINT"),
                                    origin_in(arena, "MSI_ENDPOINT"),
                                    NULL };
    struct fuzz_service service;
    fuzz_service_init(&service, in, trusted);
    struct call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    struct credential *credential = NULL;
    struct auth_token token = { .text = NULL };
    struct error err = NO_ERROR;
    int result = credential_choose(&config, &credential, &err);
    if (result == 0)
        result = credential->fetch(credential, &call, &service.base, "https://arm.test",
                                   &token, &err);
    fuzz_check_error(result, &err);
    fuzz_require(result < 0 || (token.text != NULL && secret_length(token.text) > 0),
                 "a token has a text", "");
    secret_free(token.text);
    credential_free(credential);
    call_clear(&call);
    fuzz_forget_environment();
}

/* ---- who is where ------------------------------------------------------------------------------ */

void fuzz_metadata(struct arena *arena, struct bytes in)
{
    static const char *const environments[] = { "public", "usgovernment", "china",
                                                "custom" };
    static const char *const nowhere[] = { NULL };
    const char *host;
    size_t choice = read_choice(arena, &in, 6, &host);
    struct fuzz_service service;
    fuzz_service_init(&service, in, nowhere);
    struct call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    struct error err = NO_ERROR;
    if (choice < 4) {
        struct discovered found;
        int result = discovery_fetch(&call, &service.base, "arm.test",
                                     environments[choice], &found, &err);
        fuzz_check_error(result, &err);
        fuzz_require(result < 0 || strncasecmp(found.authority, "https://", 8) == 0,
                     "it is https", host);
        fuzz_require(result < 0 || strncasecmp(found.endpoint, "https://", 8) == 0,
                     "it is https", host);
    } else {
        const struct service_config config = {
            .name = "hub",
            .dialect = &dialect_hub,
            .endpoint = "https://adminmanagement.local.azurestack.external",
            .auth = { .client_id = "c", .client_secret = FUZZ_SECRET },
            .publishes_sign_in = true,
            .has_own_proof = choice == 5,
            .block = "hub",
            .endpoint_name = "endpoint",
        };
        struct own_sign_in found = { .authority = NULL };
        int result = own_sign_in_ask(&call, &service.base, &config, &found, &err);
        fuzz_check_error(result, &err);
        const char *authority = result == 0 ? found.authority : "";
        fuzz_require(result < 0 || strcasestr(authority, "login.") != NULL ||
                         strcasestr(authority, ".local.azurestack.external") != NULL,
                     "a login service is trusted", authority);
        fuzz_require(result < 0 || !found.is_adfs || config.has_own_proof,
                     "an AD FS gets no secret of Entra's", authority);
    }
    call_clear(&call);
}
