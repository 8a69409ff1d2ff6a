/* Values as unit tests write them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_VALUE_OF_H
#define SUPPORT_VALUE_OF_H

#include "support/engine_json.h"
#include "support/test.h"

/* JSON; where it has no " at all, ' stands for it. */
static inline json_t *json_of(struct arena *arena, const char *text)
{
    char *copy = arena_copy_text(arena, text);
    for (char *at = copy; strchr(text, '"') == NULL && (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    json_error_t error;
    json_t *json = json_loads(copy, JSON_DECODE_ANY, &error);
    if (json == NULL)
        fail_msg("%s: %s", text, error.text);
    return json;
}

/* Attributes that are left out are null. */
static inline const struct value *value_of(struct arena *arena, const struct type *type,
                                           const char *text)
{
    const char *fault = "";
    json_t *json = json_of(arena, text);
    const struct value *value = engine_json_to_value(arena, type, json, &fault);
    json_decref(json);
    if (value == NULL)
        fail_msg("%s: %s", text, fault);
    return value;
}

#endif
