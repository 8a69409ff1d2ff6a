/* Entra's errors, since the AADSTS number is what a client and its user go by.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_AADSTS_H
#define EMULATOR_AADSTS_H

#include "exchange.h"

/* {"error", "error_description", "error_codes", …} */
void aadsts_refuse(struct exchange *x, int status, const char *error, long code,
                   const char *message);
/* The same for a request that is itself wrong: leaves a REJECTED line. Returns false. */
bool aadsts_reject(struct exchange *x, int status, const char *error, long code,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
