/* Faults: the script, which rule fires when, and what it makes of an answer. What it makes of
 * the bytes is in wire.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_FAULT_H
#define EMULATOR_FAULT_H

#include <stdio.h>

#include "exchange.h"

/* Takes over a script (borrowed) and counts from the start. NULL, or what is wrong with it. */
char *faults_set(json_t *script);
void faults_free(void);
/* The forms of a rule, for --help. */
void faults_print(FILE *stream);
json_t *faults_dump(void);

/* Counts this request; the rule that fires on it, or NULL. Borrowed. */
json_t *faults_match(const char *kind);

/* Does the rule keep the request from taking effect? */
bool fault_is_before(const json_t *rule);
/* Does it need an answer to spoil, or replace it altogether? */
bool fault_needs_answer(const json_t *rule);
const char *fault_what(const json_t *rule);
const char *fault_text(const json_t *rule, const char *member, const char *fallback);
long fault_number(const json_t *rule, const char *member, long fallback);

/* Changes x->answer as the rule says. */
void fault_spoil(struct exchange *x, const json_t *rule);

#endif
