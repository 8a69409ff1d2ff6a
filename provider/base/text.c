/* Functions on text that several layers need. Pure, except text_new_guid().
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static char lower(char one)
{
    return one >= 'A' && one <= 'Z' ? (char)(one - 'A' + 'a') : one;
}

static bool is_digit(char one)
{
    return one >= '0' && one <= '9';
}

bool text_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool text_equal_ignoring_case(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool text_starts_ignoring_case(const char *text, const char *start)
{
    if (text == NULL || start == NULL)
        return false;
    while (*start != '\0' && lower(*text) == lower(*start)) {
        text++;
        start++;
    }
    return *start == '\0';
}

bool text_ends_ignoring_case(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length &&
           text_equal_ignoring_case(text + length - end_length, end);
}

bool text_is_one_of(const char *text, const char *const *list)
{
    for (; list != NULL && *list != NULL; list++) {
        if (text_equal_ignoring_case(text, *list))
            return true;
    }
    return false;
}

const char *text_join(struct arena *arena, const char *const *list, const char *quote)
{
    const char *text = "";
    for (const char *const *one = list; *one != NULL; one++)
        text = arena_print(arena, "%s%s%s%s%s", text,
                           one == list      ? ""
                           : one[1] == NULL ? " and "
                                            : ", ",
                           quote, *one, quote);
    return text;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t text_sort(const char **texts, size_t count)
{
    size_t kept = 0;
    if (count != 0)
        qsort((void *)texts, count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(texts[kept - 1], texts[i]) != 0)
            texts[kept++] = texts[i];
    return kept;
}

char *text_lower(struct arena *arena, const char *text)
{
    char *copy = arena_copy_text(arena, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = lower(*at);
    return copy;
}

bool text_is_lower(const char *text)
{
    for (; *text != '\0'; text++)
        if (lower(*text) != *text)
            return false;
    return true;
}

const char *text_capitalize(struct arena *arena, const char *text)
{
    size_t word = 0;
    while (text[word] >= 'a' && text[word] <= 'z')
        word++;
    char *copy = arena_copy_text(arena, text);
    bool is_word = word > 0 && memchr(" ,'-", text[word], sizeof " ,'-") != NULL;
    if (is_word || (word > 0 && text[word] == ':' && text[word + 1] == ' '))
        copy[0] = (char)(copy[0] - 'a' + 'A');
    return copy;
}

const char *text_sentence(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    bool has_end = (length > 0 && text[length - 1] == '.') ||
                   (length > 1 && text_equal(text + length - 2, ".\""));
    return arena_print(arena, "%s%s", text_capitalize(arena, text), has_end ? "" : ".");
}

bool text_is_guid(const char *text)
{
    if (text == NULL)
        return false;
    for (size_t i = 0; i < TEXT_GUID_BYTES - 1; i++) {
        char one = lower(text[i]);
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? one != '-' : !is_digit(one) && !(one >= 'a' && one <= 'f'))
            return false;
    }
    return text[TEXT_GUID_BYTES - 1] == '\0';
}

void text_new_guid(char guid[TEXT_GUID_BYTES])
{
    unsigned char random[16];
    arc4random_buf(random, sizeof random);
    random[6] = (unsigned char)((random[6] & 0x0F) | 0x40); /* RFC 9562: version 4, */
    random[8] = (unsigned char)((random[8] & 0x3F) | 0x80); /* variant 10 */
    char *at = guid;
    for (size_t i = 0; i < sizeof random; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = "0123456789abcdef"[random[i] >> 4];
        *at++ = "0123456789abcdef"[random[i] & 0x0F];
    }
    *at = '\0';
}

/* The table of well-formed sequences, Unicode 15 section 3.9. Only the second byte has special
 * limits; they exclude overlong forms, surrogates and values that are too large. */
size_t text_utf8_next(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    if (length == 0)
        return 0;
    if (at[0] < 0x80)
        return 1;
    size_t bytes = at[0] < 0xC2   ? 0
                   : at[0] < 0xE0 ? 2
                   : at[0] < 0xF0 ? 3
                   : at[0] < 0xF5 ? 4
                                  : 0;
    if (bytes == 0 || bytes > length)
        return 0;
    unsigned char least = at[0] == 0xE0 ? 0xA0 : at[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char most = at[0] == 0xED ? 0x9F : at[0] == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return bytes;
}

size_t text_count_characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

unsigned text_utf8_point(const char *text, size_t bytes)
{
    static const unsigned char masks[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    unsigned point = (unsigned char)text[0] & masks[bytes];
    for (size_t i = 1; i < bytes; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3F);
    return point;
}

bool text_is_utf8(const char *text, size_t length)
{
    while (length != 0) {
        size_t bytes = text_utf8_next(text, length);
        if (bytes == 0)
            return false;
        text += bytes;
        length -= bytes;
    }
    return true;
}

size_t text_json_char(const char *text, size_t length, char out[TEXT_JSON_CHAR_BYTES],
                      size_t *taken)
{
    unsigned char one = (unsigned char)text[0];
    size_t bytes = text_utf8_next(text, length);
    *taken = bytes != 0 ? bytes : 1;
    if (bytes == 0) {
        memcpy(out, REPLACEMENT, 3);
        return 3;
    }
    const char *special = "\"\\\n\r\t", *letters = "\"\\nrt";
    const char *found = one != '\0' ? strchr(special, one) : NULL;
    if (found != NULL) {
        out[0] = '\\';
        out[1] = letters[found - special];
        return 2;
    }
    if (one < 0x20 || one == 0x7F) {
        memcpy(out, "\\u00", 4);
        out[4] = "0123456789abcdef"[one >> 4];
        out[5] = "0123456789abcdef"[one & 0x0F];
        return 6;
    }
    memcpy(out, text, bytes);
    return bytes;
}

char *text_encode_percent(struct arena *arena, const char *text)
{
    char *out = arena_take_many(arena, strlen(text) + 1, 3), *at = out;
    for (; *text != '\0'; text++) {
        unsigned char one = (unsigned char)*text;
        char small = lower(*text);
        if (is_digit(*text) || (small >= 'a' && small <= 'z') ||
            strchr("-._~", one) != NULL) {
            *at++ = *text;
        } else {
            *at++ = '%';
            *at++ = "0123456789ABCDEF"[one >> 4];
            *at++ = "0123456789ABCDEF"[one & 0x0F];
        }
    }
    *at = '\0';
    return out;
}

/* The unit at the beginning of the text, in nanoseconds; 0: it is unknown. A unit ends before the
 * next digit or dot, so that "5msx" is not "5ms". */
static uint64_t read_unit(const char *text, size_t *length)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {
        { "ns", 1 },
        { "us", 1000 },
        { "\xC2\xB5s", 1000 }, /* U+00B5 and U+03BC: Go accepts both */
        { "\xCE\xBCs", 1000 },
        { "ms", 1000000 },
        { "s", 1000000000 },
        { "m", UINT64_C(60) * 1000000000 },
        { "h", UINT64_C(3600) * 1000000000 },
    };
    *length = strcspn(text, ".0123456789");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == *length && memcmp(text, units[i].name, *length) == 0)
            return units[i].ns;
    return 0;
}

/* One number with its unit. Source: Go, time/format.go, ParseDuration. */
static int read_part(const char **text, uint64_t *ns)
{
    const char *at = *text;
    uint64_t whole = 0;
    double fraction = 0, scale = 1;
    size_t digits = 0;
    for (; is_digit(*at); at++, digits++) {
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, (uint64_t)(*at - '0'), &whole))
            return -1;
    }
    if (*at == '.') {
        for (at++; is_digit(*at); at++, digits++) {
            if (scale < 1e18) { /* later digits are less than a nanosecond */
                fraction = fraction * 10 + (*at - '0');
                scale *= 10;
            }
        }
    }
    size_t unit_length;
    uint64_t unit = read_unit(at, &unit_length);
    if (digits == 0 || unit == 0 || __builtin_mul_overflow(whole, unit, &whole) ||
        __builtin_add_overflow(whole, (uint64_t)(fraction * ((double)unit / scale)), ns))
        return -1;
    *text = at + unit_length;
    return 0;
}

struct bytes text_skip_mark(struct bytes text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = strlen(mark);
    return text.length >= length && memcmp(text.data, mark, length) == 0
               ? BYTES(text.data + length, text.length - length)
               : text;
}

int text_parse_duration_ms(const char *text, long long *ms)
{
    uint64_t total = 0;
    if (text == NULL)
        return -1;
    if (*text == '+')
        text++;
    if (*text == '\0')
        return -1;
    while (*text != '\0') {
        uint64_t part;
        if (read_part(&text, &part) < 0 || __builtin_add_overflow(total, part, &total))
            return -1;
    }
    if (total == 0 || total > INT64_MAX)
        return -1;
    *ms = (long long)((total + 999999) / 1000000);
    return 0;
}
