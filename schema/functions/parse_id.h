/* What the functions of IDs share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_FUNCTIONS_PARSE_ID_H
#define SCHEMA_FUNCTIONS_PARSE_ID_H

#include "id/id.h"

/* The first argument is `text`, an ID of this type. 0, or -1 with err and *at, as struct
 * function_table says. */
int function_parse_id(struct arena *arena, const char *text, const char *type,
                      struct id *out, int *at, struct error *err);

#endif
