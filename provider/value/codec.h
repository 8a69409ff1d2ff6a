/* Values as bytes: msgpack on the wire, JSON in state files.
 *
 * Both decoders look over all the bytes before they take any memory: counts against the
 * bytes that are left, and depth. What they take then is at most 64 times the input
 * and 1 MB.
 * Msgpack is read by value/token.c: msgpack-c reserves what a length header claims, ends
 * at 32 levels with "out of memory", and makes a tree that is over that measure alone.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_CODEC_H
#define VALUE_CODEC_H

#include "base/bytes.h"
#include "base/error.h"
#include "value/value.h"

/*
 * Decode one DynamicValue's msgpack.
 *
 *   bytes   borrowed, not kept
 *   type    wanted shape; an unknown takes any type. It is an ext of at most one byte, or
 *           one of type 12, whose refinements are dropped
 *   out     new value in the arena
 *
 * Strings must be valid UTF-8; str and bin are both taken. Numbers may be any integer or
 * float width or decimal text. Objects must have exactly the attributes of the type.
 * Bytes behind the value are ignored, as the host's decoder does.
 *
 * Errors: ERR_SHAPE    not of `type`; err->text starts with the path (`tags["a"]: …`)
 *         ERR_TOO_BIG  deeper than VALUE_DEPTH_MAX levels, a count that the bytes cannot
 *                      hold, a number of more than VALUE_NUMBER_BYTES_MAX bytes or with an
 *                      exponent of more than nine digits
 * Source: tfplugin6 DynamicValue; go-cty cty/msgpack/{unmarshal,unknown}.go
 */
int value_decode_msgpack(struct arena *arena, struct bytes bytes, const struct type *type,
                         const struct value **out, struct error *err);

/* The msgpack of a value, in the arena. Objects have every attribute, keys sorted;
 * unknown is d4 00 00; integers within int64 go in their shortest form (unsigned if not
 * negative), larger ones as decimal text, fractions as float64 where that is exact and as
 * decimal text where not, as the host does it. Never fails. */
struct bytes value_encode_msgpack(struct arena *arena, const struct value *value);

/*
 * Decode JSON as a state file holds it. Numbers keep their text (they are never turned
 * into doubles), a number or a bool may stand where a string is wanted and the other way
 * round, attributes that are missing become null.
 *
 *   is_lenient  attributes the type does not know are skipped instead of refused (an old
 *               state file's)
 *
 * Errors: ERR_SHAPE, ERR_TOO_BIG as above, the latter also for more than 10000 objects;
 *         duplicate keys are refused.
 * Source: go-cty cty/json/unmarshal.go
 */
int value_decode_json(struct arena *arena, struct bytes json, const struct type *type,
                      bool is_lenient, const struct value **out, struct error *err);

/* Compact JSON of a wholly known value; an unknown becomes null. */
struct bytes value_encode_json(struct arena *arena, const struct value *value);

#endif
