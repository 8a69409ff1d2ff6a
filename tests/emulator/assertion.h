/* Client assertions: what an application signs with its certificate's key.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_ASSERTION_H
#define EMULATOR_ASSERTION_H

#include <stdint.h>

#include "exchange.h"
#include "jwt.h"

/* Does it say that the application itself made it? Else somebody else did. */
bool assertion_is_own(const struct jwt *jwt, const json_t *application);
/* False: refused and answered. An assertion is good once. */
bool assertion_check(struct exchange *x, const struct jwt *jwt,
                     const json_t *application);

/* Entra's clock, which the switch clock_ahead_s puts ahead of ours. */
int64_t assertion_now_s(void);

/* Is it a certificate in PEM, as the configuration holds them? */
bool assertion_certificate_is(const char *pem);
void assertion_forget_all(void);

#endif
