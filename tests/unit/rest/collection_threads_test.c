/* Shared reads by many at once: one asks for all, and a caller that leaves does not disturb the others.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "rest/collection.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

enum { READERS = 10 };

struct reader {
    struct call call;
    enum rest_evidence evidence;
};

struct scene {
    struct rest_fake *fake;
    struct rest_collections *collections;
    struct rest_collection *it;
    struct reader readers[READERS];
    atomic_uint entered, left;
    atomic_size_t asked;
    bool takes_all_time;
    /* Before the answer of that number. */
    void (*on_request)(struct scene *scene, struct call *call, size_t number);
};

static void watch(void *state, struct call *call, size_t number)
{
    struct scene *scene = state;
    atomic_fetch_add(&scene->asked, 1);
    scene->on_request(scene, call, number);
}

static void wait_until(atomic_uint *counter, unsigned count)
{
    while (atomic_load(counter) < count)
        sched_yield();
}

static void *read_one(void *state)
{
    struct scene *scene = state;
    unsigned number = atomic_fetch_add(&scene->entered, 1);
    struct reader *reader = &scene->readers[number];
    char id[40];
    json_t *body = NULL;
    snprintf(id, sizeof id, "/hubs/h/maps/%u", number);
    reader->evidence =
        rest_collection_read(&reader->call, &scene->fake->client, scene->it, id, &body);
    json_decref(body);
    atomic_fetch_add(&scene->left, 1);
    return NULL;
}

static const char *make_list(char text[2000])
{
    int at = snprintf(text, 2000, "{'value':[");
    for (int i = 0; i < READERS; i++)
        at += snprintf(text + at, 2000 - (size_t)at, "%s{'id':'/hubs/h/maps/%d'}", i > 0 ? "," : "",
                       i);
    snprintf(text + at, 2000 - (size_t)at, "]}");
    return text;
}

static void begin(struct scene *scene, const struct fake_answer *answers,
                  void (*on_request)(struct scene *, struct call *, size_t))
{
    static const struct rest_collection_options options = { .parent_id = "/hubs/h",
                                                            .list_id = "/hubs/h/maps",
                                                            .api_version = "1" };
    *scene = (struct scene){ .collections = rest_collections_new(), .on_request = on_request };
    scene->fake = rest_fake_new(answers);
    fake_transport_watch(scene->fake->transport, watch, scene);
    scene->it = rest_collections_find(scene->collections, &options);
    EACH (reader, scene->readers) {
        call_init(&reader->call, NULL);
        reader->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    }
}

static void end(struct scene *scene)
{
    EACH (reader, scene->readers)
        call_clear(&reader->call);
    rest_collections_free(scene->collections);
    rest_fake_free(scene->fake);
}

static void wait_for_all(struct scene *scene, struct call *call, size_t number)
{
    (void)call, (void)number;
    wait_until(&scene->entered, READERS);
}

/* What is cancelled takes an answer off the list anyway. */
static void cancel_three(struct scene *scene, struct call *call, size_t number)
{
    wait_for_all(scene, call, number);
    if (number < 3)
        atomic_store(&call->is_cancelled, true);
}

/* The answer comes when everybody but the leader has left. */
static void cancel_the_others(struct scene *scene, struct call *call, size_t number)
{
    wait_for_all(scene, call, number);
    EACH (reader, scene->readers)
        if (&reader->call != call)
            atomic_store(&reader->call.is_cancelled, true);
    wait_until(&scene->left, READERS - 1);
}

/* Ten readers after a first one need one LIST, or see one fail; a leader that is cancelled hands
 * over; and who waits may leave before the LIST is there. */
TEST(ten_readers_need_one_list)
{
    static const struct {
        int status;
        void (*on_request)(struct scene *, struct call *, size_t);
        unsigned shown, asked;
    } rows[] = {
        { 200, wait_for_all, READERS, 1 },
        { 403, wait_for_all, 0, 1 },
        { 200, cancel_three, READERS - 3, 4 },
        { 200, cancel_the_others, 1, 1 },
    };
    EACH (row, rows) {
        static struct scene scene;
        char text[2000];
        json_t *body = NULL;
        begin(&scene, ANSWERS({ row->status, .body = make_list(text), .is_last_again = true }),
              row->on_request);
        assert_int_equal(rest_collection_read(&scene.fake->call, &scene.fake->client, scene.it,
                                              "/hubs/h/maps/0", &body),
                         REST_EVIDENCE_NONE);
        in_threads(READERS, read_one, &scene);
        unsigned shown = 0, none = 0;
        EACH (reader, scene.readers) {
            shown += reader->evidence == REST_EVIDENCE_PRESENT;
            none += reader->evidence == REST_EVIDENCE_NONE;
        }
        assert_int_equal(shown, row->shown);
        assert_int_equal(none, READERS - row->shown);
        assert_int_equal(scene.asked, row->asked);
        end(&scene);
    }
}

/* A reader that waits looks by itself after CALL_POLL_MS. One of ten tries is enough: the machine may
 * be slow. */
TEST(who_waits_for_the_list_is_early_that_it_is_there)
{
    bool is_early = false;
    for (int i = 0; i < 10 && !is_early; i++) {
        static struct scene scene;
        char text[2000];
        json_t *body = NULL;
        begin(&scene, ANSWERS({ 200, .body = make_list(text), .is_last_again = true }),
              wait_for_all);
        rest_collection_read(&scene.fake->call, &scene.fake->client, scene.it, "/hubs/h/maps/0",
                             &body);
        int64_t begun_ms = clock_monotonic_ms();
        in_threads(READERS, read_one, &scene);
        is_early = clock_monotonic_ms() - begun_ms < CALL_POLL_MS;
        end(&scene);
    }
    assert_true(is_early);
}

static bool is_none(void *state, const char *id)
{
    (void)state, (void)id;
    return false;
}

/* Reads, recalls, creates and deletes while the LIST comes again and again. */
static void *write_some(void *state)
{
    struct scene *scene = state;
    unsigned number = atomic_fetch_add(&scene->entered, 1);
    struct reader *reader = &scene->readers[number];
    for (unsigned i = 0; i < 1000; i++) {
        char id[40];
        json_t *body = NULL;
        snprintf(id, sizeof id, "/hubs/h/maps/new-%u-%u", number, i);
        rest_collection_expect_absent(&reader->call, &scene->fake->client, scene->it, id);
        rest_collection_record_unknown(scene->it, id);
        json_t *made = json_pack("{s:s}", "id", id);
        rest_collection_record_present(scene->it, id, made);
        json_decref(made);
        rest_collection_read(&reader->call, &scene->fake->client, scene->it, id, &body);
        json_decref(body);
        rest_collection_recall(&reader->call, scene->it, "/hubs/h/maps/1");
        rest_collection_recall_other(&reader->call, scene->it, "/hubs/h/maps/1", id);
        rest_collection_has_any(scene->it, is_none, NULL);
        rest_collection_record_absent(scene->it, id);
    }
    return NULL;
}

static void do_nothing(struct scene *scene, struct call *call, size_t number)
{
    (void)scene, (void)call, (void)number;
}

TEST(readers_and_writers_do_not_get_in_each_others_way)
{
    static struct scene scene;
    char text[2000];
    begin(&scene, ANSWERS({ 200, .body = make_list(text), .is_last_again = true }), do_nothing);
    in_threads(READERS, read_one, &scene);
    atomic_store(&scene.entered, 0);
    in_threads(READERS, write_some, &scene);
    end(&scene);
}

static pthread_t needy;

static void *need_list(void *state)
{
    struct scene *scene = state;
    rest_collection_need(&scene->readers[0].call, &scene->fake->client, scene->it);
    return rest_collection_has_answered(scene->it) ? state : NULL;
}

static void let_it_wait(struct scene *scene, struct call *call, size_t number)
{
    if (number != 0)
        return;
    assert_int_equal(pthread_create(&needy, NULL, need_list, scene), 0);
    /* So that it waits by then; whether it does changes no result. */
    nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 }, NULL);
    if (scene->takes_all_time)
        clock_fake_advance(call_left_ms(call));
}

TEST_WITH(who_needs_the_list_asks_after_one_who_could_do_without_or_had_less_time, fake_clock,
          true_clock)
{
    static struct {
        void (*ask)(struct call *, struct rest_client *, struct rest_collection *);
        enum error_kind fault;
        bool has_less_time;
    } rows[] = { { rest_collection_ensure, ERR_TLS, false },
                 { rest_collection_need, ERR_LOST, true } };
    EACH (row, rows) {
        static struct scene scene;
        char text[2000];
        void *has_list;
        begin(&scene, ANSWERS({ .fault = row->fault }, { 200, .body = make_list(text) }),
              let_it_wait);
        struct call *call = &scene.fake->call;
        scene.takes_all_time = row->has_less_time;
        call_shorten(call, row->has_less_time ? 200 : CLOCK_NEVER);
        row->ask(call, &scene.fake->client, scene.it);
        pthread_join(needy, &has_list);
        assert_non_null(has_list);
        assert_int_equal(scene.asked, 2);
        end(&scene);
    }
}

/* ---- the parent -------------------------------------------------------------------------- */

/* The one who asks gets its answer after the other one has given up. */
static void hold_answer(struct scene *scene, struct call *call, size_t number)
{
    (void)call, (void)number;
    atomic_fetch_add(&scene->entered, 1);
    wait_until(&scene->left, 1);
}

static bool has_parent(struct scene *scene, struct call *call)
{
    auto_rest_parent parent;
    rest_collection_read_parent(call, &scene->fake->client, scene->it, 60 * 1000, &parent);
    return parent.body != NULL;
}

static void *ask_patiently(void *state)
{
    struct scene *scene = state;
    return (void *)(uintptr_t)has_parent(scene, &scene->readers[0].call);
}

TEST(waiting_for_the_parent_keeps_its_own_deadline)
{
    static struct scene scene;
    begin(&scene, ANSWERS({ 200, .body = "{'id':'/hubs/h'}" }), hold_answer);
    struct call *hurried = &scene.readers[1].call;
    hurried->deadline_ms = clock_monotonic_ms() + 50;
    pthread_t patient;
    assert_int_equal(pthread_create(&patient, NULL, ask_patiently, &scene), 0);
    wait_until(&scene.entered, 1);
    /* It comes back although the answer is still held. */
    assert_false(has_parent(&scene, hurried));
    atomic_fetch_add(&scene.left, 1);
    void *has_body;
    pthread_join(patient, &has_body);
    assert_non_null(has_body);
    assert_int_equal(scene.asked, 1);
    end(&scene);
}

static void answer_at_the_last_moment(struct scene *scene, struct call *call, size_t number)
{
    (void)scene, (void)number;
    clock_fake_advance(call_left_ms(call));
}

TEST_WITH(a_parent_that_is_shown_as_the_time_ends_is_not_asked_for_again, fake_clock, true_clock)
{
    static struct scene scene;
    begin(&scene, ANSWERS({ 200, .body = "{'id':'/hubs/h'}", .is_last_again = true }),
          answer_at_the_last_moment);
    for (int i = 0; i < 2; i++) {
        scene.readers[i].call.deadline_ms = clock_monotonic_ms() + 50;
        assert_true(has_parent(&scene, &scene.readers[i].call));
    }
    assert_int_equal(scene.asked, 1);
    end(&scene);
}

TEST(collections_differ_by_what_they_list)
{
    struct rest_collections *collections = rest_collections_new();
    const struct rest_collection_options one = { "/hubs/h", "/hubs/h/maps", "1" };
    const struct rest_collection_options same = { "/HUBS/H", "/HUBS/H/MAPS", "1" };
    const struct rest_collection_options other = { "/hubs/i", "/hubs/i/maps", "1" };
    struct rest_collection *it = rest_collections_find(collections, &one);
    assert_ptr_equal(rest_collections_find(collections, &same), it);
    assert_ptr_not_equal(rest_collections_find(collections, &other), it);
    rest_collections_free(collections);
}
