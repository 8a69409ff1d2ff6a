/* The JSON of answers, within ceilings.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ARM_JSON_H
#define ARM_JSON_H

#include <jansson.h>

#include "base/bytes.h"

enum {
    /* How deep an answer may nest (jansson's own ceiling is 2048, compiled in). */
    ARM_JSON_DEPTH_MAX = 64,
    /* Objects and arrays in one answer: jansson takes two hundred bytes for the two of an
     * empty object. A page of a list holds two for each mapping. */
    ARM_JSON_CONTAINERS_MAX = 200 * 1000,
};

/* The object or array that the bytes are, the caller's to json_decref(); NULL if they are none,
 * name a member twice, or pass a ceiling. A byte order mark in front is skipped: some services
 * behind ARM write one. */
json_t *arm_json_parse(struct bytes bytes);
json_t *arm_json_parse_object(struct bytes bytes); /* NULL for an array too */

/* The member at a dotted place ("properties.tenantId"), borrowed; NULL if there is none.
 * `object` may be NULL. */
json_t *arm_json_find(const json_t *object, const char *place);

#endif
