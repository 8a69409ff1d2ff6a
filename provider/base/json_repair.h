/* JSON with slips that make a strict reader refuse the whole of it, without them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_JSON_REPAIR_H
#define BASE_JSON_REPAIR_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * For a document that was refused: one bad character in an error's text must not lose its code.
 * A copy in the arena, in which
 *
 * - in strings, a NUL (`\u0000`), half of a surrogate pair and a byte that is no UTF-8 are U+FFFD,
 *   so that no string has a NUL, and none that was broken equals one that was not;
 * - in strings, raw newlines and tabs are escaped, other raw controls are spaces, and a
 *   backslash that begins no escape stands for itself;
 * - a number of more than 17 characters or with an exponent, NaN and Infinity are null;
 * - a byte order mark in front, and NUL outside of strings, are gone.
 *
 * All else stays: what is no JSON beyond that is none afterwards. Takes time in proportion to
 * the bytes.
 */
struct bytes json_repair(struct arena *arena, struct bytes json);

/* The same of any document, with each number as a string of its characters: a double keeps
 * seventeen digits of it, and a sum of doubles not even those. */
struct bytes json_quote_numbers(struct arena *arena, struct bytes json);

/* U+FFFD, which a string may have from there, or from its author. */
#define JSON_REPLACEMENT "\xEF\xBF\xBD"

#endif
