/* What ARM says when it says no.
 * Source: azure-resource-manager-rpc v1.0/common-api-details.md; also the flat
 * {"code","message"}, {"Message"}, OData error and HTML bodies seen from gateways.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ARM_FAILURE_H
#define ARM_FAILURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "http/transport.h"

struct arm_failure {
    int status;
    char *code; /* never NULL; "" when the body names none */
    char
        *message; /* never NULL; the service's own words, cleaned, nested details below */
    char *correlation_id, *request_id; /* NULL when the answer has none */
    char *date;                        /* RFC 3339, of the answer, else of our clock */
};

void arm_failure_parse(struct arm_failure *failure, const struct http_reply *reply);
void arm_failure_clear(struct arm_failure *failure);
/* Ignoring case. */
bool arm_failure_is(const struct arm_failure *failure, const char *code);

/* The service may answer otherwise a little later, and nothing happened yet:
 * MetadataResolverBadGatewayError, Conflict, AnotherOperationInProgress. */
bool arm_failure_is_transient(const struct arm_failure *failure);

#endif
