/* The tenant of a subscription, by the challenge of a request without a token.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/tenant.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#define API_VERSION "2016-06-01"

struct arm_tenants {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Subscription in lower case: its tenant; "" if the service does not say; null while it is
     * asked. */
    json_t *known;
    unsigned asking, failures;
};

struct arm_tenants *arm_tenants_new(void)
{
    struct arm_tenants *tenants = memory_new(sizeof *tenants);
    pthread_mutex_init(&tenants->lock, NULL);
    call_cond_init(&tenants->changed);
    tenants->known = json_object();
    return tenants;
}

void arm_tenants_free(struct arm_tenants *tenants)
{
    if (tenants == NULL)
        return;
    json_decref(tenants->known);
    pthread_cond_destroy(&tenants->changed);
    pthread_mutex_destroy(&tenants->lock);
    free(tenants);
}

const char *arm_tenant_in_challenge(struct arena *arena, const char *challenge)
{
    static const char member[] = "authorization_uri=", scheme[] = "https://";
    const char *at = challenge != NULL ? strcasestr(challenge, member) : NULL;
    if (at == NULL)
        return NULL;
    at += strlen(member);
    at += *at == '"';
    if (!text_starts_ignoring_case(at, scheme))
        return NULL;
    at += strlen(scheme);
    at += strcspn(at, "/\", ");
    at += *at == '/';
    const char *tenant = arena_copy_bytes_as_text(arena, at, strcspn(at, "/?\", "));
    return text_is_guid(tenant) ? text_lower(arena, tenant) : NULL;
}

/* Without the lock. `has_answered`: by a challenge, or that there is no such subscription. */
static const char *ask(struct call *call, struct arm *arm, const char *subscription_id,
                       bool *has_answered)
{
    static const struct http_header headers[] = { { "Accept", "application/json" } };
    const struct http_request request = {
        .method = "GET",
        .url = arena_print(call->arena, "%s/subscriptions/%s?api-version=" API_VERSION,
                           arm->base, subscription_id),
        .headers = headers,
        .header_count = 1,
        .timeout_ms = ARM_TENANT_TIME_MS,
    };
    auto_http_reply reply = NULL;
    struct error why = NO_ERROR;
    int64_t deadline_ms = call->deadline_ms,
            end_ms = clock_monotonic_ms() + ARM_TENANT_TIME_MS;
    call->deadline_ms = end_ms < deadline_ms ? end_ms : deadline_ms;
    int result = http_send(arm->transport, call, &request, &reply, &why);
    call->deadline_ms = deadline_ms;
    const char *tenant = NULL;
    if (result == 0 && reply->status == 401)
        tenant = arm_tenant_in_challenge(call->arena,
                                         http_reply_header(reply, "WWW-Authenticate"));
    *has_answered = tenant != NULL || (result == 0 && reply->status == 404);
    if (tenant == NULL)
        log_write(call, LOG_DEBUG, NULL,
                  "the tenant of subscription %s is not known: %s (status %d)",
                  subscription_id, why.text, result == 0 ? reply->status : 0);
    return tenant;
}

/* Under the lock. */
static void ask_and_keep(struct call *call, struct arm *arm, struct arm_tenants *tenants,
                         const char *key)
{
    tenants->asking++;
    json_object_set_new(tenants->known, key, json_null());
    pthread_mutex_unlock(&tenants->lock);
    bool has_answered;
    const char *tenant = ask(call, arm, key, &has_answered);
    pthread_mutex_lock(&tenants->lock);
    tenants->asking--;
    tenants->failures = has_answered ? 0 : tenants->failures + 1;
    json_object_set_new(tenants->known, key, json_string(tenant != NULL ? tenant : ""));
    pthread_cond_broadcast(&tenants->changed);
}

const char *arm_tenants_find(struct call *call, struct arm *arm,
                             struct arm_tenants *tenants, const char *subscription_id)
{
    struct error ended = NO_ERROR;
    const char *key = text_lower(call->arena, subscription_id);
    if (!text_is_guid(key))
        return NULL;
    pthread_mutex_lock(&tenants->lock);
    while (call_check(call, &ended) == 0) {
        const json_t *known = json_object_get(tenants->known, key);
        bool is_hopeless = tenants->failures >= ARM_TENANT_FAILURES_MAX;
        if (json_is_string(known) || (known == NULL && is_hopeless))
            break;
        if (known == NULL && tenants->asking < ARM_TENANT_AT_ONCE)
            ask_and_keep(call, arm, tenants, key);
        else
            call_wait_on(call, &tenants->changed, &tenants->lock);
    }
    pthread_mutex_unlock(&tenants->lock);
    return arm_tenants_recall(tenants, call->arena, key);
}

const char *arm_tenants_recall(struct arm_tenants *tenants, struct arena *arena,
                               const char *subscription_id)
{
    pthread_mutex_lock(&tenants->lock);
    const char *tenant = json_string_value(
        json_object_get(tenants->known, text_lower(arena, subscription_id)));
    tenant = tenant != NULL && *tenant != '\0' ? arena_copy_text(arena, tenant) : NULL;
    pthread_mutex_unlock(&tenants->lock);
    return tenant;
}
