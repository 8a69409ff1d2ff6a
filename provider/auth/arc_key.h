/* The key with which a process on an Azure Arc machine proves to the machine's agent that it may
 * get a token. The agent writes the key to a file that only root and the group himds can read (on
 * Windows, only administrators and a group of the agent), and returns the path of the file in its
 * answer. A path outside of the agent's own folder is not read.
 * Source: azure-docs azure-arc/servers/managed-identity-authentication.md; the limits are those of
 * microsoft-authentication-library-for-go and azure-sdk-for-python.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_ARC_KEY_H
#define AUTH_ARC_KEY_H

#include "base/secret.h"
#include "http/transport.h"

enum { ARC_KEY_BYTES_MAX = 4096 };

/*
 * Reads the key from the file that a 401 names in `WWW-Authenticate: Basic realm=PATH`.
 *
 * Errors: ERR_CREDENTIAL  there is no such header; the file is not in the agent's folder itself, is
 *                         not a regular file with the extension .key, cannot be read, is too big,
 *                         or has no key
 */
int arc_key_read(struct call *call, const struct http_reply *reply, struct secret **out,
                 struct error *err);
/* The answer asks for such a key. */
bool arc_key_is_required(const struct http_reply *reply);

/* A folder that tests use instead of the agent's; else NULL. */
extern const char *arc_key_folder;

#endif
