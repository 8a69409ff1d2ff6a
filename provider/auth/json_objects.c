/* Finds JSON objects in a text with other content around them.
 *
 * Each scan begins at a brace, and goes to the end of the object or to the first byte that is not
 * in the grammar. A brace that begins an object inside a scan needs no scan of its own, which would
 * end at the same place. Braces inside strings need one only if the scan failed. A scan from there
 * has strings where the first one has none, and vice versa, so no byte is read by more than two
 * scans.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/json_objects.h"

#include <stdbool.h>
#include <string.h>

/* What may come next. */
enum {
    VALUE = 1 << 0,
    KEY = 1 << 1,
    COLON = 1 << 2,
    COMMA = 1 << 3,
    END = 1 << 4, /* of the innermost object or array */
};

struct scan {
    const char *text;
    size_t length;
    bool *is_seen; /* by position: a scan found the beginning of an object here */
    size_t *open;  /* where each open object or array begins, outermost first */
    size_t depth;
    struct bytes *found;
    size_t count;
};

/* The position after the string that begins at `at`; 0: it is not a string. */
static size_t skip_string(const struct scan *scan, size_t at)
{
    for (at++; at < scan->length; at++) {
        if ((unsigned char)scan->text[at] < ' ')
            return 0;
        if (scan->text[at] == '"')
            return at + 1;
        if (scan->text[at] == '\\' &&
            (++at >= scan->length || (unsigned char)scan->text[at] < ' '))
            return 0;
    }
    return 0;
}

/* The position after the number or literal that begins at `at`; 0: it is neither. */
static size_t skip_scalar(const struct scan *scan, size_t at)
{
    static const char *const literals[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        size_t length = strlen(literals[i]);
        if (scan->length - at >= length &&
            memcmp(scan->text + at, literals[i], length) == 0)
            return at + length;
    }
    size_t start = at;
    while (at < scan->length && scan->text[at] != '\0' &&
           strchr("+-.0123456789Ee", scan->text[at]) != NULL)
        at++;
    return at > start ? at : 0;
}

static bool is_in_object(const struct scan *scan)
{
    return scan->text[scan->open[scan->depth - 1]] == '{';
}

static void add(struct scan *scan, size_t first, size_t start, size_t end)
{
    const char *from = scan->text + start;
    while (scan->count > first && (const char *)scan->found[scan->count - 1].data > from)
        scan->count--; /* the new object contains it */
    scan->found[scan->count++] = BYTES(from, end - start);
}

static unsigned open_one(struct scan *scan, size_t at)
{
    scan->open[scan->depth++] = at;
    if (scan->text[at] == '[')
        return VALUE | END;
    scan->is_seen[at] = true;
    return KEY | END;
}

/* Scans from the brace at `start`. The position after the object; 0: it is not an object. */
static size_t scan_object(struct scan *scan, size_t start)
{
    size_t first = scan->count, at = start;
    unsigned next = VALUE;
    scan->depth = 0;
    while (at < scan->length) {
        char one = scan->text[at];
        size_t end = at + 1;
        if (one == ' ' || one == '\t' || one == '\r' || one == '\n') {
            at = end;
            continue;
        }
        unsigned is = one == ':'                   ? COLON
                      : one == ','                 ? COMMA
                      : one == '}' || one == ']'   ? END
                      : one == '"' && (next & KEY) ? KEY
                                                   : VALUE;
        if ((next & is) == 0)
            return 0;
        if (is == END) {
            if ((one == '}') != is_in_object(scan))
                return 0;
            size_t from = scan->open[--scan->depth];
            if (one == '}')
                add(scan, first, from, end);
            if (scan->depth == 0)
                return end;
            next = COMMA | END;
        } else if (is == COMMA || is == COLON) {
            next = is == COMMA && is_in_object(scan) ? KEY : VALUE;
        } else if (one == '{' || one == '[') {
            next = open_one(scan, at);
        } else {
            end = one == '"' ? skip_string(scan, at) : skip_scalar(scan, at);
            if (end == 0)
                return 0;
            next = is == KEY ? COLON : COMMA | END;
        }
        at = end;
    }
    return 0;
}

size_t json_objects_find(struct arena *arena, struct bytes text, struct bytes **out)
{
    struct scan scan = {
        .text = (const char *)text.data,
        .length = text.length,
        .is_seen = arena_take_many(arena, text.length + 1, sizeof *scan.is_seen),
        .open = arena_take_many(arena, text.length + 1, sizeof *scan.open),
        .found = arena_take_many(arena, text.length + 1, sizeof *scan.found),
    };
    for (size_t at = 0; at < scan.length;) {
        size_t end = 0;
        if (scan.text[at] == '{' && !scan.is_seen[at])
            end = scan_object(&scan, at);
        at = end != 0 ? end : at + 1;
    }
    *out = scan.found;
    return scan.count;
}
