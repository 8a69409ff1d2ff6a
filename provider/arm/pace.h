/* Staying within what the service allows, before it says 429.
 *
 * Answers tell how many calls of a kind are left. While many are, nothing waits; when few are,
 * calls go out at the rate at which the allowance fills up again. What was waited in all, here
 * and on 429s, is told once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ARM_PACE_H
#define ARM_PACE_H

#include "arm/dialect.h"
#include "http/transport.h"

enum {
    ARM_PACE_LOW = 20,            /* calls that are left when pacing begins */
    ARM_PACE_TELL_MS = 30 * 1000, /* waits of a session that are worth a word */
};

/* Thread-safe. NULL is fine everywhere: then nothing is paced. */
struct arm_pace;
struct arm_pace *arm_pace_new(const struct dialect *dialect);
void arm_pace_free(struct arm_pace *pace); /* logs what was waited in all */

enum arm_kind arm_kind_of(const char *method);

/* Waits for this call's turn. Errors: those of call_sleep(). */
int arm_pace_wait(struct call *call, struct arm_pace *pace, enum arm_kind kind,
                  struct error *err);
void arm_pace_learn(struct arm_pace *pace, enum arm_kind kind,
                    const struct http_reply *reply);
/* What was waited elsewhere because the service asked for it. */
void arm_pace_add_wait(struct arm_pace *pace, int64_t ms);

/* True once in a session: when more than ARM_PACE_TELL_MS were waited. */
bool arm_pace_is_worth_telling(struct arm_pace *pace, int64_t *waited_ms);

#endif
