/* Small questions about text that several layers ask. Pure.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* ASCII only, whatever the locale: ARM compares names so. NULL equals NULL only. */
bool text_equal(const char *a, const char *b);
bool text_equal_ignoring_case(const char *a, const char *b);
bool text_starts_ignoring_case(const char *text, const char *start);
char *text_lower(struct arena *arena, const char *text);
bool text_is_lower(const char *text); /* has no A-Z */
/* With a capital letter, unless the text begins with a name such as `client_id`, a path or a URL. */
const char *text_capitalize(struct arena *arena, const char *text);
/* The same, with a full stop at the end. */
const char *text_sentence(struct arena *arena, const char *text);

/* 8-4-4-4-12 hexadecimal digits in either case, nothing else. */
bool text_is_guid(const char *text);
/* A new random one, lower case; for request ids. */
enum { TEXT_GUID_BYTES = 37 };
void text_new_guid(char guid[TEXT_GUID_BYTES]);

/* Valid UTF-8 (no surrogates, nothing over U+10FFFF). */
bool text_is_utf8(const char *text, size_t length);
/* How many of the `length` bytes make up the first character; 0 if they begin with none. */
size_t text_utf8_next(const char *text, size_t length);
/* The code point of a character of that many bytes, which text_utf8_next() has found. */
unsigned text_utf8_point(const char *text, size_t bytes);
/* The first character as it stands in a JSON string, a broken byte as U+FFFD. `taken` is
 * how many of the `length` (at least 1) bytes it was. Returns the bytes in `out`, which
 * does not end in NUL. */
enum { TEXT_JSON_CHAR_BYTES = 6 };
size_t text_json_char(const char *text, size_t length, char out[TEXT_JSON_CHAR_BYTES],
                      size_t *taken);
/* Text from outside may not do to a terminal what it likes, nor pass for ours; and one bad byte
 * makes the host refuse the whole answer. All of it goes through one of these before it reaches
 * a diagnostic, and through the log's own use of text_clean_char(). In each
 *
 * - a broken byte, and a character that cannot be seen or moves others (text_is_hidden()), is
 *   U+FFFD;
 * - a control character (C0, DEL, C1) is a space;
 * - the fifth combining mark on one letter, and those behind it, are gone;
 * - the copy has at most `most` bytes, cut with `…` at its end.
 *
 * text_clean() keeps newlines and tabs: what has lines of ours, and what was cleaned before.
 * text_clean_line() makes spaces of them: a name, an ID, a code, a header.
 * text_clean_quote() is for a message of several lines: it leaves out empty ones and indents all
 * but the first, so that none of them passes for a paragraph of ours. Indents come on top of
 * `most`. */
char *text_clean(struct arena *arena, const char *text, size_t length, size_t most);
char *text_clean_line(struct arena *arena, const char *text, size_t length, size_t most);
char *text_clean_quote(struct arena *arena, const char *text, size_t length, size_t most);
/* The first character as text_clean() shows it; `length` is at least 1. Returns its bytes in
 * `out`, which does not end in NUL; `taken` is how many bytes it was. */
enum { TEXT_CLEAN_CHAR_BYTES = 4 };
size_t text_clean_char(const char *text, size_t length, char out[TEXT_CLEAN_CHAR_BYTES],
                       size_t *taken);
/* Direction overrides and isolates, zero width, tags, variation selectors, soft hyphen, line and
 * paragraph separators, fillers; private use and what is no character: it cannot be seen what it
 * is. Neither controls nor spaces. */
bool text_is_hidden(unsigned point);

/* Percent-encodes everything but RFC 3986 unreserved characters. */
char *text_encode_percent(struct arena *arena, const char *text);

/* "1h30m", "90s", "1.5h", "500ms" as Go's time.ParseDuration reads them, which is what
 * `timeouts` blocks hold. 0 and *ms, or -1. Negative and zero durations are refused, and
 * what Go cannot hold (292 years); parts of a millisecond count as a whole one. */
int text_parse_duration_ms(const char *text, long long *ms);

#endif
