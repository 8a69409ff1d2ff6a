/* Shared reads: who asks for the LIST, and when it is believed.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/collection.h"

#include <pthread.h>
#include <stdlib.h>

#include "rest/entries.h"
#include "rest/list.h"
#include "rest/parent.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

struct rest_collection {
    struct rest_collection *next;
    char *list_id, *api_version, *unique;
    struct parent_cache parent;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool has_begun;    /* somebody read, or is reading, an object by itself */
    bool is_set_aside; /* for good */
    bool is_held;      /* `entries` are what a LIST showed */
    bool is_trusted;   /* and it showed what was known to exist */
    int64_t held_ms;   /* monotonic; when that LIST was begun */
    bool is_fetching;
    bool has_shown_some;   /* the LIST that is held, by itself */
    struct error list_why; /* how the last LIST failed; ERR_NONE: it did not */
    struct rest_failure list_failure;
    struct entries entries;
    /* Sets of keys (rest/entries.h). */
    json_t *known;   /* objects that exist, by other witnesses than a LIST */
    json_t *written; /* what changed since the latest LIST was begun */
    json_t *pending; /* a write is under way, or its outcome unknown */
};

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
    free(collection->api_version);
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
    collection->api_version = memory_copy_text(options->api_version);
    if (options->unique != NULL)
        collection->unique = memory_copy_text(options->unique);
    entries_init(&collection->entries, collection->unique);
    collection->known = json_object();
    collection->written = json_object();
    collection->pending = json_object();
    pthread_mutex_init(&collection->lock, NULL);
    call_cond_init(&collection->changed);
    return collection;
}

struct rest_collection *
rest_collections_find(struct rest_collections *collections,
                      const struct rest_collection_options *options)
{
    pthread_mutex_lock(&collections->lock);
    struct rest_collection *one = collections->first;
    while (one != NULL && !text_equal_ignoring_case(one->list_id, options->list_id))
        one = one->next;
    if (one == NULL) {
        one = new_one(options);
        one->next = collections->first;
        collections->first = one;
    }
    pthread_mutex_unlock(&collections->lock);
    return one;
}

/* ---- one LIST, without the lock ---------------------------------------------------------- */

static int add_page(void *state, const json_t *objects, struct error *err)
{
    struct entries *fetched = state;
    size_t i, before = json_object_size(fetched->by_id);
    const json_t *object;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        if (entries_set(fetched, json_string_value(json_object_get(object, "id")),
                        object) < 0)
            return error_set(err, ERR_SHAPE, "the list shows what cannot be kept");
        if (fetched->text_bytes > REST_COLLECTION_BYTES_MAX)
            return error_set(err, ERR_TOO_BIG, "the list is over %d MB",
                             REST_COLLECTION_BYTES_MAX / 1024 / 1024);
    }
    /* The same page under ever new addresses. */
    if (json_array_size(objects) > 0 && json_object_size(fetched->by_id) == before)
        return error_set(err, ERR_SHAPE, "the list goes round in circles");
    return 0;
}

/* ---- what is made of it, under the lock -------------------------------------------------- */

/* `call` may be NULL. */
static void set_aside(struct rest_collection *collection, const struct call *call,
                      const char *why)
{
    if (!collection->is_set_aside)
        log_write(
            call, LOG_INFO, NULL,
            "the list %s is not used any more, objects are asked for one by one: %s",
            collection->list_id, why);
    collection->is_set_aside = true;
    collection->is_held = collection->is_trusted = collection->has_shown_some = false;
    entries_clear(&collection->entries);
    entries_init(&collection->entries, collection->unique);
}

static void keep_noted(const struct rest_collection *collection, const json_t *keys,
                       struct entries *fetched)
{
    const char *key;
    const json_t *ignored;
    json_object_foreach((json_t *)(uintptr_t)keys, key, ignored)
    {
        entries_copy(fetched, &collection->entries, key);
    }
}

/* Takes over what was fetched; what changed meanwhile is as it was noted. */
static void take_over(struct rest_collection *collection, const struct call *call,
                      struct entries *fetched, int64_t begun_ms)
{
    const char *key;
    const json_t *ignored;
    bool shows_known = false;
    json_object_foreach(collection->known, key, ignored)
    {
        if (entries_has(fetched, key)) {
            shows_known = true;
        } else if (json_object_get(collection->written, key) == NULL) {
            set_aside(collection, call, "it lacks what is known to exist");
            return;
        }
    }
    collection->has_shown_some = json_object_size(fetched->by_id) > 0;
    keep_noted(collection, collection->written, fetched);
    keep_noted(collection, collection->pending, fetched);
    struct entries old = collection->entries;
    collection->entries = *fetched;
    *fetched = old;
    collection->is_held = true;
    collection->is_trusted = shows_known;
    collection->held_ms = begun_ms;
}

/* One of those who need it asks, until `end_ms` at most; whoever is told to stop hands
 * over. */
static void fetch_list(struct call *call, struct rest_client *client,
                       struct rest_collection *collection, int64_t end_ms)
{
    struct entries fetched;
    struct error err = NO_ERROR;
    struct rest_failure failure = { 0 };
    entries_init(&fetched, collection->unique);
    json_object_clear(collection->written);
    collection->is_fetching = true;
    pthread_mutex_unlock(&collection->lock);

    int64_t deadline_ms = call->deadline_ms, begun_ms = clock_monotonic_ms();
    call->deadline_ms = end_ms < deadline_ms ? end_ms : deadline_ms;
    const struct rest_list list = { .id = collection->list_id,
                                    .api_version = collection->api_version,
                                    .is_optional = true,
                                    .failure = &failure };
    int result = rest_list(call, client, &list, add_page, &fetched, &err);
    call->deadline_ms = deadline_ms;

    pthread_mutex_lock(&collection->lock);
    collection->is_fetching = false;
    rest_failure_clear(&collection->list_failure);
    collection->list_failure = failure;
    collection->list_why = result < 0 ? err : NO_ERROR;
    if (result == 0)
        take_over(collection, call, &fetched, begun_ms);
    else if (!call_is_stopped(call))
        set_aside(collection, call, err.text);
    pthread_cond_broadcast(&collection->changed);
    entries_clear(&fetched);
}

/* Afterwards the collection is set aside, or held and not older than `since_ms`; or `most_ms`
 * are over, or the call is. */
static void ensure_fresh(struct call *call, struct rest_client *client,
                         struct rest_collection *collection, int64_t since_ms,
                         int64_t most_ms)
{
    struct error ended = NO_ERROR;
    int64_t end_ms =
        clock_monotonic_ms() +
        (most_ms < REST_COLLECTION_TIME_MS ? most_ms : REST_COLLECTION_TIME_MS);
    while (!collection->is_set_aside &&
           !(collection->is_held && collection->held_ms >= since_ms) &&
           call_check(call, &ended) == 0 && clock_monotonic_ms() < end_ms) {
        if (collection->is_fetching)
            call_wait_on(call, &collection->changed, &collection->lock);
        else
            fetch_list(call, client, collection, end_ms);
    }
}

/* Of what the call has left, so that a GET can still follow. */
static int64_t half_of_time(const struct call *call)
{
    return call_left_ms(call) / 2;
}

static enum rest_evidence find(const struct rest_collection *collection, const char *id,
                               json_t **body)
{
    if (!entries_has(&collection->entries, id))
        return REST_EVIDENCE_LACKING;
    json_t *found = entries_body(&collection->entries, id);
    if (found == NULL)
        return REST_EVIDENCE_NONE;
    if (body != NULL)
        *body = json_incref(found);
    json_decref(found);
    return REST_EVIDENCE_SHOWN;
}

enum rest_evidence rest_collection_read(struct call *call, struct rest_client *client,
                                        struct rest_collection *collection,
                                        const char *id, json_t **body)
{
    enum rest_evidence evidence = REST_EVIDENCE_NONE;
    pthread_mutex_lock(&collection->lock);
    if (collection->has_begun)
        ensure_fresh(call, client, collection, INT64_MIN, half_of_time(call));
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
    /* Without anything that it has to show, a LIST would be asked for in vain. */
    if (json_object_size(collection->known) > 0) {
        int64_t now_ms = clock_monotonic_ms();
        ensure_fresh(call, client, collection,
                     collection->is_trusted ? now_ms - REST_COLLECTION_AGE_MS : now_ms,
                     half_of_time(call));
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
    ensure_fresh(call, client, collection, clock_monotonic_ms() - REST_COLLECTION_AGE_MS,
                 call_left_ms(call));
    pthread_mutex_unlock(&collection->lock);
}

const char *rest_collection_find_other(struct call *call, struct rest_client *client,
                                       struct rest_collection *collection,
                                       const char *value, const char *own_id)
{
    rest_collection_ensure(call, client, collection);
    return rest_collection_recall_other(call, collection, value, own_id);
}

const char *rest_collection_recall(struct call *call, struct rest_collection *collection,
                                   const char *id)
{
    json_t *body = NULL;
    pthread_mutex_lock(&collection->lock);
    enum rest_evidence evidence =
        collection->is_held ? find(collection, id, &body) : REST_EVIDENCE_NONE;
    pthread_mutex_unlock(&collection->lock);
    const char *spelled = json_string_value(json_object_get(body, "id"));
    const char *found = evidence != REST_EVIDENCE_SHOWN ? NULL
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
        has = counts(state, key);
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

bool rest_collection_list_failed(struct rest_collection *collection, struct arena *arena,
                                 struct rest_list_failure *out)
{
    pthread_mutex_lock(&collection->lock);
    bool has_failed = collection->list_why.kind != ERR_NONE;
    const struct rest_failure *failure = &collection->list_failure;
    *out = (struct rest_list_failure){ .why = collection->list_why };
    if (has_failed && failure->status != 0) {
        out->failure.status = failure->status;
        out->failure.code = arena_copy_text(arena, failure->code);
        out->failure.message = arena_copy_text(arena, failure->message);
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

void rest_collection_note_parent(struct rest_collection *collection, json_t *body)
{
    parent_cache_note(&collection->parent, body);
}

void rest_collection_note_present(struct rest_collection *collection, const char *id,
                                  const json_t *body)
{
    auto_arena arena = arena_new();
    const char *key = entries_key(arena, id);
    pthread_mutex_lock(&collection->lock);
    bool is_ours = json_object_del(collection->pending, key) == 0;
    if (collection->is_held && !is_ours && !entries_has(&collection->entries, id))
        set_aside(collection, NULL, "it lacks what another answer shows");
    json_object_set_new(collection->known, key, json_true());
    if (is_ours)
        json_object_set_new(collection->written, key, json_true());
    if (entries_set(&collection->entries, id, body) < 0)
        entries_set(&collection->entries, id, NULL);
    pthread_mutex_unlock(&collection->lock);
}

void rest_collection_note_absent(struct rest_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = entries_key(arena, id);
    pthread_mutex_lock(&collection->lock);
    json_object_del(collection->pending, key);
    json_object_del(collection->known, key);
    entries_remove(&collection->entries, id);
    json_object_set_new(collection->written, key, json_true());
    pthread_mutex_unlock(&collection->lock);
}

void rest_collection_note_unknown(struct rest_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = entries_key(arena, id);
    pthread_mutex_lock(&collection->lock);
    json_object_del(collection->known, key);
    json_object_set_new(collection->pending, key, json_true());
    entries_set(&collection->entries, id, NULL);
    pthread_mutex_unlock(&collection->lock);
}
