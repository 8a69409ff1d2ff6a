/* Shared reads: when the LIST is requested, and when it is trusted.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/collection_internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "http/retry.h"

struct rest_collections {
    pthread_mutex_t lock;
    struct rest_collection *first;
};

/* ---- life --------------------------------------------------------------------------- */

struct rest_collections *rest_collections_new(void)
{
    struct rest_collections *collections = memory_new(sizeof *collections);
    pthread_mutex_init(&collections->lock, NULL);
    return collections;
}

static void free_one(struct rest_collection *collection)
{
    parent_cache_clear(&collection->parent);
    rest_failure_clear(&collection->list_failure);
    entries_clear(&collection->entries);
    json_decref(collection->known);
    json_decref(collection->written);
    json_decref(collection->pending);
    pthread_cond_destroy(&collection->changed);
    pthread_mutex_destroy(&collection->lock);
    free(collection->unique);
    free(collection->id_place);
    free(collection->api_version);
    free(collection->query);
    free(collection->list_id);
    free(collection);
}

void rest_collections_free(struct rest_collections *collections)
{
    if (collections == NULL)
        return;
    for (struct rest_collection *one = collections->first; one != NULL;) {
        struct rest_collection *next = one->next;
        free_one(one);
        one = next;
    }
    pthread_mutex_destroy(&collections->lock);
    free(collections);
}

static struct rest_collection *new_one(const struct rest_collection_options *options)
{
    struct rest_collection *collection = memory_new(sizeof *collection);
    parent_cache_init(&collection->parent, options->parent_id,
                      options->parent_api_version != NULL ? options->parent_api_version
                                                          : options->api_version);
    collection->list_id = memory_copy_text(options->list_id);
    if (options->api_version != NULL)
        collection->api_version = memory_copy_text(options->api_version);
    if (options->query != NULL)
        collection->query = memory_copy_text(options->query);
    collection->client = options->client;
    if (options->unique != NULL)
        collection->unique = memory_copy_text(options->unique);
    if (options->id_place != NULL)
        collection->id_place = memory_copy_text(options->id_place);
    entries_init(&collection->entries, collection->list_id, collection->unique);
    collection->known = json_object();
    collection->written = json_object();
    collection->pending = json_object();
    pthread_mutex_init(&collection->lock, NULL);
    thread_cond_init(&collection->changed);
    return collection;
}

struct rest_collection *
rest_collections_find(struct rest_collections *collections,
                      const struct rest_collection_options *options)
{
    pthread_mutex_lock(&collections->lock);
    struct rest_collection *one = collections->first;
    while (one != NULL &&
           !(one->client == options->client &&
             text_equal_ignoring_case(one->list_id, options->list_id) &&
             text_equal_ignoring_case(one->query != NULL ? one->query : "",
                                      options->query != NULL ? options->query : "")))
        one = one->next;
    if (one == NULL) {
        one = new_one(options);
        one->next = collections->first;
        collections->first = one;
    }
    pthread_mutex_unlock(&collections->lock);
    return one;
}

/* Half of the call's time, so that a GET can still follow. */
static int64_t half_of_time(const struct call *call)
{
    return call_left_ms(call) / 2;
}

static enum rest_evidence find(const struct rest_collection *collection, const char *id,
                               json_t **body)
{
    if (!entries_has(&collection->entries, id))
        return REST_EVIDENCE_ABSENT;
    json_t *found = entries_body(&collection->entries, id);
    if (found == NULL)
        return REST_EVIDENCE_NONE;
    if (body != NULL)
        *body = found;
    else
        json_decref(found);
    return REST_EVIDENCE_PRESENT;
}

enum rest_evidence rest_collection_read(struct call *call, struct rest_client *client,
                                        struct rest_collection *collection,
                                        const char *id, json_t **body)
{
    enum rest_evidence evidence = REST_EVIDENCE_NONE;
    pthread_mutex_lock(&collection->lock);
    if (collection->has_begun)
        collection_ensure_fresh(call, client, collection, CLOCK_NEVER, half_of_time(call),
                                true);
    collection->has_begun = true;
    if (collection->is_held)
        evidence = find(collection, id, body);
    pthread_mutex_unlock(&collection->lock);
    return evidence;
}

enum rest_evidence rest_collection_expect_absent(struct call *call,
                                                 struct rest_client *client,
                                                 struct rest_collection *collection,
                                                 const char *id)
{
    enum rest_evidence evidence = REST_EVIDENCE_NONE;
    pthread_mutex_lock(&collection->lock);
    /* If no object is known to exist, no LIST can prove that it is complete. */
    if (json_object_size(collection->known) > 0) {
        collection_ensure_fresh(call, client, collection,
                                collection->is_trusted ? REST_COLLECTION_AGE_MS : 0,
                                half_of_time(call), true);
        if (collection->is_trusted)
            evidence = find(collection, id, NULL);
    }
    pthread_mutex_unlock(&collection->lock);
    return evidence;
}

const char *rest_collection_recall_other(struct call *call,
                                         struct rest_collection *collection,
                                         const char *value, const char *own_id)
{
    pthread_mutex_lock(&collection->lock);
    const char *found =
        entries_find_other(&collection->entries, call->arena, value, own_id);
    pthread_mutex_unlock(&collection->lock);
    return found;
}

void rest_collection_ensure(struct call *call, struct rest_client *client,
                            struct rest_collection *collection)
{
    pthread_mutex_lock(&collection->lock);
    collection_ensure_fresh(call, client, collection, REST_COLLECTION_AGE_MS,
                            call_left_ms(call), true);
    pthread_mutex_unlock(&collection->lock);
}

/* The LIST failed, not for good, and some time ago or for a caller that gave it up sooner than this
 * one has to. */
static bool may_pass(const struct call *call, const struct rest_collection *collection)
{
    int status = collection->list_failure.status;
    return collection->list_why.kind != ERR_NONE && !collection->is_incomplete &&
           (status == 0 || http_may_pass(status)) &&
           ((collection->given_up_ms >= 0 &&
             call_left_ms(call) > collection->given_up_ms) ||
            clock_monotonic_ms() - collection->failed_ms >= REST_COLLECTION_FAILED_MS);
}

void rest_collection_need(struct call *call, struct rest_client *client,
                          struct rest_collection *collection)
{
    struct error ended = NO_ERROR;
    pthread_mutex_lock(&collection->lock);
    /* It may wait for the LISTs of callers that give them up. Its own is the last one. */
    do {
        collection->is_set_aside &= !may_pass(call, collection);
        collection_ensure_fresh(call, client, collection, REST_COLLECTION_AGE_MS,
                                call_left_ms(call), false);
    } while (collection->is_set_aside && may_pass(call, collection) &&
             call_check(call, &ended) == 0);
    pthread_mutex_unlock(&collection->lock);
}

json_t *rest_collection_recall_body(struct rest_collection *collection, const char *id)
{
    json_t *body = NULL;
    pthread_mutex_lock(&collection->lock);
    if (collection->is_held)
        find(collection, id, &body);
    pthread_mutex_unlock(&collection->lock);
    return body;
}

const char *rest_collection_recall(struct call *call, struct rest_collection *collection,
                                   const char *id)
{
    json_t *body = rest_collection_recall_body(collection, id);
    const char *spelled = json_string_value(json_object_get(body, "id"));
    const char *found = body == NULL      ? NULL
                        : spelled != NULL ? arena_copy_text(call->arena, spelled)
                                          : id;
    json_decref(body);
    return found;
}

bool rest_collection_has_any(struct rest_collection *collection, rest_counts_fn *counts,
                             void *state)
{
    const char *key;
    const json_t *ignored;
    bool has = false;
    pthread_mutex_lock(&collection->lock);
    json_object_foreach(collection->entries.by_id, key, ignored)
    {
        auto_arena arena = arena_new();
        has = counts(state, entries_id(&collection->entries, arena, key));
        if (has)
            break;
    }
    pthread_mutex_unlock(&collection->lock);
    return has;
}

void rest_collection_read_parent(struct call *call, struct rest_client *client,
                                 struct rest_collection *collection, int64_t most_ms,
                                 struct rest_parent *out)
{
    parent_cache_read(call, client, &collection->parent, most_ms, out);
}

bool rest_collection_has_answered(struct rest_collection *collection)
{
    pthread_mutex_lock(&collection->lock);
    bool has_answered = collection->is_held;
    pthread_mutex_unlock(&collection->lock);
    return has_answered;
}

static char *copy(struct arena *arena, const char *text)
{
    return text != NULL ? arena_copy_text(arena, text) : NULL;
}

bool rest_collection_list_failed(struct rest_collection *collection, struct arena *arena,
                                 struct rest_list_failure *out)
{
    pthread_mutex_lock(&collection->lock);
    bool has_failed = collection->list_why.kind != ERR_NONE || collection->is_incomplete;
    const struct rest_failure *failure = &collection->list_failure;
    *out = (struct rest_list_failure){ .why = collection->list_why,
                                       .is_incomplete = collection->is_incomplete };
    if (out->is_incomplete) {
        error_set(&out->why, ERR_SHAPE, "the list lacks an object that exists");
    } else if (has_failed && failure->status != 0) {
        out->failure = *failure;
        out->failure.code = arena_copy_text(arena, failure->code);
        out->failure.message = arena_copy_text(arena, failure->message);
        out->failure.correlation_id = copy(arena, failure->correlation_id);
        out->failure.request_id = copy(arena, failure->request_id);
        out->failure.date = arena_copy_text(arena, failure->date);
    }
    pthread_mutex_unlock(&collection->lock);
    return has_failed;
}

const char *rest_collection_list_id(const struct rest_collection *collection)
{
    return collection->list_id;
}

bool rest_collection_has_shown_some(struct rest_collection *collection)
{
    pthread_mutex_lock(&collection->lock);
    bool has_shown_some = collection->has_shown_some;
    pthread_mutex_unlock(&collection->lock);
    return has_shown_some;
}

/* ---- what is learned elsewhere -------------------------------------------------------------- */

void rest_collection_record_parent(struct rest_collection *collection, json_t *body)
{
    parent_cache_record(&collection->parent, body);
}

void rest_collection_record_present(struct rest_collection *collection, const char *id,
                                    const json_t *body)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&collection->lock);
    const char *key = entries_key(&collection->entries, arena, id);
    bool is_ours = json_object_del(collection->pending, key) == 0;
    if (collection->is_held && !is_ours && !entries_has(&collection->entries, id)) {
        collection->is_incomplete = true;
        collection_set_aside(collection, NULL,
                             "the list lacks an object that another response showed");
    }
    json_object_set_new(collection->known, key, json_true());
    if (is_ours)
        json_object_set_new(collection->written, key, json_true());
    if (entries_set(&collection->entries, id, body) < 0)
        entries_set(&collection->entries, id, NULL);
    pthread_mutex_unlock(&collection->lock);
}

void rest_collection_record_absent(struct rest_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&collection->lock);
    const char *key = entries_key(&collection->entries, arena, id);
    json_object_del(collection->pending, key);
    json_object_del(collection->known, key);
    entries_remove(&collection->entries, id);
    json_object_set_new(collection->written, key, json_true());
    pthread_mutex_unlock(&collection->lock);
}

void rest_collection_record_unknown(struct rest_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&collection->lock);
    const char *key = entries_key(&collection->entries, arena, id);
    json_object_del(collection->known, key);
    json_object_set_new(collection->pending, key, json_true());
    entries_set(&collection->entries, id, NULL);
    pthread_mutex_unlock(&collection->lock);
}
