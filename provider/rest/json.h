/* The JSON of answers, with limits.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_JSON_H
#define REST_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "base/bytes.h"
#include "base/error.h"

enum {
    /* How deep an answer may be nested. Jansson's own limit is 2048, and fixed when it is
     * compiled. */
    REST_JSON_DEPTH_MAX = 64,
    /* How many objects and arrays an answer may have: jansson allocates 200 bytes for an empty
     * object. A page of a list has two for each mapping. */
    REST_JSON_CONTAINERS_MAX = 200 * 1000,
    /* How many commas, each of which is followed by a value, for which jansson allocates up to 130
     * bytes. In 8 MB, which is what ARM promises at most, that is one for each 16 bytes. */
    REST_JSON_VALUES_MAX = 500 * 1000,
};

/* The object or array in the bytes; the caller releases it with json_decref(). NULL: the bytes are
 * something else, have a member twice, or exceed a limit. Small errors that do not change the rest
 * are repaired (base/json_repair.h): an invalid character in a message does not lose the error's
 * code. No string in it contains a NUL. */
json_t *rest_json_parse(struct bytes bytes);
json_t *rest_json_parse_object(struct bytes bytes); /* NULL for an array as well */
/* An object in which each number is a text with its digits. NULL: as above, or an array. Repaired as
 * above (json_quote_numbers()). */
json_t *rest_json_parse_digits(struct bytes bytes);

/* Counts the brackets and commas outside of strings, whether or not the bytes are JSON. A text with
 * a < before its first bracket is a page, which has no limits.
 * Errors: ERR_TOO_BIG, with the limit that is exceeded */
int rest_json_check_limits(struct bytes bytes, struct error *err);

/* The bytes are JSON as they are, behind a byte order mark at most: what the above make of them is
 * what they say, and can be sent back. */
bool rest_json_is_exact(struct bytes bytes);

/* It is a text in which a character was invalid, so no decision may depend on it. */
bool rest_json_is_broken_text(const json_t *json);

/* The member at a dotted place ("properties.tenantId"), borrowed; NULL: there is none. Items of an
 * array have numbers ("orders.0.id"). `object` may be NULL. */
json_t *rest_json_find(const json_t *object, const char *place);
/* The text there, borrowed; NULL: there is none. Both arguments may be NULL. */
const char *rest_json_text(const json_t *object, const char *place);
/* The same; NULL also if the text is "". */
const char *rest_json_some_text(const json_t *object, const char *place);

#endif
