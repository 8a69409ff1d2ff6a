/* The LIST of a collection: which call sends it, and how its answer is used.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "rest/collection_internal.h"
#include "rest/json.h"
#include "rest/list.h"

/* ---- one LIST, without the lock ---------------------------------------------------------- */

struct fetched {
    struct entries entries;
    const char *id_place; /* NULL: "id" */
};

static int add_page(void *state, const json_t *objects, struct error *err)
{
    struct fetched *page = state;
    struct entries *fetched = &page->entries;
    size_t i, before = json_object_size(fetched->by_id);
    json_t *object;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        if (page->id_place != NULL)
            json_object_set(object, "id", rest_json_find(object, page->id_place));
        const char *id = json_string_value(json_object_get(object, "id"));
        if (id == NULL || *id == '\0')
            return error_set(err, ERR_SHAPE, "the list has an object without an ID");
        if (entries_set(fetched, id, object) < 0)
            return error_set(err, ERR_SHAPE,
                             "the list has an object that cannot be stored");
        if (fetched->text_bytes > REST_COLLECTION_BYTES_MAX)
            return error_set(err, ERR_TOO_BIG, "the list is over %d MB",
                             REST_COLLECTION_BYTES_MAX / 1024 / 1024);
    }
    /* The same page again, under a new URL. */
    if (json_array_size(objects) > 0 && json_object_size(fetched->by_id) == before)
        return error_set(err, ERR_SHAPE, "the pages of the list form a loop");
    return 0;
}

/* ---- what is made of it, under the lock -------------------------------------------------- */

/* `call` may be NULL. */
void collection_set_aside(struct rest_collection *collection, const struct call *call,
                          const char *why)
{
    if (!collection->is_set_aside)
        log_write(call, LOG_INFO, NULL,
                  "the list %s is no longer used; each object is read individually: "
                  "%s",
                  collection->list_id, why);
    collection->is_set_aside = true;
    collection->is_held = collection->is_trusted = collection->has_shown_some = false;
    entries_clear(&collection->entries);
    entries_init(&collection->entries, collection->list_id, collection->unique);
}

static void merge_writes(const struct rest_collection *collection, const json_t *keys,
                         struct entries *fetched)
{
    const char *key;
    const json_t *ignored;
    json_object_foreach((json_t *)(uintptr_t)keys, key, ignored)
    {
        auto_arena arena = arena_new();
        entries_copy(fetched, &collection->entries, entries_id(fetched, arena, key));
    }
}

/* Takes over a new LIST. Objects that changed during the LIST keep what was recorded about them. */
static void take_over(struct rest_collection *collection, const struct call *call,
                      struct entries *fetched, const struct clock_mark *begun)
{
    const char *key;
    const json_t *ignored;
    bool shows_known = false;
    /* During this LIST, another answer contradicted the one before. */
    if (collection->is_set_aside)
        return;
    json_object_foreach(collection->known, key, ignored)
    {
        auto_arena arena = arena_new();
        if (entries_has(fetched, entries_id(fetched, arena, key))) {
            shows_known = true;
        } else if (json_object_get(collection->written, key) == NULL) {
            collection->is_incomplete = true;
            collection_set_aside(collection, call,
                                 "the list lacks an object that exists");
            return;
        }
    }
    collection->has_shown_some = json_object_size(fetched->by_id) > 0;
    merge_writes(collection, collection->written, fetched);
    merge_writes(collection, collection->pending, fetched);
    struct entries old = collection->entries;
    collection->entries = *fetched;
    *fetched = old;
    collection->is_held = true;
    collection->is_trusted = shows_known;
    collection->held = *begun;
}

/* Called with the lock, which it releases during the LIST. One call sends the LIST, until `end_ms`
 * at the latest. If it is stopped, another call sends it again. */
static void fetch_list(struct call *call, struct rest_client *client,
                       struct rest_collection *collection, int64_t end_ms,
                       bool is_optional)
{
    struct fetched page = { .id_place = collection->id_place };
    struct entries *fetched = &page.entries;
    struct error err = NO_ERROR, ended = NO_ERROR;
    struct rest_failure failure = { 0 };
    entries_init(fetched, collection->list_id, collection->unique);
    json_object_clear(collection->written);
    collection->is_fetching = true;
    pthread_mutex_unlock(&collection->lock);

    struct clock_mark begun = clock_mark_now();
    int64_t deadline_ms = call_shorten(call, end_ms - begun.monotonic_ms);
    const struct rest_list list = { .id = collection->list_id,
                                    .query = collection->query,
                                    .api_version = collection->api_version,
                                    .is_optional = is_optional,
                                    .failure = &failure };
    int result = rest_list(call, client, &list, add_page, &page, &err);
    call->deadline_ms = deadline_ms;

    pthread_mutex_lock(&collection->lock);
    collection->is_fetching = false;
    rest_failure_clear(&collection->list_failure);
    collection->list_failure = failure;
    collection->list_why = result < 0 ? err : NO_ERROR;
    collection->failed_ms = clock_monotonic_ms();
    collection->given_up_ms = is_optional || call_check(call, &ended) < 0
                                  ? collection->failed_ms - begun.monotonic_ms
                                  : -1;
    if (result == 0)
        take_over(collection, call, fetched, &begun);
    else if (!call_is_stopped(call))
        collection_set_aside(collection, call, err.text);
    pthread_cond_broadcast(&collection->changed);
    entries_clear(fetched);
}

/* It began since `now`, or was at most so old then. */
static bool is_fresh(const struct rest_collection *collection,
                     const struct clock_mark *now, int64_t age_ms)
{
    return collection->is_held &&
           (collection->held.monotonic_ms >= now->monotonic_ms ||
            clock_age_ms(&collection->held) - clock_age_ms(now) <= age_ms);
}

void collection_ensure_fresh(struct call *call, struct rest_client *client,
                             struct rest_collection *collection, int64_t age_ms,
                             int64_t most_ms, bool is_optional)
{
    struct error ended = NO_ERROR;
    struct clock_mark now = clock_mark_now();
    int64_t end_ms =
        now.monotonic_ms +
        (most_ms < REST_COLLECTION_TIME_MS ? most_ms : REST_COLLECTION_TIME_MS);
    while (!collection->is_set_aside && !is_fresh(collection, &now, age_ms) &&
           call_check(call, &ended) == 0 && clock_monotonic_ms() < end_ms) {
        if (collection->is_fetching)
            call_wait_on(call, &collection->changed, &collection->lock);
        else
            fetch_list(call, client, collection, end_ms, is_optional);
    }
}
