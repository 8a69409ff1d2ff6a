/* The JSON in which a token is returned.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/token_response.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_repair.h"

enum {
    TOKEN_BYTES_MAX = 64 * 1024,
    /* RFC 6749, 5.1 allows a service to omit it. */
    LIFETIME_DEFAULT_S = 5 * 60,
    LIFE_MOST_S = 7 * 24 * 60 * 60,
};

/* "9/14/2017 1:23:45 PM +00:00", or without AM and PM: UTC. */
static bool read_date(const char *text, long long *out)
{
    struct tm at = { 0 };
    const char *rest = strptime(text, "%m/%d/%Y %I:%M:%S %p", &at);
    if (rest == NULL) {
        at = (struct tm){ 0 };
        rest = strptime(text, "%m/%d/%Y %H:%M:%S", &at);
        /* Some services write PM after an hour of 13 or more. */
        if (rest != NULL && strncmp(rest, " PM", 3) == 0 && at.tm_hour > 12)
            rest += 3;
    }
    if (rest == NULL || (*rest != '\0' && strcmp(rest, " +00:00") != 0))
        return false;
    *out = timegm(&at);
    return true;
}

/* Seconds as a number (v2.0) or as a text (elsewhere). False: neither. */
static bool read_seconds(const json_t *member, long long *out)
{
    if (json_is_integer(member)) {
        *out = json_integer_value(member);
    } else if (json_is_real(member)) {
        double reported = json_real_value(member);
        *out = reported > 0 && reported < 1e12 ? (long long)reported
               : reported > 0                  ? LLONG_MAX
                                               : 0;
    } else if (json_is_string(member)) {
        const char *text = json_string_value(member);
        char *end;
        long long reported = strtoll(text, &end, 10);
        if (*end == '/')
            return read_date(text, out);
        if (end == text)
            return false;
        *out = reported;
    } else {
        return false;
    }
    return true;
}

static long long read_life_s(json_t *object, int64_t asked_ms)
{
    long long life = LIFETIME_DEFAULT_S, end;
    if (!read_seconds(json_object_get(object, "expires_in"), &life) &&
        read_seconds(json_object_get(object, "expires_on"), &end))
        life = end > asked_ms / 1000 ? end - asked_ms / 1000 : 0;
    return life < 0 ? 0 : life > LIFE_MOST_S ? LIFE_MOST_S : life;
}

bool token_is_header_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    }
    return length != 0 && length <= TOKEN_BYTES_MAX;
}

static struct secret *take_text(json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    if (!json_is_string(member))
        return NULL;
    /* The copies in the JSON and in the answer are wiped when they are freed. */
    size_t length = json_string_length(member);
    return token_is_header_text(json_string_value(member), length)
               ? secret_new(json_string_value(member), length)
               : NULL;
}

json_t *token_response_parse(struct bytes body)
{
    json_t *json = json_loadb((const char *)body.data, body.length, 0, NULL);
    if (json != NULL)
        return json;
    auto_arena arena = arena_new();
    body = json_repair(arena, body);
    return json_loadb((const char *)body.data, body.length, 0, NULL);
}

bool token_response_read(struct bytes body, int64_t asked_ms, struct auth_token *out)
{
    json_t *object = token_response_parse(body);
    struct secret *text = take_text(object, "access_token");
    if (text != NULL)
        *out =
            (struct auth_token){ text, asked_ms + read_life_s(object, asked_ms) * 1000 };
    json_decref(object);
    return text != NULL;
}

struct secret *token_response_take(struct bytes body, const char *name)
{
    json_t *object = token_response_parse(body);
    struct secret *text = take_text(object, name);
    json_decref(object);
    return text;
}
