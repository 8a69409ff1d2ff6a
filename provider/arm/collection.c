/* Shared reads.
 *
 * jansson's objects are the hash tables here. Keys are ids in lower case; values are the
 * objects as compact JSON text: a few hundred bytes each, where a parsed one takes thousands.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/collection.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "arm/json.h"
#include "arm/list.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

struct arm_collection {
    struct arm_collection *next;
    char *parent_id, *list_id, *api_version, *unique;

    pthread_mutex_t parent_lock; /* held while it is asked for: by one, once */
    bool parent_is_known, parent_is_silent;
    json_t *parent;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool has_begun;    /* somebody read, or is reading, an object by itself */
    bool is_set_aside; /* for good */
    bool is_held;      /* `entries` are what a LIST showed */
    bool is_trusted;   /* and it showed what was known to exist */
    int64_t held_ms;   /* monotonic; when that LIST was begun */
    bool is_fetching;
    json_t
        *holders; /* value of the unique place in lower case: { id: the id as spelled } */
    json_t *entries; /* id: text; null: the object has to be asked for */
    json_t *known;   /* ids of objects that exist, by other witnesses than a LIST */
    json_t *written; /* ids that changed since the latest LIST was begun */
    json_t *pending; /* ids of which a write is under way, or its outcome unknown */
};

struct arm_collections {
    pthread_mutex_t lock;
    struct arm_collection *first;
};

/* ---- life --------------------------------------------------------------------------- */

struct arm_collections *arm_collections_new(void)
{
    struct arm_collections *collections = memory_new(sizeof *collections);
    pthread_mutex_init(&collections->lock, NULL);
    return collections;
}

static void free_one(struct arm_collection *collection)
{
    json_decref(collection->parent);
    json_decref(collection->holders);
    json_decref(collection->entries);
    json_decref(collection->known);
    json_decref(collection->written);
    json_decref(collection->pending);
    pthread_cond_destroy(&collection->changed);
    pthread_mutex_destroy(&collection->lock);
    pthread_mutex_destroy(&collection->parent_lock);
    free(collection->unique);
    free(collection->api_version);
    free(collection->list_id);
    free(collection->parent_id);
    free(collection);
}

void arm_collections_free(struct arm_collections *collections)
{
    if (collections == NULL)
        return;
    for (struct arm_collection *one = collections->first; one != NULL;) {
        struct arm_collection *next = one->next;
        free_one(one);
        one = next;
    }
    pthread_mutex_destroy(&collections->lock);
    free(collections);
}

static struct arm_collection *new_one(const struct arm_collection_options *options)
{
    struct arm_collection *collection = memory_new(sizeof *collection);
    collection->parent_id = memory_copy_text(options->parent_id);
    collection->list_id = memory_copy_text(options->list_id);
    collection->api_version = memory_copy_text(options->api_version);
    if (options->unique != NULL)
        collection->unique = memory_copy_text(options->unique);
    collection->holders = json_object();
    collection->entries = json_object();
    collection->known = json_object();
    collection->written = json_object();
    collection->pending = json_object();
    pthread_mutex_init(&collection->parent_lock, NULL);
    pthread_mutex_init(&collection->lock, NULL);
    call_cond_init(&collection->changed);
    return collection;
}

struct arm_collection *arm_collections_find(struct arm_collections *collections,
                                            const struct arm_collection_options *options)
{
    pthread_mutex_lock(&collections->lock);
    struct arm_collection *one = collections->first;
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

struct fetch {
    json_t *entries; /* what was found so far */
    size_t bytes;
};

static int add_page(void *state, const json_t *objects, struct error *err)
{
    struct fetch *fetch = state;
    auto_arena arena = arena_new();
    const json_t *object;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        const char *id = json_string_value(json_object_get(object, "id"));
        auto_char text = json_dumps(object, JSON_COMPACT);
        if (text == NULL)
            return error_set(err, ERR_SHAPE, "the list shows what cannot be kept");
        fetch->bytes += strlen(text);
        if (fetch->bytes > ARM_COLLECTION_BYTES_MAX)
            return error_set(err, ERR_TOO_BIG, "the list is over %d MB",
                             ARM_COLLECTION_BYTES_MAX / 1024 / 1024);
        json_object_set_new(fetch->entries, text_lower(arena, id), json_string(text));
    }
    return 0;
}

/* ---- who holds a value of the unique place, under the lock ------------------------------ */

/* The value in lower case; NULL: none. */
static char *unique_value(struct arena *arena, const struct arm_collection *collection,
                          const json_t *object)
{
    const char *value =
        collection->unique == NULL
            ? NULL
            : json_string_value(arm_json_find(object, collection->unique));
    return value != NULL && *value != '\0' ? text_lower(arena, value) : NULL;
}

static void add_holder(struct arm_collection *collection, const char *key,
                       const json_t *object)
{
    auto_arena arena = arena_new();
    const char *value = unique_value(arena, collection, object);
    json_t *id = json_object_get(object, "id");
    if (value == NULL || !json_is_string(id))
        return;
    if (json_object_get(collection->holders, value) == NULL)
        json_object_set_new(collection->holders, value, json_object());
    json_object_set(json_object_get(collection->holders, value), key, id);
}

/* What the entry says is not so any more. */
static void drop_holder(struct arm_collection *collection, const char *key)
{
    auto_arena arena = arena_new();
    json_t *entry = json_object_get(collection->entries, key);
    json_t *object =
        json_is_string(entry) ? json_loads(json_string_value(entry), 0, NULL) : NULL;
    const char *value = unique_value(arena, collection, object);
    if (value != NULL)
        json_object_del(json_object_get(collection->holders, value), key);
    json_decref(object);
}

static void rebuild_holders(struct arm_collection *collection)
{
    const char *key;
    const json_t *entry;
    json_object_clear(collection->holders);
    if (collection->unique == NULL)
        return;
    json_object_foreach(collection->entries, key, entry)
    {
        json_t *object =
            json_is_string(entry) ? json_loads(json_string_value(entry), 0, NULL) : NULL;
        add_holder(collection, key, object);
        json_decref(object);
    }
}

/* ---- what is made of it, under the lock -------------------------------------------------- */

/* `call` may be NULL. */
static void set_aside(struct arm_collection *collection, const struct call *call,
                      const char *why)
{
    if (!collection->is_set_aside)
        log_write(
            call, LOG_INFO, NULL,
            "the list %s is not used any more, objects are asked for one by one: %s",
            collection->list_id, why);
    collection->is_set_aside = true;
    collection->is_held = collection->is_trusted = false;
    json_object_clear(collection->entries);
    json_object_clear(collection->holders);
}

/* `fetched` gets what `entries` have of these ids: nothing, where they have nothing. */
static void keep_noted(const struct arm_collection *collection, const json_t *ids,
                       json_t *fetched)
{
    const char *id;
    const json_t *ignored;
    json_object_foreach((json_t *)(uintptr_t)ids, id, ignored)
    {
        json_t *noted = json_object_get(collection->entries, id);
        if (noted != NULL)
            json_object_set(fetched, id, noted);
        else
            json_object_del(fetched, id);
    }
}

/* Takes over what was fetched; what changed meanwhile is as it was noted. */
static void take_over(struct arm_collection *collection, const struct call *call,
                      json_t *fetched, int64_t begun_ms)
{
    const char *id;
    const json_t *ignored;
    bool shows_known = false;
    json_object_foreach(collection->known, id, ignored)
    {
        if (json_object_get(fetched, id) != NULL) {
            shows_known = true;
        } else if (json_object_get(collection->written, id) == NULL) {
            set_aside(collection, call, "it lacks what is known to exist");
            return;
        }
    }
    keep_noted(collection, collection->written, fetched);
    keep_noted(collection, collection->pending, fetched);
    json_decref(collection->entries);
    collection->entries = json_incref(fetched);
    rebuild_holders(collection);
    collection->is_held = true;
    collection->is_trusted = shows_known;
    collection->held_ms = begun_ms;
}

/* One of those who need it asks; whoever is told to end hands over. */
static void fly(struct call *call, struct arm *arm, struct arm_collection *collection)
{
    struct fetch fetch = { .entries = json_object() };
    struct error err = NO_ERROR;
    json_object_clear(collection->written);
    collection->is_fetching = true;
    pthread_mutex_unlock(&collection->lock);

    int64_t deadline_ms = call->deadline_ms, begun_ms = clock_monotonic_ms();
    if (begun_ms + ARM_COLLECTION_TIME_MS < deadline_ms)
        call->deadline_ms = begun_ms + ARM_COLLECTION_TIME_MS;
    int result = arm_list(call, arm, collection->list_id, collection->api_version,
                          add_page, &fetch, &err);
    call->deadline_ms = deadline_ms;

    pthread_mutex_lock(&collection->lock);
    collection->is_fetching = false;
    struct error ended = NO_ERROR;
    if (result == 0)
        take_over(collection, call, fetch.entries, begun_ms);
    else if (call_check(call, &ended) == 0)
        set_aside(collection, call, err.text);
    pthread_cond_broadcast(&collection->changed);
    json_decref(fetch.entries);
}

/* Afterwards the collection is set aside, or held and not older than `since_ms`; or the call
 * is over. */
static void hold(struct call *call, struct arm *arm, struct arm_collection *collection,
                 int64_t since_ms)
{
    struct error ended = NO_ERROR;
    while (!collection->is_set_aside &&
           !(collection->is_held && collection->held_ms >= since_ms) &&
           call_check(call, &ended) == 0) {
        if (collection->is_fetching)
            call_wait_on(call, &collection->changed, &collection->lock);
        else
            fly(call, arm, collection);
    }
}

static enum arm_evidence find(const struct arm_collection *collection, const char *key,
                              json_t **body)
{
    const json_t *entry = json_object_get(collection->entries, key);
    if (entry == NULL)
        return ARM_EVIDENCE_LACKING;
    if (!json_is_string(entry))
        return ARM_EVIDENCE_NONE;
    if (body != NULL)
        *body = json_loads(json_string_value(entry), 0, NULL);
    return ARM_EVIDENCE_SHOWN;
}

enum arm_evidence arm_collection_read(struct call *call, struct arm *arm,
                                      struct arm_collection *collection, const char *id,
                                      json_t **body)
{
    enum arm_evidence evidence = ARM_EVIDENCE_NONE;
    pthread_mutex_lock(&collection->lock);
    if (collection->has_begun)
        hold(call, arm, collection, INT64_MIN);
    collection->has_begun = true;
    if (collection->is_held)
        evidence = find(collection, text_lower(call->arena, id), body);
    pthread_mutex_unlock(&collection->lock);
    return evidence;
}

enum arm_evidence arm_collection_expect_absent(struct call *call, struct arm *arm,
                                               struct arm_collection *collection,
                                               const char *id)
{
    enum arm_evidence evidence = ARM_EVIDENCE_NONE;
    pthread_mutex_lock(&collection->lock);
    /* Without anything that it has to show, a LIST would be asked for in vain. */
    if (json_object_size(collection->known) > 0) {
        int64_t now_ms = clock_monotonic_ms();
        hold(call, arm, collection,
             collection->is_trusted ? now_ms - ARM_COLLECTION_AGE_MS : now_ms);
        if (collection->is_trusted)
            evidence = find(collection, text_lower(call->arena, id), NULL);
    }
    pthread_mutex_unlock(&collection->lock);
    return evidence;
}

const char *arm_collection_recall_other(struct call *call,
                                        struct arm_collection *collection,
                                        const char *value, const char *own_id)
{
    const char *found = NULL, *key, *own = text_lower(call->arena, own_id);
    json_t *id;
    pthread_mutex_lock(&collection->lock);
    json_t *holders =
        json_object_get(collection->holders, text_lower(call->arena, value));
    json_object_foreach(holders, key, id)
    {
        if (strcmp(key, own) != 0)
            found = arena_copy_text(call->arena, json_string_value(id));
    }
    pthread_mutex_unlock(&collection->lock);
    return found;
}

const char *arm_collection_find_other(struct call *call, struct arm *arm,
                                      struct arm_collection *collection,
                                      const char *value, const char *own_id)
{
    pthread_mutex_lock(&collection->lock);
    hold(call, arm, collection, clock_monotonic_ms() - ARM_COLLECTION_AGE_MS);
    pthread_mutex_unlock(&collection->lock);
    return arm_collection_recall_other(call, collection, value, own_id);
}

json_t *arm_collection_read_parent(struct call *call, struct arm *arm,
                                   struct arm_collection *collection, int64_t most_ms,
                                   bool *has_answered)
{
    const struct arm_request request = { .method = "GET",
                                         .id = collection->parent_id,
                                         .api_version = collection->api_version };
    struct error err = NO_ERROR, ended = NO_ERROR;
    auto_arm_reply reply = NULL;
    /* Held while asking: the others have nothing better to do than to wait, and the one who
     * asks ends when it is told to. */
    pthread_mutex_lock(&collection->parent_lock);
    if (!collection->parent_is_known) {
        int64_t deadline_ms = call->deadline_ms, end_ms = clock_monotonic_ms() + most_ms;
        if (end_ms < deadline_ms)
            call->deadline_ms = end_ms;
        bool is_silent = arm_read(call, arm, &request, &reply, &err) < 0;
        call->deadline_ms = deadline_ms;
        if (!is_silent && reply->status == 200)
            collection->parent = json_incref(reply->body);
        collection->parent_is_silent = is_silent;
        collection->parent_is_known = call_check(call, &ended) == 0;
    }
    *has_answered = !collection->parent_is_silent;
    json_t *parent = json_incref(collection->parent);
    pthread_mutex_unlock(&collection->parent_lock);
    return parent;
}

bool arm_collection_has_answered(struct arm_collection *collection)
{
    pthread_mutex_lock(&collection->lock);
    bool has_answered = collection->is_held;
    pthread_mutex_unlock(&collection->lock);
    return has_answered;
}

/* ---- what is learned elsewhere -------------------------------------------------------------- */

void arm_collection_note_present(struct arm_collection *collection, const char *id,
                                 const json_t *body)
{
    auto_arena arena = arena_new();
    const char *key = text_lower(arena, id);
    auto_char text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    pthread_mutex_lock(&collection->lock);
    bool is_ours = json_object_del(collection->pending, key) == 0;
    if (collection->is_held && !is_ours &&
        json_object_get(collection->entries, key) == NULL)
        set_aside(collection, NULL, "it lacks what another answer shows");
    json_object_set_new(collection->known, key, json_true());
    if (is_ours)
        json_object_set_new(collection->written, key, json_true());
    drop_holder(collection, key);
    add_holder(collection, key, body);
    json_object_set_new(collection->entries, key,
                        text != NULL ? json_string(text) : json_null());
    pthread_mutex_unlock(&collection->lock);
}

void arm_collection_note_absent(struct arm_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = text_lower(arena, id);
    pthread_mutex_lock(&collection->lock);
    json_object_del(collection->pending, key);
    json_object_del(collection->known, key);
    drop_holder(collection, key);
    json_object_del(collection->entries, key);
    json_object_set_new(collection->written, key, json_true());
    pthread_mutex_unlock(&collection->lock);
}

void arm_collection_note_unknown(struct arm_collection *collection, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = text_lower(arena, id);
    pthread_mutex_lock(&collection->lock);
    json_object_del(collection->known, key);
    json_object_set_new(collection->pending, key, json_true());
    drop_holder(collection, key);
    json_object_set_new(collection->entries, key, json_null());
    pthread_mutex_unlock(&collection->lock);
}
