/* Finds JSON objects in a text with other content around them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_JSON_OBJECTS_H
#define AUTH_JSON_OBJECTS_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * Finds every object that is not inside another one, ordered by where they end. Takes time
 * proportional to the text. Objects inside a text that only looks like an object are found too:
 * `{'what': "looks" like one}`, or an object that is never closed. A brace in a string of an object
 * begins no object.
 *
 * Objects have the grammar of RFC 8259, except that numbers are only checked for their characters:
 * the parser has to check the rest. `*out` is in the arena and points into the text. Returns the
 * number of objects.
 */
size_t json_objects_find(struct arena *arena, struct bytes text, struct bytes **out);

#endif
