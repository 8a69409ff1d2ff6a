/* The Entra tenant of an Azure subscription, without any right to it: Azure Resource Manager
 * refuses a request without a token by a 401 whose challenge names the login address of the
 * subscription's tenant. No token is sent, so there is no secret to leave.
 * Source: Microsoft.Azure.EventHubs, TenantIdProvider (GET subscriptions/{id}, api-version
 * 2016-06-01, WWW-Authenticate); the login host differs: login.windows.net or another
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ARM_TENANT_H
#define ARM_TENANT_H

#include "arm/client.h"

enum {
    ARM_TENANT_TIME_MS = 3000, /* one question; it is never repeated */
    ARM_TENANT_AT_ONCE = 8,    /* questions under way */
    ARM_TENANT_FAILURES_MAX =
        3 /* one after the other without a tenant: no more questions */
};

/* The answers of a session, by subscription. Thread-safe. */
struct arm_tenants;
struct arm_tenants *arm_tenants_new(void);
void arm_tenants_free(struct arm_tenants *tenants); /* NULL is fine */

/* The tenant, in lower case and in the call's arena; NULL: the service does not say. Asks
 * once for each subscription, a GUID; others wait for the same answer. Never fails. */
const char *arm_tenants_find(struct call *call, struct arm *arm,
                             struct arm_tenants *tenants, const char *subscription_id);
/* What was answered already. */
const char *arm_tenants_recall(struct arm_tenants *tenants, struct arena *arena,
                               const char *subscription_id);

/* The tenant in a challenge; NULL: it names none. */
const char *arm_tenant_in_challenge(struct arena *arena, const char *challenge);

#endif
