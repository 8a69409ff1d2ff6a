/* Microsoft.AzureStack/registrations/customerSubscriptions: what the service does, once ARM has
 * let a request through. `registration` is from the store, `customer` is decoded.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_CUSTOMERS_H
#define EMULATOR_CUSTOMERS_H

#include "exchange.h"

void customers_get(struct exchange *x, const json_t *registration, const char *customer);
void customers_list(struct exchange *x, const json_t *registration);
void customers_put(struct exchange *x, json_t *registration, const char *customer);
void customers_delete(struct exchange *x, const json_t *registration,
                      const char *customer);

/* The status resource of 202_async; `id` is the operation's. */
void operations_get(struct exchange *x, const char *id);
void operations_forget_all(void);

/* Answers with a documented code, at the status that error_status gives it. */
void answer_code(struct exchange *x, const char *code, int status, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

#endif
