/* Objects that a plan wants to create although they exist, while it is open whether another
 * resource of the same plan removes them. A host plans resources in any order, several at a
 * time: a caller waits until nothing else is planned any more. Only a few wait, so that
 * the host's other places stay free for the plans that may explain it; the objects of the
 * others are left to those who wait. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_PENDING_H
#define SESSION_PENDING_H

#include <jansson.h>
#include <stdbool.h>

enum {
    PENDING_WAITERS_MAX = 4, /* hosts plan 10 at a time by default */
    PENDING_QUIET_MS = 1000, /* so long nothing else is asked of this provider */
    /* And once one of them was reported, with which the plan has failed: with -parallelism=1 each
     * waits for itself, and nothing else can go on meanwhile. */
    PENDING_QUIET_REPORTED_MS = 100,
    PENDING_MOST_MS = 5 * 60 * 1000,
};

struct pending;
struct pending *pending_new(void);
void pending_free(struct pending *pending); /* NULL is fine */

/* True: the caller waits, and calls pending_leave() at the end. False: the ID is left to
 * those who do. */
bool pending_enter(struct pending *pending, const char *id);
void pending_leave(struct pending *pending);
/* The same for one whose own object is explained. False: it has to go on waiting, because
 * objects are left and no other call waits. */
bool pending_leave_early(struct pending *pending);
unsigned pending_waiters(struct pending *pending);
/* A caller waited in vain, and an error was reported. */
void pending_set_reported(struct pending *pending);
int pending_quiet_ms(struct pending *pending);
/* The IDs that were left to those who wait, each given once: an array of texts, the
 * caller's. */
json_t *pending_take_left(struct pending *pending);

#endif
