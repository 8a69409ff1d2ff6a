/* JSON objects in a text that has anything else around them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_JSON_OBJECTS_H
#define AUTH_JSON_OBJECTS_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * Every object that is in no other one, in the order of their ends, in time proportional to
 * the text. An object that is never closed hides none of those in it, and neither does
 * `{'what': "looks" like one}`. Braces in strings of an object begin none.
 *
 * The grammar of RFC 8259 but for numbers, of which only the letters are checked: the parser
 * has the last word. `*out` is in the arena and points into the text. Returns their number.
 */
size_t json_objects_find(struct arena *arena, struct bytes text, struct bytes **out);

#endif
