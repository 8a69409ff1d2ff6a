/* What a machine in Azure finds by itself, over plain HTTP: the instance metadata service of
 * virtual machines, and App Service's own.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_MACHINE_H
#define EMULATOR_MACHINE_H

#include "exchange.h"

/* GET /metadata/identity/oauth2/token, GET /msi/token */
void machine_answer(struct exchange *x);

#endif
