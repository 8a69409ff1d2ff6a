/* Switches: how the service answers where nobody knows how it does. One table, see switches.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_SWITCHES_H
#define EMULATOR_SWITCHES_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

void switches_reset(void);
void switches_free(void);
bool switch_exists(const char *name);

/* Sets one. Returns NULL, or what is wrong, to be freed by the caller. */
char *switch_set(const char *name, json_t *value);

/* The value of a switch; a name or value that the table does not have ends the process. */
bool switch_is(const char *name, const char *value);
bool switch_on(const char *name);
long switch_number(const char *name);
const char *switch_text(const char *name);
/* A member of a switch that is a map; `fallback` when the map does not name it. */
long switch_member(const char *name, const char *member, long fallback);

/* {name: value}, and [{name, values, value, default, doc}] for people. New references. */
json_t *switches_values(void);
json_t *switches_describe(void);
/* The table, for --help. */
void switches_print(FILE *stream);

#endif
