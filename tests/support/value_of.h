/* Values as unit tests write them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_VALUE_OF_H
#define SUPPORT_VALUE_OF_H

#include "support/engine_json.h"
#include "support/test.h"

/* JSON, where ' stands for " if it has none; attributes that are left out are null. */
static inline const struct value *value_of(struct arena *arena, const struct type *type,
                                           const char *text)
{
    char *copy = arena_copy_text(arena, text);
    for (char *at = copy; strchr(text, '"') == NULL && (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    json_error_t error;
    json_t *json = json_loads(copy, JSON_DECODE_ANY, &error);
    if (json == NULL)
        fail_msg("%s: %s", text, error.text);
    const char *fault = "";
    const struct value *value = engine_json_to_value(arena, type, json, &fault);
    json_decref(json);
    if (value == NULL)
        fail_msg("%s: %s", text, fault);
    return value;
}

#endif
