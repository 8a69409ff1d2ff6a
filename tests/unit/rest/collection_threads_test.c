/* Shared reads by many at once: one asks for all, and whoever leaves is no loss to the others.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "rest/collection.h"
#include "base/clock.h"
#include "support/rest_fake.h"
#include "support/test.h"

enum { READERS = 10 };

struct scene;
struct reader {
    struct scene *scene;
    pthread_t thread;
    struct call call;
    unsigned number;
    enum rest_evidence evidence;
};

struct scene {
    struct rest_fake fake;
    struct rest_collections *collections;
    struct rest_collection *it;
    struct reader readers[READERS];
    atomic_uint entered, left;
    atomic_size_t asked;
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
    struct reader *reader = state;
    char id[40];
    json_t *body = NULL;
    snprintf(id, sizeof id, "/hubs/h/maps/%u", reader->number);
    atomic_fetch_add(&reader->scene->entered, 1);
    reader->evidence = rest_collection_read(&reader->call, &reader->scene->fake.client,
                                            reader->scene->it, id, &body);
    json_decref(body);
    atomic_fetch_add(&reader->scene->left, 1);
    return NULL;
}

static const char *make_list(char text[2000])
{
    int at = snprintf(text, 2000, "{\"value\":[");
    for (int i = 0; i < READERS; i++)
        at += snprintf(text + at, 2000 - (size_t)at, "%s{\"id\":\"/hubs/h/maps/%d\"}",
                       i > 0 ? "," : "", i);
    snprintf(text + at, 2000 - (size_t)at, "]}");
    return text;
}

/* Ten readers after a first one. */
static void play(struct scene *scene, const struct fake_answer *answers,
                 void (*on_request)(struct scene *, struct call *, size_t))
{
    static const struct rest_collection_options options = { .parent_id = "/hubs/h",
                                                            .list_id = "/hubs/h/maps",
                                                            .api_version = "1" };
    *scene =
        (struct scene){ .collections = rest_collections_new(), .on_request = on_request };
    rest_fake_begin(&scene->fake, answers);
    fake_transport_watch(scene->fake.transport, watch, scene);
    scene->it = rest_collections_find(scene->collections, &options);
    auto_call first = { 0 };
    json_t *body = NULL;
    call_init(&first, NULL);
    assert_int_equal(rest_collection_read(&first, &scene->fake.client, scene->it,
                                          "/hubs/h/maps/0", &body),
                     REST_EVIDENCE_NONE);
    for (unsigned i = 0; i < READERS; i++) {
        struct reader *reader = &scene->readers[i];
        *reader = (struct reader){ .scene = scene, .number = i };
        call_init(&reader->call, NULL);
        reader->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
        assert_int_equal(pthread_create(&reader->thread, NULL, read_one, reader), 0);
    }
    for (unsigned i = 0; i < READERS; i++)
        pthread_join(scene->readers[i].thread, NULL);
}

/* How many had this evidence. */
static unsigned count(const struct scene *scene, enum rest_evidence evidence)
{
    unsigned found = 0;
    for (unsigned i = 0; i < READERS; i++)
        found += scene->readers[i].evidence == evidence;
    return found;
}

static void end(struct scene *scene)
{
    for (unsigned i = 0; i < READERS; i++)
        call_clear(&scene->readers[i].call);
    rest_collections_free(scene->collections);
    rest_fake_end(&scene->fake);
}

static void wait_for_all(struct scene *scene, struct call *call, size_t number)
{
    (void)call, (void)number;
    wait_until(&scene->entered, READERS);
}

TEST(ten_readers_need_one_list)
{
    static struct scene scene;
    char text[2000];
    play(&scene, (const struct fake_answer[]){ { 200, .body = make_list(text) }, { 0 } },
         wait_for_all);
    assert_int_equal(count(&scene, REST_EVIDENCE_SHOWN), READERS);
    assert_int_equal(scene.asked, 1);
    end(&scene);
}

TEST(ten_readers_see_one_list_fail)
{
    static struct scene scene;
    play(&scene, (const struct fake_answer[]){ { .status = 403 }, { 0 } }, wait_for_all);
    assert_int_equal(count(&scene, REST_EVIDENCE_NONE), READERS);
    assert_int_equal(scene.asked, 1);
    end(&scene);
}

static void cancel_three(struct scene *scene, struct call *call, size_t number)
{
    wait_for_all(scene, call, number);
    if (number < 3)
        atomic_store(&call->is_cancelled, true);
}

TEST(a_leader_that_is_cancelled_hands_over)
{
    static struct scene scene;
    char text[2000];
    /* What is cancelled takes an answer off the list all the same. */
    const char *list = make_list(text);
    play(&scene,
         (const struct fake_answer[]){ { 200, .body = list, .is_last_again = true } },
         cancel_three);
    assert_int_equal(count(&scene, REST_EVIDENCE_NONE), 3);
    assert_int_equal(count(&scene, REST_EVIDENCE_SHOWN), READERS - 3);
    assert_int_equal(scene.asked, 4);
    end(&scene);
}

/* The answer comes when everybody but the leader has left. */
static void cancel_the_others(struct scene *scene, struct call *call, size_t number)
{
    wait_for_all(scene, call, number);
    for (unsigned i = 0; i < READERS; i++)
        if (&scene->readers[i].call != call)
            atomic_store(&scene->readers[i].call.is_cancelled, true);
    wait_until(&scene->left, READERS - 1);
}

TEST(who_waits_may_leave_before_the_list_is_there)
{
    static struct scene scene;
    char text[2000];
    play(&scene, (const struct fake_answer[]){ { 200, .body = make_list(text) }, { 0 } },
         cancel_the_others);
    assert_int_equal(count(&scene, REST_EVIDENCE_NONE), READERS - 1);
    assert_int_equal(count(&scene, REST_EVIDENCE_SHOWN), 1);
    assert_int_equal(scene.asked, 1);
    end(&scene);
}

/* Reads, creates and deletes while the LIST comes again and again. */
static void *write_some(void *state)
{
    struct reader *reader = state;
    struct scene *scene = reader->scene;
    for (unsigned i = 0; i < 200; i++) {
        char id[40];
        json_t *body = NULL;
        snprintf(id, sizeof id, "/hubs/h/maps/new-%u-%u", reader->number, i);
        rest_collection_expect_absent(&reader->call, &scene->fake.client, scene->it, id);
        rest_collection_note_unknown(scene->it, id);
        json_t *made = json_pack("{s:s}", "id", id);
        rest_collection_note_present(scene->it, id, made);
        json_decref(made);
        rest_collection_read(&reader->call, &scene->fake.client, scene->it, id, &body);
        json_decref(body);
        rest_collection_note_absent(scene->it, id);
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
    play(&scene,
         (const struct fake_answer[]){
             { 200, .body = make_list(text), .is_last_again = true } },
         do_nothing);
    for (unsigned i = 0; i < READERS; i++)
        assert_int_equal(
            pthread_create(&scene.readers[i].thread, NULL, write_some, &scene.readers[i]),
            0);
    for (unsigned i = 0; i < READERS; i++)
        pthread_join(scene.readers[i].thread, NULL);
    end(&scene);
}

/* ---- the parent -------------------------------------------------------------------------- */

static struct {
    struct rest_fake fake;
    struct rest_collections *collections;
    struct rest_collection *it;
    atomic_uint asked, is_over;
} parents;

/* The one who asks gets its answer after the other one has given up. */
static void hold_answer(void *state, struct call *call, size_t number)
{
    (void)state, (void)call, (void)number;
    atomic_fetch_add(&parents.asked, 1);
    wait_until(&parents.is_over, 1);
}

static void *ask_for_parent(void *state)
{
    auto_rest_parent parent;
    rest_collection_read_parent(state, &parents.fake.client, parents.it, 60 * 1000,
                                &parent);
    return (void *)(uintptr_t)(parent.body != NULL);
}

TEST(who_waits_for_the_parent_keeps_its_own_deadline)
{
    static const struct rest_collection_options options = { .parent_id = "/hubs/h",
                                                            .list_id = "/hubs/h/maps",
                                                            .api_version = "1" };
    parents.collections = rest_collections_new();
    rest_fake_begin(&parents.fake,
                    (const struct fake_answer[]){
                        { .status = 200, .body = "{\"id\":\"/hubs/h\"}" }, { 0 } });
    fake_transport_watch(parents.fake.transport, hold_answer, NULL);
    parents.it = rest_collections_find(parents.collections, &options);
    auto_call patient = { 0 }, hurried = { 0 };
    call_init(&patient, NULL);
    call_init(&hurried, NULL);
    patient.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    hurried.deadline_ms = clock_monotonic_ms() + 50;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask_for_parent, &patient), 0);
    wait_until(&parents.asked, 1);
    /* It comes back although the answer is still held. */
    auto_rest_parent parent;
    rest_collection_read_parent(&hurried, &parents.fake.client, parents.it, 60 * 1000,
                                &parent);
    assert_null(parent.body);
    atomic_fetch_add(&parents.is_over, 1);
    void *has_body;
    pthread_join(thread, &has_body);
    assert_non_null(has_body);
    assert_int_equal(atomic_load(&parents.asked), 1);
    rest_collections_free(parents.collections);
    rest_fake_end(&parents.fake);
}
