/* An Azure Resource Manager at https://arm.test that answers from a list; tokens cost nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_ARM_FAKE_H
#define SUPPORT_ARM_FAKE_H

#include "arm/client.h"
#include "auth/credential.h"
#include "support/fake_transport.h"

struct arm_fake {
    struct credential credential;
    struct fake_transport *transport;
    struct arm arm;
};

/* `answers` as those of fake_transport_new(). */
void arm_fake_begin(struct arm_fake *fake, const struct fake_answer *answers);
void arm_fake_end(struct arm_fake *fake);

#endif
