/* A service principal that proves itself by a client secret.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/credential.h"
#include "auth/entra.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

enum {
    TOKEN_REPLY_BYTES_MAX = 256 * 1024,
    TOKEN_BYTES_MAX = 64 * 1024,
    TOKEN_TIMEOUT_MS = 30 * 1000,
    GARBLED_ATTEMPTS_MAX = 3,
    /* RFC 6749, 5.1 lets a service leave it out. */
    LIFE_UNTOLD_S = 5 * 60,
    LIFE_MOST_S = 7 * 24 * 60 * 60,
};

struct client_secret {
    struct credential base; /* first */
    char *url, *client_id;
    struct secret *secret;
};

/* ---- the request's body, which is wiped after use ----------------------------------- */

struct form {
    char *text;
    size_t length, room;
};

static void form_clear(struct form *form)
{
    secret_wipe(form->text, form->room);
    free(form->text);
}

static void form_add(struct form *form, const char *name, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";
    size_t room = form->length + strlen(name) + 3 * strlen(value) + 3;
    if (room > form->room) {
        char *grown = memory_new(room * 2);
        if (form->length != 0)
            memcpy(grown, form->text, form->length);
        form_clear(form);
        form->text = grown;
        form->room = room * 2;
    }
    char *at = form->text + form->length;
    if (form->length != 0)
        *at++ = '&';
    at = stpcpy(at, name);
    *at++ = '=';
    for (; *value != '\0'; value++) {
        unsigned char one = (unsigned char)*value;
        if (strchr(plain, one) != NULL) {
            *at++ = *value;
            continue;
        }
        *at++ = '%';
        *at++ = "0123456789ABCDEF"[one >> 4];
        *at++ = "0123456789ABCDEF"[one & 0x0F];
    }
    *at = '\0';
    form->length = (size_t)(at - form->text);
}

/* ---- the answer ------------------------------------------------------------------------ */

static void wipe_body(struct http_reply *reply)
{
    if (reply != NULL && reply->body.length != 0)
        secret_wipe((void *)reply->body.data, reply->body.length);
}

/* A number in v2.0, a string elsewhere. */
static long long read_life_s(json_t *object)
{
    json_t *member = json_object_get(object, "expires_in");
    long long life = LIFE_UNTOLD_S;
    if (json_is_integer(member)) {
        life = json_integer_value(member);
    } else if (json_is_real(member)) {
        double told = json_real_value(member);
        life = told > 0 && told < LIFE_MOST_S ? (long long)told
               : told > 0                     ? LIFE_MOST_S
                                              : 0;
    } else if (json_is_string(member)) {
        const char *text = json_string_value(member);
        char *end;
        long long told = strtoll(text, &end, 10);
        if (end != text)
            life = told;
    }
    return life < 0 ? 0 : life > LIFE_MOST_S ? LIFE_MOST_S : life;
}

static bool is_header_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    }
    return length != 0 && length <= TOKEN_BYTES_MAX;
}

/* False: the body holds no token. */
static bool read_token(const struct http_reply *reply, int64_t asked_ms,
                       struct auth_token *out)
{
    json_t *object =
        json_loadb((const char *)reply->body.data, reply->body.length, 0, NULL);
    json_t *member = json_object_get(object, "access_token");
    bool is_good = json_is_string(member) &&
                   is_header_text(json_string_value(member), json_string_length(member));
    if (is_good) {
        out->text = secret_new(json_string_value(member), json_string_length(member));
        out->expires_ms = asked_ms + read_life_s(object) * 1000;
    }
    if (json_is_string(member))
        secret_wipe((void *)json_string_value(member), json_string_length(member));
    json_decref(object);
    return is_good;
}

/* ---- the exchange ------------------------------------------------------------------------ */

enum verdict { VERDICT_TOKEN, VERDICT_AGAIN, VERDICT_FAILED };

static enum verdict judge(struct client_secret *self, struct call *call,
                          const struct http_reply *reply, int64_t asked_ms,
                          unsigned attempts, struct auth_token *out, struct error *err)
{
    char host[HTTP_HOST_BYTES];
    http_host(self->url, host);
    if (reply->status == 200) {
        if (read_token(reply, asked_ms, out))
            return VERDICT_TOKEN;
        error_set(err, ERR_SHAPE, "the answer of %s holds no token; is it from a proxy?",
                  host);
        return attempts + 1 < GARBLED_ATTEMPTS_MAX ? VERDICT_AGAIN : VERDICT_FAILED;
    }
    struct entra_failure failure;
    if (!entra_parse_failure(call->arena, reply->body, &failure)) {
        error_set(
            err, reply->status >= 500 || reply->status == 429 ? ERR_TIMEOUT : ERR_SHAPE,
            "%s answered with status %d, and not as Microsoft Entra does; check the "
            "environment and endpoint of the provider, and whether a proxy answers in "
            "its place",
            host, reply->status);
        return VERDICT_FAILED;
    }
    const char *who =
        arena_print(call->arena, "the client secret of application %s", self->client_id);
    entra_explain(call->arena, &failure, who, secret_reveal(self->secret), err);
    const struct entra_code *code = entra_find_code(failure.number);
    bool is_transient = (code != NULL && code->is_transient) || reply->status >= 500 ||
                        reply->status == 429 || reply->status == 408;
    if (!is_transient)
        return VERDICT_FAILED;
    /* Not a no, so nothing that is remembered: time ran out. */
    err->kind = ERR_TIMEOUT;
    return VERDICT_AGAIN;
}

static int fetch_with(struct client_secret *self, struct call *call,
                      struct http_transport *transport, struct bytes body,
                      struct auth_token *out, struct error *err)
{
    static const struct http_header headers[] = {
        { "Content-Type", "application/x-www-form-urlencoded" },
        { "Accept", "application/json" },
    };
    struct http_request request = {
        .method = "POST",
        .url = self->url,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .has_body = true,
        .body = body,
        .is_body_secret = true,
        .reply_bytes_max = TOKEN_REPLY_BYTES_MAX,
        .timeout_ms = TOKEN_TIMEOUT_MS,
    };
    struct http_retry retry = { 0 };
    for (;;) {
        auto_http_reply reply = NULL;
        int64_t asked_ms = clock_wall_ms();
        if (http_send_retrying(transport, call, &request, &reply, err) < 0)
            return -1;
        struct error failed = NO_ERROR, why = NO_ERROR;
        enum verdict verdict =
            judge(self, call, reply, asked_ms, retry.attempts, out, &failed);
        wipe_body(reply);
        if (verdict == VERDICT_TOKEN)
            return 0;
        if (verdict == VERDICT_AGAIN &&
            http_retry_wait(call, &retry, reply, NULL, &why) == 0)
            continue;
        *err = why.kind == ERR_STOPPED ? why : failed;
        return -1;
    }
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct client_secret *self = (struct client_secret *)credential;
    /* An audience that ends in a slash keeps it: `…net//.default` is right. */
    const char *scope = arena_print(call->arena, "%s/.default", audience);
    struct form form = { 0 };
    form_add(&form, "grant_type", "client_credentials");
    form_add(&form, "client_id", self->client_id);
    form_add(&form, "client_secret", secret_reveal(self->secret));
    form_add(&form, "scope", scope);
    int result =
        fetch_with(self, call, transport, BYTES(form.text, form.length), out, err);
    form_clear(&form);
    return result;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void client_secret_free(struct credential *credential)
{
    struct client_secret *self = (struct client_secret *)credential;
    secret_free(self->secret);
    free(self->client_id);
    free(self->url);
    free(self);
}

static bool is_set(const char *text)
{
    return text != NULL && *text != '\0';
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    const struct {
        const char *value, *name;
    } needed[] = {
        { config->tenant_id, "tenant_id (ARM_TENANT_ID)" },
        { config->client_id, "client_id (ARM_CLIENT_ID)" },
        { config->client_secret, "client_secret (ARM_CLIENT_SECRET)" },
    };
    char list[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!is_set(needed[i].value))
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                                       length != 0 ? ", " : "", needed[i].name);
    }
    *out = NULL;
    if (length != 0) {
        error_set(missing, ERR_CREDENTIAL, "set %s", list);
        return 0;
    }
    /* It becomes part of a path. */
    if (strspn(config->tenant_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._") != strlen(config->tenant_id) ||
        strstr(config->tenant_id, "..") != NULL || text_equal(config->tenant_id, "."))
        return error_set(err, ERR_INVALID,
                         "tenant_id (ARM_TENANT_ID) is neither a GUID nor a domain name");
    if (!is_set(config->authority))
        return error_set(err, ERR_INVALID, "there is no address to ask for tokens");
    struct client_secret *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_client_secret,
                                      .fetch = fetch,
                                      .free = client_secret_free };
    self->url =
        memory_print("%s/%s/oauth2/v2.0/token", config->authority, config->tenant_id);
    self->client_id = memory_copy_text(config->client_id);
    self->secret = secret_new(config->client_secret, strlen(config->client_secret));
    *out = &self->base;
    return 0;
}

const struct credential_source credential_client_secret = {
    .name = "client secret",
    .create = create,
};
