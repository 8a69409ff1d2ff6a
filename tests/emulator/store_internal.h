/* What store.c and mappings.c share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_STORE_INTERNAL_H
#define EMULATOR_STORE_INTERNAL_H

#include <jansson.h>

void mappings_reset(void);
void mappings_free(void);
/* All mappings of a registration, without a trace. */
void mappings_forget(const json_t *registration);

#endif
