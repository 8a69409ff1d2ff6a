/* The owner of an account, such as the tenant of a subscription, without any right to it: asked by
 * a request without a token, as the dialect says (owner_path, read_owner). No secret leaves.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_OWNER_H
#define REST_OWNER_H

#include "rest/client.h"

enum {
    REST_OWNER_TIME_MS = 3000,     /* one question; it is never repeated */
    REST_OWNER_CONCURRENT_MAX = 8, /* questions under way */
    REST_OWNER_FAILURES_MAX =
        3 /* one after the other without an owner: no more questions */
};

/* The answers of a session, by account. Thread-safe. */
struct rest_owners;
struct rest_owners *rest_owners_new(void);
void rest_owners_free(struct rest_owners *owners); /* NULL is fine */

/* The owner, in lower case and in the call's arena; NULL: the service does not say. Asks
 * once for each account, a GUID; others wait for the same answer. Never fails. */
const char *rest_owners_find(struct call *call, struct rest_client *client,
                             struct rest_owners *owners, const char *account);
/* What was answered already. */
const char *rest_owners_recall(struct rest_owners *owners, struct arena *arena,
                               const char *account);

#endif
