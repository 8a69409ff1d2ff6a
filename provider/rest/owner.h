/* Finds the owner of an account, such as the tenant of a subscription, without permissions for the
 * account: with a request without a token, as the dialect says (owner_path, read_owner). Sends no
 * secret.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_OWNER_H
#define REST_OWNER_H

#include "rest/client.h"

enum {
    REST_OWNER_TIME_MS = 3000,     /* limit for one request, which is never repeated */
    REST_OWNER_CONCURRENT_MAX = 8, /* requests at the same time */
    /* After so many requests in a row without an answer, no more are sent. */
    REST_OWNER_FAILURES_MAX = 3
};

/* The results of a session, by account. Thread-safe. */
struct rest_owners;
struct rest_owners *rest_owners_new(void);
void rest_owners_free(struct rest_owners *owners); /* NULL is fine */

/* The owner, in lower case, in the call's arena; NULL: the service does not report it. `account` is
 * a GUID. Sends one request for each account; other calls wait for its result. If the call that
 * sent it ends before the answer, another call sends it again. Never fails. */
const char *rest_owners_find(struct call *call, struct rest_client *client,
                             struct rest_owners *owners, const char *account);
/* The same, from results that are known; never sends a request. */
const char *rest_owners_recall(struct rest_owners *owners, struct arena *arena,
                               const char *account);

#endif
