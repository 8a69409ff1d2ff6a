/* Small things about text: GUIDs, percent-encoding, forms, random names.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_TEXT_H
#define EMULATOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

enum { GUID_SIZE = 37 };

/* A new string; ends the process when there is no memory. The caller frees it. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_copy(const char *text);
char *text_lower(const char *text);
char *text_upper(const char *text);

bool text_starts(const char *text, const char *start, bool ignore_case);
bool text_ends(const char *text, const char *end);
bool text_is_one_of(const char *word, const char *bar_separated);

/* All of `text` as a decimal number between 0 and `max`. */
bool text_number(const char *text, long max, long *out);

bool guid_is(const char *text);
void guid_random(char out[GUID_SIZE]);
/* The same words always give the same GUID: the first 16 bytes of the SHA-256 of `words`, with
 * the version and variant bits of a random GUID. */
void guid_derive(const char *words, char out[GUID_SIZE]);

/* `bytes` random bytes as base64url without padding. */
char *text_random(size_t bytes);

/* Percent-decoded; NULL for a broken escape or an escaped NUL. `plus_is_space` for forms. */
char *percent_decode(const char *text, size_t length, bool plus_is_space);

/* "a=1&b=2" as {"a":"1","b":"2"}. NULL, and `why` set, when a name comes twice or an escape is
 * broken. Names are lower-cased when `ignore_case`. */
json_t *form_parse(const char *text, bool plus_is_space, bool ignore_case,
                   const char **why);

/* A JSON string of whatever came in: what is not UTF-8 becomes question marks. */
json_t *text_json(const char *text, size_t length);

#endif
