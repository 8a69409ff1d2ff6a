/* Values written as JSON by people, for tests of the engine: what a file says becomes a
 * value, and a value becomes what a file would say. Shares no code with value/codec.h.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_ENGINE_JSON_H
#define SUPPORT_ENGINE_JSON_H

#include <jansson.h>

#include "value/value.h"

/* Stands for a value that is not known yet, of whatever type. */
#define ENGINE_JSON_UNKNOWN "(unknown)"

/* Attributes that are left out are null. NULL if it is not of the type; *fault says why. */
const struct value *engine_json_to_value(struct arena *arena, const struct type *type,
                                         const json_t *json, const char **fault);
/* Null attributes are left out. */
json_t *engine_json_from_value(const struct value *value);
/* The same on one line, in the arena. */
const char *engine_json_show(struct arena *arena, const struct value *value);

#endif
