/* Repairs small errors in JSON, because of which a strict parser refuses the whole document.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_JSON_REPAIR_H
#define BASE_JSON_REPAIR_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * For a document that was refused: an invalid character in an error's text must not lose its code.
 * Returns a copy in the arena, in which
 *
 * - in strings, a NUL (`\u0000`), half of a surrogate pair and a byte that is not UTF-8 become
 *   U+FFFD: so no string contains a NUL, and no damaged string equals an intact one;
 * - in strings, raw newlines and tabs are escaped, other raw controls become spaces, and a
 *   backslash that begins no escape becomes a literal one;
 * - a number of more than 17 characters or with an exponent, NaN and Infinity become null;
 * - a byte order mark at the beginning, and NULs outside of strings, are removed.
 *
 * Everything else stays, so a text with other errors is still not JSON. Takes time proportional to
 * the bytes.
 */
struct bytes json_repair(struct arena *arena, struct bytes json);

/* The same for any document. Each number also becomes a string of its characters: a double keeps
 * only seventeen of the digits, and a sum of doubles even fewer. */
struct bytes json_quote_numbers(struct arena *arena, struct bytes json);

/* U+FFFD. A string may have it from json_repair(), or from its author. */
#define JSON_REPLACEMENT "\xEF\xBF\xBD"

#endif
