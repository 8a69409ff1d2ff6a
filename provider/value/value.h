/* Terraform's values. They are immutable once built, so values in the same arena may share parts.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "value/type.h"

/* How many levels of lists, maps and objects a value may have, on the wire and in JSON. Terraform's
 * own limit is far higher; the provider's schemas need 4. */
enum { VALUE_DEPTH_MAX = 64 };

enum value_state { VALUE_KNOWN, VALUE_NULL, VALUE_UNKNOWN };

/* If state is VALUE_KNOWN, type->kind says which member is used. A known value of TYPE_DYNAMIC has
 * only `dynamic`, which points to the actual value. */
struct value {
    const struct type *type;
    enum value_state state;
    union {
        struct {
            /* Valid UTF-8, which may contain NUL bytes. Followed by a NUL that `length` does not
             * count. */
            const char *data;
            size_t length;
        } string;
        /* Decimal text of JSON's grammar, exactly as it was received, at most
         * VALUE_NUMBER_BYTES_MAX bytes. */
        const char *number;
        bool boolean;
        struct {
            const struct value **items; /* object: in the order of type->fields */
            const char **keys;          /* map only, sorted */
            size_t count;
        } many;                      /* list, set, map, object, tuple */
        const struct value *dynamic; /* of another type; may be a typed null */
    };
};

enum { VALUE_NUMBER_BYTES_MAX = 512 };

/* The text is a number of JSON's grammar (`-1.5e3`; not `+1`, `01`, `.5`, `NaN`), has at most
 * VALUE_NUMBER_BYTES_MAX bytes, and its exponent has at most nine digits. */
bool value_is_number_text(const char *text, size_t length);

/* The sum of two such numbers without rounding, in plain digits: "0.00000012", never with an
 * exponent, without zeros at either end. NULL: one of them is not such a number, or the sum is
 * longer than VALUE_NUMBER_BYTES_MAX. */
const char *value_add_decimals(struct arena *arena, const char *a, const char *b);

const struct value *value_null(struct arena *arena, const struct type *type);
const struct value *value_unknown(struct arena *arena, const struct type *type);
/* A null value if `text` is NULL. */
const struct value *value_string(struct arena *arena, const char *text);
const struct value *value_string_bytes(struct arena *arena, const char *data,
                                       size_t length);
const struct value *value_bool(struct arena *arena, bool boolean);
/* The text has to be one that value_is_number_text() accepts: any other is a bug and ends the
 * process. */
const struct value *value_number_text(struct arena *arena, const char *decimal);
const struct value *value_number_int(struct arena *arena, int64_t number);
/* A value of type dynamic; `inner` itself if it is dynamic already. */
const struct value *value_dynamic(struct arena *arena, const struct value *inner);
/* The value borrows the items, which are in the same arena. Those of an object or a tuple are in
 * the order of type->fields, those of a list in its order, those of a set in any order. A set is
 * sorted and loses its duplicates, except items that contain an unknown: they may become
 * different. */
const struct value *value_many(struct arena *arena, const struct type *type,
                               const struct value *const *items, size_t count);
/* A list or a set of strings: the texts, sorted and without duplicates. Sorts `texts`, too. */
const struct value *value_of_texts(struct arena *arena, const struct type *type,
                                   const char **texts, size_t count);
/* The value borrows both arrays. The keys are in any order, and each occurs once. */
const struct value *value_map(struct arena *arena, const struct type *type,
                              const char *const *keys, const struct value *const *items,
                              size_t count);
/* An object whose attributes are all null. */
const struct value *value_object_of_nulls(struct arena *arena, const struct type *type);

/* For these functions, a dynamic value is the value that it points to. */
bool value_is_null(const struct value *value);    /* also of NULL */
bool value_is_unknown(const struct value *value); /* the value itself, not a part of it */
bool value_is_wholly_known(const struct value *value);
/* The text of a known string; else NULL. A text that contains a NUL ends at it for the caller;
 * value->string.length has the whole length. */
const char *value_text(const struct value *value);
/* The value of a known bool; else `otherwise`. */
bool value_is_true(const struct value *value, bool otherwise);

/* An attribute of a known object. If the object is null or unknown: a null or an unknown of the
 * attribute's type. A name that the type does not have is a bug and ends the process. */
const struct value *value_get(struct arena *arena, const struct value *object,
                              const char *name);
/* A copy of the object in which one attribute has another value. If the object is null or unknown,
 * its other attributes are null or unknown. */
const struct value *value_with(struct arena *arena, const struct value *object,
                               const char *name, const struct value *attribute);

/* A copy that shares no memory with `value`. It has the type `type`, which has the same shape. */
const struct value *value_copy(struct arena *arena, const struct type *type,
                               const struct value *value);

/* Exact equality, including the type. Unknown equals unknown. Numbers are equal if their decimal
 * values are (1.50 and 1.5, 1e2 and 100). */
bool value_equal(const struct value *a, const struct value *b);

#endif
