/* Removes secrets from texts that will be shown. Does not use a JSON parser: a body that is cut, or
 * quoted inside another one, must not show its secrets either.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/secret.h"

static const char *const names[] = {
    "client_secret",     "client_assertion", "access_token", "refresh_token", "id_token",
    "registrationToken", "activationKey",    "password",     "assertion",     "sig",
    "accessToken",       "refreshToken",     "oidcToken",
};

enum { BEARER_BYTES_MIN = 16, JWT_PART_BYTES_MIN = 10 };

struct reader {
    const char *text;
    size_t length, at;
};

static char peek(const struct reader *reader)
{
    return reader->at < reader->length ? reader->text[reader->at] : '\0';
}

/* The length of the secret's name that starts here; 0: there is none. */
static size_t match_name(const struct reader *reader, size_t at)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (at + length < reader->length &&
            strncasecmp(reader->text + at, names[i], length) == 0)
            return length;
    }
    return 0;
}

static size_t skip_slashes(const struct reader *reader, size_t at)
{
    size_t start = at;
    while (at < reader->length && reader->text[at] == '\\')
        at++;
    return at - start;
}

static bool starts(const struct reader *reader, size_t at, const char *word)
{
    size_t length = strlen(word);
    return at <= reader->length && length <= reader->length - at &&
           strncasecmp(reader->text + at, word, length) == 0;
}

/* The length of the first of these words that starts here; 0: none. Ends with NULL. */
static size_t skip_word(const struct reader *reader, size_t at, const char *const *words)
{
    while (*words != NULL && !starts(reader, at, *words))
        words++;
    return *words != NULL ? strlen(*words) : 0;
}

static bool are_hex(const char *text, size_t count)
{
    while (count > 0 && isxdigit((unsigned char)text[count - 1]))
        count--;
    return count == 0;
}

/* The character before `at` is the end of an escape, such as \n, \u0026 or %26, and not of a
 * word. */
static bool follows_escape(const struct reader *reader, size_t at)
{
    const char *text = reader->text + at;
    return (at >= 2 && text[-2] == '\\' && strchr("nrtbf", text[-1]) != NULL) ||
           (at >= 3 && text[-3] == '%' && are_hex(text - 2, 2)) ||
           (at >= 6 && text[-6] == '\\' && text[-5] == 'u' && are_hex(text - 4, 4));
}

/* No word goes on here: `is_in` says which characters are of one. */
static bool begins_word(const struct reader *reader, size_t at, bool (*is_in)(char one))
{
    return at == 0 || !is_in(reader->text[at - 1]) || follows_escape(reader, at);
}

static size_t skip_space(const struct reader *reader, size_t at)
{
    while (at < reader->length && reader->text[at] != '\0' &&
           strchr(" \t\r\n", reader->text[at]) != NULL)
        at++;
    return at;
}

/* The end of a string that began with a quote after `depth` backslashes: the next quote with as
 * many or fewer. */
static size_t skip_string(const struct reader *reader, size_t at, size_t depth)
{
    while (at < reader->length) {
        size_t slashes = skip_slashes(reader, at);
        at += slashes;
        if (at >= reader->length)
            break;
        if (reader->text[at] == '"' && (depth == 0 ? slashes % 2 == 0 : slashes <= depth))
            return at - (depth < slashes ? depth : slashes);
        at++;
    }
    return reader->length;
}

/* Skips a number, a literal, or a whole array or object. */
static size_t skip_other(const struct reader *reader, size_t at)
{
    size_t depth = 0;
    for (; at < reader->length; at++) {
        char one = reader->text[at];
        if (one == '"')
            at = skip_string(reader, at + 1, 0);
        else if (one == '[' || one == '{')
            depth++;
        else if ((one == ']' || one == '}') && depth-- <= 1)
            return depth == 0 ? at + 1 : at;
        else if (one == ',' && depth == 0)
            return at;
    }
    return reader->length;
}

/* At the quote of a member's name, or the backslashes before it: finds the member's value. False:
 * there is none. */
static bool find_json_value(const struct reader *reader, size_t *from, size_t *to)
{
    size_t at = reader->at, depth = skip_slashes(reader, at);
    at += depth;
    if (at >= reader->length || reader->text[at] != '"')
        return false;
    size_t name = match_name(reader, ++at);
    if (name == 0)
        return false;
    at += name;
    at += skip_slashes(reader, at);
    if (at >= reader->length || reader->text[at] != '"')
        return false;
    at = skip_space(reader, at + 1);
    if (at >= reader->length || reader->text[at] != ':')
        return false;
    at = skip_space(reader, at + 1);
    *from = SIZE_MAX;
    for (bool is_name = true; is_name; at = skip_space(reader, at + 1)) {
        size_t slashes = skip_slashes(reader, at);
        bool is_text = at + slashes < reader->length && reader->text[at + slashes] == '"';
        size_t start = is_text ? at + slashes + 1 : at;
        *from = *from < start ? *from : start;
        *to = is_text ? skip_string(reader, start, slashes) : skip_other(reader, at);
        /* A colon follows the text: the value is missing, and this is the name of the next
         * member. */
        at = is_text ? skip_space(reader, *to + slashes + 1) : reader->length;
        is_name = at < reader->length && reader->text[at] == ':';
    }
    return true;
}

/* The length of a quotation mark that is escaped as text in JSON, HTML or a URL, with the backslashes
 * before it, which *depth counts; 0: none. */
static size_t skip_escaped_quote(const struct reader *reader, size_t at, size_t *depth)
{
    static const char *const plain[] = { "&quot;", "&#34;", "%22", NULL };
    static const char *const slashed[] = { "u0022", NULL };
    *depth = skip_slashes(reader, at);
    size_t word = *depth > 0 ? skip_word(reader, at + *depth, slashed) : 0;
    word = word != 0 ? word : skip_word(reader, at + *depth, plain);
    return word != 0 ? *depth + word : 0;
}

/* `\u0022password\u0022:\u0022…\u0022`: JSON as it is inside a text. */
static bool find_escaped_value(const struct reader *reader, size_t *from, size_t *to)
{
    static const char *const colons[] = { ":", "%3A", NULL };
    size_t depth, inner, at = reader->at;
    at += skip_escaped_quote(reader, at, &depth);
    size_t name = at > reader->at ? match_name(reader, at) : 0;
    size_t quote = name != 0 ? skip_escaped_quote(reader, at + name, &inner) : 0;
    if (quote == 0)
        return false;
    at = skip_space(reader, at + name + quote);
    size_t colon = skip_word(reader, at, colons);
    at = skip_space(reader, at + colon);
    quote = colon != 0 ? skip_escaped_quote(reader, at, &inner) : 0;
    if (quote == 0)
        return false;
    *from = *to = at + quote;
    /* A quotation mark with more backslashes is one in the value. */
    while (*to < reader->length &&
           (skip_escaped_quote(reader, *to, &inner) == 0 || inner > depth)) {
        size_t slashes = skip_slashes(reader, *to);
        *to += slashes != 0 ? slashes : 1;
    }
    return true;
}

/* `Bearer eyJ…`, which a server may repeat from the request. */
static bool find_bearer(const struct reader *reader, size_t *from, size_t *to)
{
    static const char scheme[] = "Bearer ";
    size_t length = strlen(scheme), at = reader->at;
    if (reader->length - at <= length ||
        strncasecmp(reader->text + at, scheme, length) != 0)
        return false;
    *from = *to = at + length;
    while (*to < reader->length &&
           (isalnum((unsigned char)reader->text[*to]) ||
            (reader->text[*to] != '\0' && strchr("-._~+/=", reader->text[*to]) != NULL)))
        ++*to;
    /* "bearer token" is prose. */
    return *to - *from >= BEARER_BYTES_MIN;
}

static bool is_base64url(char one)
{
    return isalnum((unsigned char)one) || one == '-' || one == '_';
}

static size_t skip_base64url(const struct reader *reader, size_t at)
{
    size_t start = at;
    while (at < reader->length && is_base64url(reader->text[at]))
        at++;
    return at - start;
}

/* A token without a name before it: two JSON objects in base64 with a dot between them, and as much
 * as there is of the signature. */
static bool find_jwt(const struct reader *reader, size_t *from, size_t *to)
{
    static const char start[] = "eyJ"; /* {" */
    size_t at = reader->at, length = strlen(start);
    if (!begins_word(reader, at, is_base64url) || reader->length - at <= length ||
        memcmp(reader->text + at, start, length) != 0)
        return false;
    size_t head = skip_base64url(reader, at);
    if (head < JWT_PART_BYTES_MIN || at + head + 1 >= reader->length ||
        reader->text[at + head] != '.')
        return false;
    size_t body = skip_base64url(reader, at + head + 1);
    if (body < JWT_PART_BYTES_MIN)
        return false;
    *from = at;
    *to = at + head + 1 + body;
    if (*to < reader->length && reader->text[*to] == '.')
        *to += 1 + skip_base64url(reader, *to + 1);
    return true;
}

static bool is_in_name(char one)
{
    return isalnum((unsigned char)one) || one == '_' || one == '-';
}

/* `{'password': '…'}`, as Python prints it. */
static bool find_python_value(const struct reader *reader, size_t *from, size_t *to)
{
    size_t at = reader->at + 1, name = match_name(reader, at);
    at += name;
    if (name == 0 || reader->text[at] != '\'')
        return false;
    at = skip_space(reader, at + 1);
    if (at >= reader->length || reader->text[at] != ':')
        return false;
    at = skip_space(reader, at + 1);
    if (at >= reader->length || reader->text[at] != '\'')
        return false;
    *from = ++at;
    while (at < reader->length && reader->text[at] != '\'')
        at += reader->text[at] == '\\' && at + 1 < reader->length ? 2 : 1;
    *to = at;
    return true;
}

/* `…?sig=…&`, and `client_secret=…` in a sentence; also where the URL is part of another one, with
 * %3D and %26. */
static bool find_query_value(const struct reader *reader, size_t *from, size_t *to)
{
    static const char *const equals[] = { "=", "%3D", NULL };
    size_t at = reader->at;
    size_t name = begins_word(reader, at, is_in_name) ? match_name(reader, at) : 0;
    size_t equal = name != 0 ? skip_word(reader, at + name, equals) : 0;
    if (equal == 0)
        return false;
    *from = at + name + equal;
    *to = *from;
    while (*to < reader->length && reader->text[*to] != '\0' &&
           strchr("&#\"'\\<> \t\r\n", reader->text[*to]) == NULL &&
           (equal == 1 || !starts(reader, *to, "%26")))
        ++*to;
    return true;
}

static bool find_value(const struct reader *reader, size_t *from, size_t *to)
{
    switch (peek(reader)) {
    case '"':
        return find_json_value(reader, from, to);
    case '\\':
        return find_json_value(reader, from, to) || find_escaped_value(reader, from, to);
    case '\'':
        return find_python_value(reader, from, to);
    case '&':
    case '%':
        return find_escaped_value(reader, from, to);
    default:
        return find_query_value(reader, from, to) || find_bearer(reader, from, to) ||
               find_jwt(reader, from, to);
    }
}

char *http_redact(struct arena *arena, const char *text, size_t length)
{
    struct reader reader = { text, length, 0 };
    /* The output may be longer than the input: the shortest text that is replaced is `"sig":1`. Its
     * replacement is less than twice as long. */
    char *out = arena_take_many(arena, length + 1, 2);
    size_t used = 0;
    while (reader.at < length) {
        size_t from, to;
        if (!find_value(&reader, &from, &to)) {
            /* A run of backslashes is handled at once: what follows is the same for each of
             * them. */
            size_t plain = peek(&reader) == '\\' ? skip_slashes(&reader, reader.at) : 1;
            memcpy(out + used, text + reader.at, plain);
            used += plain;
            reader.at += plain;
            continue;
        }
        memcpy(out + used, text + reader.at, from - reader.at);
        used += from - reader.at;
        memcpy(out + used, SECRET_MASK, strlen(SECRET_MASK));
        used += strlen(SECRET_MASK);
        reader.at = to;
    }
    out[used] = '\0';
    return out;
}

/* Parts of a token or of a member's name, which a cut may have split. */
static bool is_in_word(char one)
{
    return isalnum((unsigned char)one) ||
           (one != '\0' && strchr("-._~+/=\\\"&?%", one) != NULL);
}

char *http_redact_start(struct arena *arena, const char *text, size_t length, size_t most)
{
    if (length > most) {
        length = most;
        while (length > 0 && is_in_word(text[length - 1]))
            length--;
    }
    return http_redact(arena, text, length);
}
