/* The JSON of answers, within ceilings.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_JSON_H
#define REST_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "base/bytes.h"

enum {
    /* How deep an answer may nest (jansson's own ceiling is 2048, compiled in). */
    REST_JSON_DEPTH_MAX = 64,
    /* Objects and arrays in one answer: jansson takes two hundred bytes for the two of an
     * empty object. A page of a list holds two for each mapping. */
    REST_JSON_CONTAINERS_MAX = 200 * 1000,
};

/* The object or array that the bytes are, the caller's to json_decref(); NULL if they are none,
 * name a member twice, or pass a ceiling. Slips that do not change what else it says are repaired
 * (base/json_repair.h): a bad character of a message does not lose the error's code. No string
 * of it has a NUL. */
json_t *rest_json_parse(struct bytes bytes);
json_t *rest_json_parse_object(struct bytes bytes); /* NULL for an array too */
/* The same with each number as a text of its digits. */
json_t *rest_json_parse_digits(struct bytes bytes);

/* Whether it is a text of which a character could not be read: nothing to decide by. */
bool rest_json_is_broken_text(const json_t *json);

/* The member at a dotted place ("properties.tenantId"), borrowed; NULL if there is none. An item of
 * an array goes by its number ("orders.0.id").
 * `object` may be NULL. */
json_t *rest_json_find(const json_t *object, const char *place);

#endif
