/* An Azure Resource Manager at https://arm.test that answers from a list; tokens cost nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_REST_FAKE_H
#define SUPPORT_REST_FAKE_H

#include "rest/client.h"
#include "auth/credential.h"
#include "support/fake_transport.h"

struct rest_fake {
    struct credential credential;
    struct fake_transport *transport;
    struct rest_client client;
};

/* `answers` as those of fake_transport_new(). */
void rest_fake_begin(struct rest_fake *fake, const struct fake_answer *answers);
void rest_fake_end(struct rest_fake *fake);

#endif
