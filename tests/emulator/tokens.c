/* The tokens that were issued, and whose each one is.
 * SPDX-License-Identifier: MPL-2.0 */
#include "tokens.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "switches.h"
#include "text.h"

static json_t *tokens; /* an array; number n is at n - 1 */

static char *make_text(void)
{
    /* In the form of a JWT, as the real ones are: tests look for "Bearer eyJ…" in output. */
    char *random = text_random(240), *signature = text_random(64);
    char *text =
        text_format("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.%s.%s", random, signature);
    free(random);
    free(signature);
    return text;
}

json_t *tokens_issue(const json_t *owner, const char *audience, json_t *proof)
{
    const char *role = json_string_value(json_object_get(owner, "role"));
    json_int_t number = (json_int_t)json_array_size(tokens) + 1;
    char *text = make_text();
    json_t *token = json_pack(
        "{s:I, s:s, s:O, s:O, s:s, s:s, s:I, s:b}", "number", number, "text", text,
        "tenant_id", json_object_get(owner, "tenant_id"), "client_id",
        json_object_get(owner, "client_id"), "audience", audience, "role",
        role ? role : "contributor", "expires_ms",
        (json_int_t)(clock_wall_ms() + 1000 * switch_number("token_lifetime_s")),
        "is_revoked", 0);
    json_array_append_new(tokens, token);
    free(text);
    json_t *effect =
        json_pack("{s:s, s:I, s:O, s:O, s:s}", "what", "token issued", "number", number,
                  "tenant_id", json_object_get(token, "tenant_id"), "client_id",
                  json_object_get(token, "client_id"), "audience", audience);
    json_object_update(effect, proof);
    json_decref(proof);
    log_event(requests_log, "EFFECT", effect);
    return token;
}

json_t *tokens_find(const char *text)
{
    size_t i;
    json_t *token;
    json_array_foreach(tokens, i, token)
    {
        if (strcmp(json_string_value(json_object_get(token, "text")), text) == 0)
            return token;
    }
    return NULL;
}

static char *name_of(const json_t *token)
{
    return text_format("<token #%lld>",
                       (long long)json_integer_value(json_object_get(token, "number")));
}

json_t *tokens_hide(const json_t *answer, const json_t *token)
{
    char *name = name_of(token);
    json_t *shown = json_deep_copy(answer);
    json_object_set_new(shown, "access_token", json_string(name));
    free(name);
    return shown;
}

char *tokens_redact_header(const char *value)
{
    /* x-ms-authorization-auxiliary holds several, with commas between them. */
    char *out = text_copy("");
    while (*value) {
        size_t length = strcspn(value, " ,");
        char *word = text_format("%.*s", (int)length, value);
        const json_t *token = tokens_find(word);
        char *shown = token ? name_of(token)
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

void tokens_revoke_all(void)
{
    size_t i;
    json_t *token;
    json_array_foreach(tokens, i, token)
        json_object_set_new(token, "is_revoked", json_true());
}

void tokens_forget_all(void)
{
    json_decref(tokens);
    tokens = json_array();
}

json_t *tokens_dump(void)
{
    return json_deep_copy(tokens);
}
