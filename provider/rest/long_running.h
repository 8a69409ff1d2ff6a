/* Long-running operations: the service accepted a write, and its answer has a URL that reports the
 * progress. Only a GET of the object shows the result.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_LONG_RUNNING_H
#define REST_LONG_RUNNING_H

#include "rest/client.h"

enum rest_operation_end {
    REST_OPERATION_NONE, /* the answer names none */
    /* The service works on the request, but the URL is that of another service, or does not report
     * the progress: read the object instead. */
    REST_OPERATION_UNREADABLE,
    REST_OPERATION_SUCCEEDED,
    /* *out is the answer that says so; its failure is set. */
    REST_OPERATION_FAILED,
    /* The call's time is over, or it was stopped: err is set. */
    REST_OPERATION_UNFINISHED,
};

/* Waits for the operation that `answer` names in the headers of its dialect. `answer` is the
 * successful answer to the write `request`. Between two requests, waits as long as the service asks
 * for. A token is never sent to a URL of another origin. */
enum rest_operation_end rest_operation_wait(struct call *call, struct rest_client *client,
                                            const struct rest_request *request,
                                            const struct rest_reply *answer,
                                            struct rest_reply **out, struct error *err);

#endif
