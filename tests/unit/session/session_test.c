/* Who holds a session, and who asks metadata_host for all. Which addresses it goes to is in
 * tests/exchanges/session.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "base/thread.h"
#include "support/fixture.h"
#include "support/session_run.h"

#define DIRECTORY "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
#define METADATA                                                                                   \
    "{'name':'AzureCloud','resourceManager':'https://arm.test/',"                                  \
    "'authentication':{'loginEndpoint':'https://login.test/','audiences':"                         \
    "['https://audience.test'],'tenant':'common','identityProvider':'AAD'}}"

static int find(struct session_run *run)
{
    struct service *service;
    run->err = NO_ERROR;
    return session_service(run->session, &run->call, "azure", &service, &run->err);
}

static struct session_run *run_by_metadata(const struct fake_answer *answers)
{
    struct session_config config = session_run_config();
    config.environment = "custom";
    config.metadata_host = "meta.test";
    return session_run_new(&config, answers);
}

static void stop(void *state, struct call *call, size_t number)
{
    (void)state;
    if (number == 0)
        atomic_store(&call->is_cancelled, true);
}

TEST(a_call_that_was_stopped_while_asking_hands_over)
{
    auto_session_run run = run_by_metadata(
        ANSWERS({ .fault = ERR_STOPPED, .text = "stopped" }, { 200, .body = METADATA }));
    fake_transport_watch(run->fake, stop, NULL);
    assert_int_equal(find(run), -1);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    atomic_store(&run->call.is_cancelled, false); /* another call */
    assert_int_equal(find(run), 0);
    assert_int_equal(fake_transport_count(run->fake), 2);
}

static void *find_on_a_thread(void *session)
{
    struct session_run own = { .session = session };
    call_init(&own.call, NULL);
    own.call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    int result = find(&own);
    call_clear(&own.call);
    return (void *)(intptr_t)result;
}

TEST(many_at_once_send_one_request)
{
    auto_session_run run = run_by_metadata(ANSWERS({ 200, .body = METADATA }));
    assert_int_equal(in_threads(8, find_on_a_thread, run->session), 0);
    assert_int_equal(fake_transport_count(run->fake), 1);
}

/* The second of two calls, whose time ends while the first one asks. */
struct second {
    struct session *session;
    atomic_bool is_waiting;
    struct error err;
    int64_t busy_ms;
    pthread_t thread;
};

static int64_t thread_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void *wait_a_second(void *state)
{
    struct second *second = state;
    struct session_run own = { .session = second->session };
    call_init(&own.call, NULL);
    own.call.deadline_ms = clock_monotonic_ms() + 1000;
    int64_t begun_ms = thread_ms();
    atomic_store(&second->is_waiting, true);
    find(&own);
    second->busy_ms = thread_ms() - begun_ms;
    second->err = own.err;
    call_clear(&own.call);
    return NULL;
}

/* Answers after the second call looked at the time, which it does within CALL_POLL_MS. */
static void outlast_the_second(void *state, struct call *call, size_t number)
{
    struct second *second = state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t nothing;
    (void)call, (void)number;
    pthread_create(&second->thread, NULL, wait_a_second, second);
    while (!atomic_load(&second->is_waiting))
        sched_yield();
    clock_fake_advance(2000);
    thread_cond_init(&nothing);
    pthread_mutex_lock(&lock);
    while (thread_cond_wait_ms(&nothing, &lock, 2 * CALL_POLL_MS))
        continue;
    pthread_mutex_unlock(&lock);
}

TEST(a_call_whose_time_ends_says_how_the_one_that_asked_ended)
{
    static const struct {
        const struct fake_answer answers[2];
        int result;
        const char *said;
    } rows[] = {
        { { { .fault = ERR_TIMEOUT, .text = "no metadata came" } }, -1, "no metadata came" },
        { { { 200, .body = METADATA } }, 0, "waiting for the endpoints of the cloud" },
        { { { .fault = ERR_TLS, .text = "not trusted" } },
          -1,
          "waiting for the endpoints of the cloud" },
    };
    EACH (row, rows) {
        auto_session_run run = run_by_metadata(row->answers);
        struct second second = { .session = run->session };
        fake_transport_watch(run->fake, outlast_the_second, &second);
        assert_int_equal(find(run), row->result);
        pthread_join(second.thread, NULL);
        assert_error(&second.err, ERR_TIMEOUT, row->said);
        assert_int_equal(fake_transport_count(run->fake), 1);
        assert_true(second.busy_ms < CALL_POLL_MS / 2); /* it slept */
    }
}

enum { ASKERS = 8, DOMAINS = 100 };

static void *find_directories(void *session)
{
    static atomic_uint askers; /* each has domains of its own */
    struct session_run own = { .session = session };
    struct service *service;
    size_t found = 0;
    unsigned asker = atomic_fetch_add(&askers, 1);
    call_init(&own.call, NULL);
    if (session_service(session, &own.call, "azure", &service, &own.err) < 0)
        return NULL;
    for (int i = 0; i < 2 * DOMAINS; i++) {
        const char *directory = NULL;
        const char *domain = arena_print(own.call.arena, "%u-%d.example", asker, i / 2);
        service_find_directory(service, &own.call, domain, &directory, &own.err);
        found += directory != NULL && strcmp(directory, DIRECTORY) == 0;
    }
    call_clear(&own.call);
    return (void *)found;
}

TEST(directories_are_found_by_many_at_once_and_each_is_asked_for_once)
{
    const struct session_config config = session_run_config();
    auto_session_run run = session_run_new(
        &config, ANSWERS({ 200,
                           .body = "{'token_endpoint':'https://login.microsoftonline.com/" DIRECTORY
                                   "/oauth2/token'}",
                           .is_last_again = true }));
    assert_int_equal(in_threads(ASKERS, find_directories, run->session), ASKERS * 2 * DOMAINS);
    assert_int_equal(fake_transport_count(run->fake), ASKERS * DOMAINS);
}

TEST(a_session_lives_as_long_as_it_is_referenced)
{
    struct session_config config = session_run_config();
    char subscription[] = "11111111-2222-3333-4444-555555555555";
    config.subscription_id = subscription;
    struct session_run run;
    session_run_begin(&run, &config, ANSWERS({ 0 }));
    struct session *held = session_ref(run.session);
    subscription[0] = 'x'; /* was copied */
    session_run_end(&run);
    assert_string_equal(session_default(held, "azure", "subscription_id"),
                        "11111111-2222-3333-4444-555555555555");
    assert_non_null(session_diag_once(held));
    session_free(held);
    session_free(NULL);
}

/* Leak checks see what is left. */
TEST(the_texts_of_a_configuration_go_with_the_session)
{
    struct arena *texts = arena_new();
    struct session_config config = session_run_config();
    config.user_agent = arena_copy_text(texts, "agent");
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&config, texts, &session, &err), 0);
    session_free(session);
}

TEST(a_bundle_that_cannot_be_read_is_refused)
{
    struct session_config config = session_run_config();
    config.ca_bundle = "/nowhere/at/all.pem";
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&config, NULL, &session, &err), -1);
    assert_error(&err, ERR_INVALID, "ca_bundle", "/nowhere/at/all.pem");
    assert_null(session);
}
