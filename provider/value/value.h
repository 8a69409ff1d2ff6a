/* Terraform's values: immutable once built, so parts are shared freely inside an arena.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "value/type.h"

/* How many levels of lists, maps and objects a value may have, on the wire and in JSON.
 * Terraform's own limit is far higher; our schemas need 4. */
enum { VALUE_DEPTH_MAX = 64 };

enum value_state { VALUE_KNOWN, VALUE_NULL, VALUE_UNKNOWN };

/* Which member is used follows from type->kind, when state is VALUE_KNOWN.
 * TYPE_DYNAMIC never holds a known value itself: `dynamic` points at the real one. */
struct value {
    const struct type *type;
    enum value_state state;
    union {
        struct {
            const char *data; /* followed by a NUL that `length` does not count; may
                                 hold NUL bytes itself; valid UTF-8 */
            size_t length;
        } string;
        const char *number; /* decimal text as JSON spells numbers, exactly as it came,
                               at most VALUE_NUMBER_BYTES_MAX */
        bool boolean;
        struct {
            const struct value **items; /* object: in the order of type->fields */
            const char **keys;          /* map only, sorted */
            size_t count;
        } many;                      /* list, set, map, object, tuple */
        const struct value *dynamic; /* itself of another type; may be a typed null */
    };
};

enum { VALUE_NUMBER_BYTES_MAX = 512 };

/* Whether text is a number as JSON spells it (`-1.5e3`; not `+1`, `01`, `.5`, `NaN`) that
 * is not too long and whose exponent has at most nine digits. */
bool value_is_number_text(const char *text, size_t length);

/* The sum of two such numbers without rounding, in plain digits: "0.00000012", never with an
 * exponent, without zeros at either end. NULL: one is none, or the sum is longer than
 * VALUE_NUMBER_BYTES_MAX. */
const char *value_add_decimals(struct arena *arena, const char *a, const char *b);

const struct value *value_null(struct arena *arena, const struct type *type);
const struct value *value_unknown(struct arena *arena, const struct type *type);
const struct value *value_string(struct arena *arena, const char *text); /* NULL: null */
const struct value *value_string_bytes(struct arena *arena, const char *data,
                                       size_t length);
const struct value *value_bool(struct arena *arena, bool boolean);
/* Text that value_is_number_text() refuses is a bug and ends the process. */
const struct value *value_number_text(struct arena *arena, const char *decimal);
const struct value *value_number_int(struct arena *arena, int64_t number);
/* A value of type dynamic; `inner` itself if it is one. */
const struct value *value_dynamic(struct arena *arena, const struct value *inner);
/* `items` in the order of type->fields (object, tuple) or any (list, set); borrowed, not
 * copied: they live in the same arena. A set is sorted and freed of duplicates, but not of
 * those that hold an unknown: they may turn out to differ. */
const struct value *value_many(struct arena *arena, const struct type *type,
                               const struct value *const *items, size_t count);
/* Keys are each there once, in any order. */
const struct value *value_map(struct arena *arena, const struct type *type,
                              const char *const *keys, const struct value *const *items,
                              size_t count);
/* An object whose attributes are all null. */
const struct value *value_object_of_nulls(struct arena *arena, const struct type *type);

/* A dynamic value is what it points at. */
bool value_is_null(const struct value *value);    /* NULL counts as null */
bool value_is_unknown(const struct value *value); /* itself, not something in it */
bool value_is_wholly_known(const struct value *value);
/* The text of a known string, else NULL. Texts with a NUL inside end at it: a caller that
 * cares asks value->string.length. */
const char *value_text(const struct value *value);
/* Known bool, else `otherwise`. */
bool value_is_true(const struct value *value, bool otherwise);

/* An attribute of a known object; of a null or unknown object a null or unknown of the
 * attribute's type. Asking for a name that the type does not have is a bug and ends the process. */
const struct value *value_get(struct arena *arena, const struct value *object,
                              const char *name);
/* A copy of the object with one attribute other. In a null or unknown object the others
 * are null or unknown. */
const struct value *value_with(struct arena *arena, const struct value *object,
                               const char *name, const struct value *attribute);

/* A copy that shares nothing with `value`, of `type`, which has the same shape. */
const struct value *value_copy(struct arena *arena, const struct type *type,
                               const struct value *value);

/* Exact equality, type included; unknown equals unknown. Numbers are equal when their
 * decimal values are (1.50 and 1.5, 1e2 and 100). */
bool value_equal(const struct value *a, const struct value *b);

#endif
