/* /metadata/endpoints: where sign-in and ARM of this cloud are. Needs no token.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_METADATA_H
#define EMULATOR_METADATA_H

#include "exchange.h"

bool metadata_owns(const char *path);
void metadata_answer(struct exchange *x);

#endif
