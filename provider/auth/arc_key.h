/* The key by which a process on an Azure Arc machine proves to the machine's agent that it may
 * have a token: the agent writes it into a file that only root and the group himds can read (on
 * Windows administrators and a group of the agent's), and names that file in its answer. What the
 * answer names is read only where the agent writes.
 * Source: azure-docs azure-arc/servers/managed-identity-authentication.md; the limits are those
 * of microsoft-authentication-library-for-go and azure-sdk-for-python.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_ARC_KEY_H
#define AUTH_ARC_KEY_H

#include "base/secret.h"
#include "http/transport.h"

enum { ARC_KEY_BYTES_MAX = 4096 };

/*
 * The key of the file in `WWW-Authenticate: Basic realm=PATH` of a 401.
 *
 * Errors: ERR_CREDENTIAL  no such header, a file that is not a regular one with the extension
 *         .key right in the agent's folder, that cannot be read, is too big or holds no key
 */
int arc_key_read(struct call *call, const struct http_reply *reply, struct secret **out,
                 struct error *err);
/* Whether an answer asks for such a key. */
bool arc_key_is_required(const struct http_reply *reply);

/* Where the agent writes, if not in its own place: a test sets it. */
extern const char *arc_key_folder;

#endif
