/* Functions on text that several layers need. Pure, except text_new_guid().
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"

/* The case of ASCII letters only is ignored, whatever the locale, because ARM compares names so. NULL
 * equals only NULL. text_starts_ignoring_case() is false if one is NULL; the others need texts. */
bool text_equal(const char *a, const char *b);
bool text_equal_ignoring_case(const char *a, const char *b);
bool text_starts_ignoring_case(const char *text, const char *start);
bool text_ends_ignoring_case(const char *text, const char *end);
/* The list has the text, ignoring case. It ends with NULL; NULL: an empty list. */
bool text_is_one_of(const char *text, const char *const *list);
/* "a, b and c", each between two of `quote`, which may be "". The list ends with NULL. */
const char *text_join(struct arena *arena, const char *const *list, const char *quote);
/* Sorts the texts by their bytes, and removes duplicates. Returns how many remain. */
size_t text_sort(const char **texts, size_t count);
char *text_lower(struct arena *arena, const char *text);
bool text_is_lower(const char *text); /* contains no A-Z */
/* Capitalizes the first letter, unless the text begins with a name such as `client_id`, a path or a
 * URL. */
const char *text_capitalize(struct arena *arena, const char *text);
/* The same, with a full stop at the end. */
const char *text_sentence(struct arena *arena, const char *text);

/* 8-4-4-4-12 hexadecimal digits in either case, nothing else. */
bool text_is_guid(const char *text);
/* A new random GUID in lower case, for request IDs. */
enum { TEXT_GUID_BYTES = 37 };
void text_new_guid(char guid[TEXT_GUID_BYTES]);

/* Valid UTF-8 (no surrogates, nothing over U+10FFFF). */
bool text_is_utf8(const char *text, size_t length);
/* How many of the `length` bytes the first character has; 0: they begin with an invalid one. */
size_t text_utf8_next(const char *text, size_t length);
/* The code point of a character of `bytes` bytes, which text_utf8_next() has returned. */
unsigned text_utf8_point(const char *text, size_t bytes);
/* Writes the first character as a JSON string has it; an invalid byte becomes U+FFFD. `taken`: how
 * many of the `length` (at least 1) bytes it had. Returns the number of bytes in `out`, which does
 * not end with NUL. */
enum { TEXT_JSON_CHAR_BYTES = 6 };
size_t text_json_char(const char *text, size_t length, char out[TEXT_JSON_CHAR_BYTES],
                      size_t *taken);
/* Text from outside must not control a terminal, or look like the provider's own text; and a single
 * invalid byte makes Terraform refuse the whole response. All such text passes through one of these
 * functions before it gets into a diagnostic; the log uses text_clean_char(). In each of them
 *
 * - an invalid byte, and a character that is invisible or moves others (text_is_hidden()), becomes
 *   U+FFFD;
 * - a control character (C0, DEL, C1) becomes a space;
 * - more than four combining marks on a letter are removed;
 * - the copy has at most `most` bytes; if it is cut, it ends with `…`.
 *
 * text_clean() keeps newlines and tabs. It is for texts with the provider's own lines, or that were
 * cleaned before.
 * text_clean_line() makes spaces of them. It is for a name, an ID, a code or a header.
 * text_clean_quote() is for a message of several lines: it omits empty lines and indents all but
 * the first, so that none looks like a paragraph of the provider. Indents are not counted in
 * `most`. */
char *text_clean(struct arena *arena, const char *text, size_t length, size_t most);
char *text_clean_line(struct arena *arena, const char *text, size_t length, size_t most);
char *text_clean_quote(struct arena *arena, const char *text, size_t length, size_t most);
/* Writes the first character as text_clean() does; `length` is at least 1. Returns the number of
 * bytes in `out`, which does not end with NUL. `taken`: how many bytes the character had. */
enum { TEXT_CLEAN_CHAR_BYTES = 4 };
size_t text_clean_char(const char *text, size_t length, char out[TEXT_CLEAN_CHAR_BYTES],
                       size_t *taken);
/* The character cannot be seen: direction overrides and isolates, zero width, tags, variation
 * selectors, soft hyphen, line and paragraph separators, fillers, private use, noncharacters.
 * Controls and spaces are not included. */
bool text_is_hidden(unsigned point);
/* A space or a control character that is not ASCII, such as U+00A0, which does not break. */
bool text_is_wide_space(unsigned point);

/* Without a UTF-8 byte order mark at its start, which editors and PowerShell's `-Encoding utf8`
 * write. */
struct bytes text_skip_mark(struct bytes text);

/* Of valid UTF-8. */
size_t text_count_characters(const char *text);

/* Percent-encodes everything except the unreserved characters of RFC 3986. */
char *text_encode_percent(struct arena *arena, const char *text);

/* Parses "1h30m", "90s", "1.5h", "500ms" as Go's time.ParseDuration, which is what `timeouts`
 * blocks contain. Returns 0 and *ms, or -1: not a duration, NULL, zero, negative, or too long for Go
 * (292 years). A part of a millisecond is rounded up. */
int text_parse_duration_ms(const char *text, long long *ms);

#endif
