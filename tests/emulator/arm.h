/* Azure Resource Manager: who may ask, for what, in which version.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_ARM_H
#define EMULATOR_ARM_H

#include "exchange.h"

/* The word by which faults and counters know a request: GET LIST PUT DELETE (of customer
 * subscriptions), REGISTRATION, REGISTRATIONS, STATUS, METADATA, OTHER. */
const char *arm_kind(const char *method, const char *path);
/* The registration that a path is below, in lower case, to be freed; NULL when there is none. */
char *arm_registration_key(const char *path);

void arm_answer(struct exchange *x);
/* The headers that ARM puts on every answer. */
void arm_headers(struct exchange *x);
void arm_reset(void);

#endif
