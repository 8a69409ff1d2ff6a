/* Objects that a plan creates although they exist, as long as another resource of the same plan may
 * delete them. Terraform plans resources in any order, several at a time, so a call waits until no
 * other plan is in progress. Only a few calls wait, so that Terraform can plan other resources
 * meanwhile; the others leave their objects to those that wait. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_PENDING_H
#define SESSION_PENDING_H

#include <jansson.h>
#include <stdbool.h>

enum {
    PENDING_WAITERS_MAX = 4, /* Terraform plans 10 resources at a time by default */
    PENDING_QUIET_MS = 1000, /* without another call, the plan counts as finished */
    /* The same after one of the objects was reported and the plan has failed: with -parallelism=1
     * each call waits alone, while Terraform cannot plan anything else. */
    PENDING_QUIET_REPORTED_MS = 100,
    PENDING_MOST_MS = 5 * 60 * 1000,
};

struct pending;
struct pending *pending_new(void);
void pending_free(struct pending *pending); /* may be NULL */

/* True: the caller waits, and calls pending_leave() afterwards. False: it left the ID to the calls
 * that wait. */
bool pending_enter(struct pending *pending, const char *id);
void pending_leave(struct pending *pending);
/* The same for a call whose own object has been decided. False: it has to continue to wait, because
 * other objects were left and no other call waits. */
bool pending_leave_early(struct pending *pending);
unsigned pending_waiters(struct pending *pending);
/* A call waited without success and reported an error. */
void pending_set_reported(struct pending *pending);
int pending_quiet_ms(struct pending *pending);
/* The IDs that were left, each returned once: an array of texts that the caller owns. */
json_t *pending_take_left(struct pending *pending);

#endif
