/* Small things about text: GUIDs, percent-encoding, forms, random names.
 * SPDX-License-Identifier: MPL-2.0 */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *text_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

char *text_copy(const char *text)
{
    return text_format("%s", text);
}

char *text_lower(const char *text)
{
    char *copy = text_copy(text);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

char *text_upper(const char *text)
{
    char *copy = text_copy(text);
    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

bool text_starts(const char *text, const char *start, bool ignore_case)
{
    size_t length = strlen(start);
    return ignore_case ? strncasecmp(text, start, length) == 0
                       : strncmp(text, start, length) == 0;
}

bool text_ends(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

bool text_is_one_of(const char *word, const char *bar_separated)
{
    size_t length = strlen(word);
    for (const char *at = bar_separated; *at;) {
        size_t part = strcspn(at, "|");
        if (part == length && strncmp(at, word, part) == 0)
            return true;
        at += part + (at[part] == '|');
    }
    return false;
}

bool text_number(const char *text, long max, long *out)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || *end || number > max)
        return false;
    *out = number;
    return true;
}

bool guid_is(const char *text)
{
    if (strlen(text) != GUID_SIZE - 1)
        return false;
    for (int i = 0; i < GUID_SIZE - 1; i++) {
        bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static void guid_format(unsigned char b[16], char out[GUID_SIZE])
{
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, GUID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
             b[13], b[14], b[15]);
}

void guid_random(char out[GUID_SIZE])
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    guid_format(bytes, out);
}

void guid_derive(const char *words, char out[GUID_SIZE])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)words, strlen(words), digest);
    guid_format(digest, out);
}

char *text_random(size_t bytes)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = bytes * 4 / 3;
    char *text = malloc(length + 1);
    if (text == NULL || RAND_bytes((unsigned char *)text, (int)length) != 1)
        abort();
    for (size_t i = 0; i < length; i++)
        text[i] = letters[(unsigned char)text[i] % 64];
    text[length] = '\0';
    return text;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return found ? (int)(found - digits) : -1;
}

char *percent_decode(const char *text, size_t length, bool plus_is_space)
{
    char *out = malloc(length + 1), *to = out;
    if (out == NULL)
        abort();
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%') {
            bool is_whole = i + 2 < length;
            int high = is_whole ? hex_digit(text[i + 1]) : -1;
            int low = is_whole ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                free(out);
                return NULL;
            }
            *to++ = (char)(high * 16 + low);
            i += 2;
        } else {
            *to++ = plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    *to = '\0';
    return out;
}

static bool form_add(json_t *form, const char *pair, size_t length, bool plus_is_space,
                     bool ignore_case, const char **why)
{
    size_t name_length = strcspn(pair, "=");
    if (name_length > length)
        name_length = length;
    size_t value_at = name_length < length ? name_length + 1 : length;
    char *name = percent_decode(pair, name_length, plus_is_space);
    char *value = percent_decode(pair + value_at, length - value_at, plus_is_space);
    bool is_good = false;
    if (name == NULL || value == NULL) {
        *why = "a broken percent escape";
    } else {
        if (ignore_case)
            for (char *c = name; *c; c++)
                *c = (char)tolower((unsigned char)*c);
        if (json_object_get(form, name) != NULL)
            *why = "a parameter that comes twice";
        else if (json_object_set_new(form, name, json_string(value)) < 0)
            *why = "a parameter that is not UTF-8";
        else
            is_good = true;
    }
    free(name);
    free(value);
    return is_good;
}

json_t *form_parse(const char *text, bool plus_is_space, bool ignore_case,
                   const char **why)
{
    json_t *form = json_object();
    while (*text) {
        size_t length = strcspn(text, "&");
        if (length > 0 &&
            !form_add(form, text, length, plus_is_space, ignore_case, why)) {
            json_decref(form);
            return NULL;
        }
        text += length + (text[length] == '&');
    }
    return form;
}

json_t *text_json(const char *text, size_t length)
{
    json_t *string = json_stringn(text, length);
    if (string != NULL)
        return string;
    char *copy = malloc(length + 1);
    if (copy == NULL)
        abort();
    for (size_t i = 0; i < length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    string = json_stringn(copy, length);
    free(copy);
    return string;
}
