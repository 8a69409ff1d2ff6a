/* How an application proves to be itself: by its secret, by an assertion that it signed with its
 * certificate's key, or by the token of an issuer that it trusts.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_PROOF_H
#define EMULATOR_PROOF_H

#include "exchange.h"

/* {"method": …} for the log, new; NULL: refused and answered. */
json_t *proof_check(struct exchange *x, const json_t *form, const json_t *application);

/* Every assertion that was presented, as texts; new reference. Tests look for them where they
 * must not be. */
json_t *proof_dump(void);
void proof_forget_all(void);

#endif
