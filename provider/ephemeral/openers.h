/* The functions that open ephemeral resources. provider/registry.c lists each beside its table.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EPHEMERAL_OPENERS_H
#define EPHEMERAL_OPENERS_H

#include "engine/engine.h"

engine_data_fn ephemeral_registration_activation_key;

#endif
