/* Repairs small errors in JSON, because of which a strict parser refuses the whole document.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/json_repair.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* A number of this length always fits into 64 bits. */
enum { NUMBER_BYTES_MAX = 17, BYTES_PER_BYTE_MAX = 3 };

struct repair {
    const char *at, *end;
    char *out;
    bool quotes_numbers;
};

static void put(struct repair *repair, const char *text, size_t length)
{
    memcpy(repair->out, text, length);
    repair->out += length;
}

static void copy(struct repair *repair, size_t length)
{
    put(repair, repair->at, length);
    repair->at += length;
}

static void replace(struct repair *repair, size_t length, const char *text)
{
    put(repair, text, strlen(text));
    repair->at += length;
}

/* The UTF-16 unit of the `\uXXXX` at this place; -1: it is not one. */
static int read_unit(const char *at, const char *end)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    int unit = 0;
    for (size_t i = 2; i < 6; i++) {
        if (!isxdigit((unsigned char)at[i]))
            return -1;
        int digit = at[i] <= '9' ? at[i] - '0' : (at[i] | 0x20) - 'a' + 10;
        unit = unit * 16 + digit;
    }
    return unit;
}

static void repair_escape(struct repair *repair)
{
    int unit = read_unit(repair->at, repair->end);
    if (unit < 0) {
        bool is_escape = repair->end - repair->at >= 2 && repair->at[1] != '\0' &&
                         strchr("\"\\/bfnrt", repair->at[1]) != NULL;
        if (is_escape)
            copy(repair, 2);
        else
            replace(repair, 1, "\\\\");
        return;
    }
    int next =
        unit >= 0xD800 && unit < 0xDC00 ? read_unit(repair->at + 6, repair->end) : -1;
    if (next >= 0xDC00 && next < 0xE000)
        copy(repair, 12);
    else if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
        replace(repair, 6, JSON_REPLACEMENT);
    else
        copy(repair, 6);
}

static void repair_char(struct repair *repair)
{
    char one = *repair->at;
    size_t bytes = text_utf8_next(repair->at, (size_t)(repair->end - repair->at));
    if (one == '\\')
        repair_escape(repair);
    else if (bytes == 0 || one == '\0')
        replace(repair, 1, JSON_REPLACEMENT);
    else if (one == '\n' || one == '\r' || one == '\t')
        replace(repair, 1, one == '\n' ? "\\n" : one == '\r' ? "\\r" : "\\t");
    else if ((unsigned char)one < 0x20)
        replace(repair, 1, " ");
    else
        copy(repair, bytes);
}

static void repair_string(struct repair *repair)
{
    copy(repair, 1);
    while (repair->at < repair->end && *repair->at != '"')
        repair_char(repair);
    if (repair->at < repair->end)
        copy(repair, 1);
}

static size_t span(const struct repair *repair, const char *others)
{
    const char *at = repair->at;
    while (at < repair->end && *at != '\0' &&
           (isalnum((unsigned char)*at) || strchr(others, *at) != NULL))
        at++;
    return (size_t)(at - repair->at);
}

/* A number or a word: anything outside of strings that is not punctuation. */
static void repair_word(struct repair *repair)
{
    size_t length = span(repair, "+-.");
    const char *at = repair->at;
    bool is_number = isdigit((unsigned char)*at) || (*at == '-' && length > 1);
    bool is_odd_number =
        is_number && (length > NUMBER_BYTES_MAX || memchr(at, 'e', length) != NULL ||
                      memchr(at, 'E', length) != NULL);
    static const char *const words[] = { "NaN", "Infinity", "-Infinity" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is_odd_number |= length == strlen(words[i]) && memcmp(at, words[i], length) == 0;
    if (is_number && repair->quotes_numbers) {
        put(repair, "\"", 1);
        copy(repair, length);
        put(repair, "\"", 1);
    } else if (is_odd_number)
        replace(repair, length, "null");
    else
        copy(repair, length);
}

static struct bytes rewrite(struct arena *arena, struct bytes json, bool quotes_numbers)
{
    json = text_skip_mark(json);
    size_t room;
    if (__builtin_mul_overflow(json.length, BYTES_PER_BYTE_MAX, &room))
        memory_exhausted(SIZE_MAX);
    char *start = arena_take(arena, room + 1);
    struct repair repair = { (const char *)json.data, NULL, start, quotes_numbers };
    repair.end = repair.at + json.length;
    while (repair.at < repair.end) {
        if (*repair.at == '"')
            repair_string(&repair);
        else if (span(&repair, "+-.") != 0)
            repair_word(&repair);
        else if (*repair.at == '\0')
            replace(&repair, 1, " ");
        else
            copy(&repair, 1);
    }
    return BYTES(start, (size_t)(repair.out - start));
}

struct bytes json_repair(struct arena *arena, struct bytes json)
{
    return rewrite(arena, json, false);
}

struct bytes json_quote_numbers(struct arena *arena, struct bytes json)
{
    return rewrite(arena, json, true);
}
