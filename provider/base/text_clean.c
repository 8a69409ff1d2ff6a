/* Makes text from outside safe to show: on a terminal, in a log, in a diagnostic.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define ELLIPSIS "\xE2\x80\xA6"    /* U+2026 */

/* No language needs more on one letter. Many of them cover the lines above and below. */
enum { MARKS_MAX = 4 };

struct range {
    unsigned first, last;
};

static bool is_in(const struct range *ranges, size_t count, unsigned point)
{
    for (size_t i = 0; i < count; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    }
    return false;
}

/* Source: Unicode 15, DerivedCoreProperties.txt (Default_Ignorable_Code_Point), PropList.txt
 * (Bidi_Control, Noncharacter_Code_Point), UnicodeData.txt (categories Zl, Zp, Cf, Co) */
bool text_is_hidden(unsigned point)
{
    static const struct range ranges[] = {
        { 0x00AD, 0x00AD },   { 0x034F, 0x034F },    { 0x0600, 0x0605 },
        { 0x061C, 0x061C },   { 0x06DD, 0x06DD },    { 0x070F, 0x070F },
        { 0x0890, 0x0891 },   { 0x08E2, 0x08E2 },    { 0x115F, 0x1160 },
        { 0x17B4, 0x17B5 },   { 0x180B, 0x180F },    { 0x200B, 0x200F },
        { 0x2028, 0x202E },   { 0x2060, 0x206F },    { 0x2800, 0x2800 },
        { 0x3164, 0x3164 },   { 0xE000, 0xF8FF },    { 0xFDD0, 0xFDEF },
        { 0xFE00, 0xFE0F },   { 0xFEFF, 0xFEFF },    { 0xFFA0, 0xFFA0 },
        { 0xFFF0, 0xFFFB },   { 0x110BD, 0x110BD },  { 0x110CD, 0x110CD },
        { 0x13430, 0x1343F }, { 0x1BCA0, 0x1BCA3 },  { 0x1D173, 0x1D17A },
        { 0xE0000, 0xE0FFF }, { 0xF0000, 0x10FFFF },
    };
    return (point & 0xFFFE) == 0xFFFE ||
           is_in(ranges, sizeof ranges / sizeof *ranges, point);
}

bool text_is_wide_space(unsigned point)
{
    static const struct range ranges[] = {
        { 0x0080, 0x00A0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200A },
        { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 },
    };
    return is_in(ranges, sizeof ranges / sizeof *ranges, point);
}

static bool is_mark(unsigned point)
{
    static const struct range ranges[] = {
        { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
        { 0x064B, 0x065F }, { 0x06D6, 0x06ED }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A },
        { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
        { 0x302A, 0x302F }, { 0x3099, 0x309A }, { 0xFE20, 0xFE2F },
    };
    return point >= 0x300 && is_in(ranges, sizeof ranges / sizeof *ranges, point);
}

size_t text_clean_char(const char *text, size_t length, char out[TEXT_CLEAN_CHAR_BYTES],
                       size_t *taken)
{
    size_t bytes = text_utf8_next(text, length);
    *taken = bytes != 0 ? bytes : 1;
    unsigned point = bytes != 0 ? text_utf8_point(text, bytes) : 0;
    if (bytes == 0 || text_is_hidden(point)) {
        memcpy(out, REPLACEMENT, 3);
        return 3;
    }
    bool is_c0 = (point < 0x20 && point != '\n' && point != '\t') || point == 0x7F;
    if (is_c0 || (point >= 0x80 && point < 0xA0)) {
        out[0] = ' ';
        return 1;
    }
    memcpy(out, text, bytes);
    return bytes;
}

/* Adapts the clean form of a character in `out` to its place. Returns its length; 0 for too many
 * marks on a letter. */
static size_t fit(char out[TEXT_CLEAN_CHAR_BYTES], size_t bytes, bool is_line,
                  unsigned *marks)
{
    if (is_line && (out[0] == '\n' || out[0] == '\t'))
        out[0] = ' ';
    *marks = is_mark(text_utf8_point(out, bytes)) ? *marks + 1 : 0;
    return *marks > MARKS_MAX ? 0 : bytes;
}

static char *clean(struct arena *arena, const char *text, size_t length, size_t most,
                   bool is_line)
{
    size_t room;
    if (__builtin_mul_overflow(length, 3, &room) || room > most)
        room = most;
    if (room == SIZE_MAX)
        memory_exhausted(room);
    char *copy = arena_take(arena, room + 1);
    size_t used = 0, cut = 0; /* up to `cut`, there is space for the ellipsis */
    unsigned marks = 0;
    while (length != 0) {
        char out[TEXT_CLEAN_CHAR_BYTES];
        size_t taken, bytes = text_clean_char(text, length, out, &taken);
        bytes = fit(out, bytes, is_line, &marks);
        if (bytes > most - used) {
            used = cut;
            if (most >= strlen(ELLIPSIS)) {
                memcpy(copy + used, ELLIPSIS, strlen(ELLIPSIS));
                used += strlen(ELLIPSIS);
            }
            break;
        }
        memcpy(copy + used, out, bytes);
        used += bytes;
        text += taken;
        length -= taken;
        if (used + strlen(ELLIPSIS) <= most)
            cut = used;
    }
    copy[used] = '\0';
    return copy;
}

char *text_clean(struct arena *arena, const char *text, size_t length, size_t most)
{
    return clean(arena, text, length, most, false);
}

char *text_clean_line(struct arena *arena, const char *text, size_t length, size_t most)
{
    return clean(arena, text, length, most, true);
}

char *text_clean_quote(struct arena *arena, const char *text, size_t length, size_t most)
{
    static const char indent[] = "\n  ";
    const char *from = text_clean(arena, text, length, most);
    size_t breaks = 0;
    for (const char *at = from; *at != '\0'; at++)
        breaks += *at == '\n';
    char *quote = arena_take(arena, strlen(from) + breaks * (sizeof indent - 1) + 1);
    char *to = quote, *line = quote; /* the beginning of the line that is being copied */
    bool is_empty = true;
    for (; *from != '\0'; from++) {
        if (*from != '\n') {
            is_empty &= *from == ' ' || *from == '\t';
            *to++ = *from;
            continue;
        }
        if (!is_empty)
            line = mempcpy(to, indent, sizeof indent - 1);
        to = line;
        is_empty = true;
    }
    if (is_empty) /* an empty line gets no line break either */
        to = line == quote ? quote : line - (sizeof indent - 1);
    *to = '\0';
    return quote;
}
