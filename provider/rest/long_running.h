/* Long-running operations: the service accepted a write and names an address that says how far
 * it is. What is there in the end, only a GET of the object shows.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_LONG_RUNNING_H
#define REST_LONG_RUNNING_H

#include "rest/client.h"

enum rest_operation_end {
    /* The answer names no address of this service, or that service does not say how far it is: ask for the
     * object instead. */
    REST_OPERATION_NONE,
    REST_OPERATION_SUCCEEDED,
    REST_OPERATION_FAILED,     /* *out is the answer that says so, with its failure */
    REST_OPERATION_UNFINISHED, /* the call's time is over, or it was stopped: err */
};

/* Waits for the operation that `answer`, a good one to the write `request`, names by its dialect's
 * headers. Waits between two questions as long as the service asks for. An address of another
 * origin never gets a token. */
enum rest_operation_end rest_operation_wait(struct call *call, struct rest_client *client,
                                            const struct rest_request *request,
                                            const struct rest_reply *answer,
                                            struct rest_reply **out, struct error *err);

#endif
