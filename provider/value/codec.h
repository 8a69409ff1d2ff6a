/* Values as bytes: msgpack on the wire, JSON in state files.
 *
 * Both decoders check the whole input before they allocate: its depth, and its counts against the
 * bytes that follow. After that, they allocate at most 64 times the input and 1 MB.
 * value/token.c reads the msgpack. msgpack-c does not fit: it allocates as much as a length header
 * claims, fails at 32 levels with "out of memory", and the tree that it builds is larger than this
 * limit.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_CODEC_H
#define VALUE_CODEC_H

#include "base/bytes.h"
#include "base/error.h"
#include "value/value.h"

/*
 * Decodes the msgpack of one DynamicValue.
 *
 *   bytes   borrowed, not kept
 *   type    the expected type. An unknown matches any type: it is an ext of at most one byte, or
 *           one of type 12, whose refinements are dropped
 *   out     new value in the arena
 *
 * Strings must be valid UTF-8; they may be str or bin. Numbers may be integers or floats of any
 * width, or decimal text. Objects must have exactly the attributes of the type. Bytes that follow
 * the value are ignored, as Terraform's decoder does.
 *
 * Errors: ERR_SHAPE    does not match `type`; err->text starts with the path (`tags["a"]: …`)
 *         ERR_TOO_BIG  more than VALUE_DEPTH_MAX levels, a count that is larger than the bytes
 *                      allow, a number of more than VALUE_NUMBER_BYTES_MAX bytes or with an
 *                      exponent of more than nine digits
 * Source: tfplugin6 DynamicValue; go-cty cty/msgpack/{unmarshal,unknown}.go
 */
int value_decode_msgpack(struct arena *arena, struct bytes bytes, const struct type *type,
                         const struct value **out, struct error *err);

/* The msgpack of a value, in the arena. Never fails. Objects have every attribute, with sorted
 * keys. An unknown is d4 00 00. Numbers are decimal text, as in state files. */
struct bytes value_encode_msgpack(struct arena *arena, const struct value *value);

/*
 * Decodes JSON as a state file has it. Numbers keep their text; they are never converted to
 * doubles. A number or a bool is accepted where the type is a string, and a string where the type
 * is a number or a bool. Missing attributes become null.
 *
 *   is_lenient  attributes that the type does not have are skipped instead of refused: for the
 *               state file of an older version
 *
 * Errors: ERR_SHAPE    as above; also a key that occurs twice
 *         ERR_TOO_BIG  as above; also more than 10000 objects
 * Source: go-cty cty/json/unmarshal.go
 */
int value_decode_json(struct arena *arena, struct bytes json, const struct type *type,
                      bool is_lenient, const struct value **out, struct error *err);

/* Compact JSON of a wholly known value, in the arena; an unknown becomes null. */
struct bytes value_encode_json(struct arena *arena, const struct value *value);

#endif
