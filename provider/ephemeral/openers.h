/* How each ephemeral resource is opened; provider/registry.c lists them beside their tables.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EPHEMERAL_OPENERS_H
#define EPHEMERAL_OPENERS_H

#include "engine/engine.h"

engine_data_fn ephemeral_registration_activation_key;

#endif
