/* Finds the owner of an account, without a token.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/owner.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"

struct rest_owners {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* The owner of each account (in lower case); "": the service does not report it; null: the
     * request has been sent. */
    json_t *known;
    unsigned asking, failures;
};

struct rest_owners *rest_owners_new(void)
{
    struct rest_owners *owners = memory_new(sizeof *owners);
    pthread_mutex_init(&owners->lock, NULL);
    thread_cond_init(&owners->changed);
    owners->known = json_object();
    return owners;
}

void rest_owners_free(struct rest_owners *owners)
{
    if (owners == NULL)
        return;
    json_decref(owners->known);
    pthread_cond_destroy(&owners->changed);
    pthread_mutex_destroy(&owners->lock);
    free(owners);
}

/* Called without the lock. `has_answered`: with the owner, or with a 404. */
static const char *ask(struct call *call, struct rest_client *client, const char *account,
                       bool *has_answered)
{
    static const struct http_header headers[] = { { "Accept", "application/json" } };
    const struct http_request request = {
        .method = "GET",
        .url = arena_print(call->arena, "%s%s", client->base,
                           client->dialect->owner_path(call->arena, account)),
        .headers = headers,
        .header_count = 1,
        .timeout_ms = REST_OWNER_TIME_MS,
    };
    auto_http_reply reply = NULL;
    struct error why = NO_ERROR;
    int64_t deadline_ms = call_shorten(call, REST_OWNER_TIME_MS);
    int result = http_send(client->transport, call, &request, &reply, &why);
    call->deadline_ms = deadline_ms;
    const char *owner =
        result == 0 ? client->dialect->read_owner(call->arena, reply) : NULL;
    *has_answered = owner != NULL || (result == 0 && reply->status == 404);
    if (owner == NULL)
        log_write(call, LOG_DEBUG, NULL,
                  "cannot find the tenant that owns %s: %s (status %d)", account,
                  why.text, result == 0 ? reply->status : 0);
    return owner;
}

/* Called with the lock, which it releases during the request. */
static void fetch_and_store(struct call *call, struct rest_client *client,
                            struct rest_owners *owners, const char *key)
{
    owners->asking++;
    json_object_set_new(owners->known, key, json_null());
    pthread_mutex_unlock(&owners->lock);
    bool has_answered;
    const char *owner = ask(call, client, key, &has_answered);
    pthread_mutex_lock(&owners->lock);
    owners->asking--;
    struct error ended = NO_ERROR;
    if (!has_answered && call_check(call, &ended) < 0) {
        /* Only this call has ended, which says nothing about the service. Another one asks. */
        json_object_del(owners->known, key);
    } else {
        owners->failures = has_answered ? 0 : owners->failures + 1;
        json_object_set_new(owners->known, key, json_string(owner != NULL ? owner : ""));
    }
    pthread_cond_broadcast(&owners->changed);
}

const char *rest_owners_find(struct call *call, struct rest_client *client,
                             struct rest_owners *owners, const char *account)
{
    struct error ended = NO_ERROR;
    if (client->dialect->owner_path == NULL)
        return NULL;
    const char *key = text_lower(call->arena, account);
    if (!text_is_guid(key))
        return NULL;
    pthread_mutex_lock(&owners->lock);
    while (call_check(call, &ended) == 0) {
        const json_t *known = json_object_get(owners->known, key);
        bool is_permanent = owners->failures >= REST_OWNER_FAILURES_MAX;
        if (json_is_string(known) || (known == NULL && is_permanent))
            break;
        if (known == NULL && owners->asking < REST_OWNER_CONCURRENT_MAX)
            fetch_and_store(call, client, owners, key);
        else
            call_wait_on(call, &owners->changed, &owners->lock);
    }
    pthread_mutex_unlock(&owners->lock);
    return rest_owners_recall(owners, call->arena, key);
}

const char *rest_owners_recall(struct rest_owners *owners, struct arena *arena,
                               const char *account)
{
    pthread_mutex_lock(&owners->lock);
    const char *owner =
        json_string_value(json_object_get(owners->known, text_lower(arena, account)));
    owner = owner != NULL && *owner != '\0' ? arena_copy_text(arena, owner) : NULL;
    pthread_mutex_unlock(&owners->lock);
    return owner;
}
