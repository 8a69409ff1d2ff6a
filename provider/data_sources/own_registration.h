/* The registration of a hub.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DATA_SOURCES_OWN_REGISTRATION_H
#define DATA_SOURCES_OWN_REGISTRATION_H

#include "engine/engine.h"

/* Sets *id to the registration in the hub's activation, unless it is set. Warns if that is another
 * one, and if the hub does not report usage. -1 with an error: *id is not set, and the activation
 * does not have it or cannot be read. */
int own_registration_find(struct call *call, struct session *session, const char *account,
                          const char **id, struct diags *diags);

#endif
