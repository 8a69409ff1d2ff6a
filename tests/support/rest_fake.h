/* An Azure Resource Manager at https://arm.test that answers from a list; tokens cost nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_REST_FAKE_H
#define SUPPORT_REST_FAKE_H

#include "rest/client.h"
#include "auth/credential.h"
#include "support/fake_transport.h"

/* Tokens NAME0, NAME1, …: `good` of them, and then the fault. */
struct fake_credential {
    struct credential base; /* first */
    const char *name;
    unsigned made, good;
    enum error_kind fault;
};
struct fake_credential fake_credential_of(const char *name);

struct rest_fake {
    struct fake_credential credential; /* t0, t1, … */
    struct fake_transport *transport;
    struct rest_client client;
    struct call call; /* has a minute */
    struct rest_reply *reply;
    struct error err;
};

/* `answers` as those of fake_transport_new(). */
struct rest_fake *rest_fake_new(const struct fake_answer *answers);
void rest_fake_free(struct rest_fake *fake);
DEFINE_CLEANUP(struct rest_fake, rest_fake_free)
#define auto_rest_fake CLEANUP(rest_fake_freep) struct rest_fake *

/* The last reply is freed before the next one. */
int rest_fake_get(struct rest_fake *fake, const char *id);
int rest_fake_put(struct rest_fake *fake); /* {"a":"b"} to /x */

#define rest_fake_sent(fake) fake_transport_count((fake)->transport)
#define rest_fake_request(fake, number) fake_transport_request((fake)->transport, number)

#endif
