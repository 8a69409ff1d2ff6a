/* What create.c and customers.c share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_CREATE_H
#define EMULATOR_CREATE_H

#include "exchange.h"

/* A mapping as GET answers it. */
json_t *mapping_show(const json_t *registration, const json_t *mapping);

void answer_scope_locked(struct exchange *x, const json_t *registration,
                         const char *customer, const char *act);

/* If-Match and If-None-Match, when etags are on. `mapping` is NULL when there is none. False:
 * the answer is made. */
bool create_check_etag(struct exchange *x, const json_t *mapping);

#endif
