/* One token for all: who fetches it, who waits, and what becomes of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <semaphore.h>

#include "auth/cache.h"
#include "base/clock.h"
#include "base/memory.h"
#include "support/fixture.h"

/* ---- a credential that does as it is told ------------------------------------------------ */

struct plan {
    enum error_kind fault; /* ERR_NONE: a token */
    const char *text;      /* of the token, or of the fault */
    int64_t life_ms;
    int64_t takes_ms; /* on the fake clock; the call's deadline ends it */
};

struct fake {
    struct credential base; /* first */
    struct plan plans[8];   /* the last one that is set is given again */
    atomic_size_t asked;
    size_t waiting_from; /* requests from this number on wait for `go` */
    sem_t came, go;
    atomic_bool was_freed;
};

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)transport;
    struct fake *fake = (struct fake *)credential;
    assert_string_equal(audience, "https://audience");
    size_t number = atomic_fetch_add(&fake->asked, 1);
    struct plan plan = { 0 };
    for (size_t i = 0; i <= number && i < 8; i++) {
        if (fake->plans[i].text != NULL)
            plan = fake->plans[i];
    }
    int64_t asked_ms = clock_wall_ms();
    if (number >= fake->waiting_from) {
        sem_post(&fake->came);
        while (sem_trywait(&fake->go) != 0) {
            const struct timespec pause = { .tv_nsec = 1000 * 1000 };
            nanosleep(&pause, NULL);
            if (call_check(call, err) < 0)
                return -1;
        }
    }
    if (clock_is_fake() && plan.takes_ms > 0) {
        int64_t left_ms = call_left_ms(call);
        clock_fake_advance(plan.takes_ms < left_ms ? plan.takes_ms : left_ms);
        if (call_check(call, err) < 0)
            return -1;
    }
    if (plan.fault != ERR_NONE)
        return error_set(err, plan.fault, "%s", plan.text);
    out->text = secret_new(plan.text, strlen(plan.text));
    out->expires_ms = asked_ms + plan.life_ms;
    return 0;
}

static void note_free(struct credential *credential)
{
    atomic_store(&((struct fake *)credential)->was_freed, true);
}

static struct auth_cache *begin(struct fake *fake, const struct plan *plans, size_t count)
{
    *fake = (struct fake){ .waiting_from = SIZE_MAX };
    static const struct credential_source source = { .name = "fake" };
    fake->base =
        (struct credential){ .source = &source, .fetch = fetch, .free = note_free };
    memcpy(fake->plans, plans, count * sizeof *plans);
    sem_init(&fake->came, 0, 0);
    sem_init(&fake->go, 0, 0);
    return auth_cache_new(&fake->base, NULL, "https://audience");
}

#define PLANS(...)                                                                       \
    (const struct plan[]){ __VA_ARGS__ },                                                \
        sizeof((const struct plan[]){ __VA_ARGS__ }) / sizeof(struct plan)

enum { HOUR_MS = 3600 * 1000 };

/* One get of a call's own: the token's text, or NULL and the error. */
static char *get(struct auth_cache *cache, struct error *err)
{
    auto_call call;
    call_init(&call, NULL);
    struct secret *token = NULL;
    if (auth_cache_get(cache, &call, &token, err) < 0)
        return NULL;
    assert_int_equal(err->kind, ERR_NONE);
    char *text = memory_copy_text(secret_reveal(token));
    secret_free(token);
    return text;
}

static void assert_token(struct auth_cache *cache, const char *want)
{
    struct error err = NO_ERROR;
    auto_char text = get(cache, &err);
    if (text == NULL)
        fail_msg("no token: %s", err.text);
    assert_string_equal(text, want);
}

static void refuse(struct auth_cache *cache)
{
    auto_call call;
    call_init(&call, NULL);
    struct secret *token = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(auth_cache_get(cache, &call, &token, &err), 0);
    auth_cache_refuse(cache, token);
    secret_free(token);
}

/* ---- one caller ------------------------------------------------------------------------------ */

#define TIMED(name) TEST_WITH(name, fake_clock, true_clock)

TIMED(token_is_fetched_once_and_renewed_before_it_ends)
{
    struct fake fake;
    struct auth_cache *cache = begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                                                  { .text = "b", .life_ms = HOUR_MS }));
    assert_token(cache, "a");
    clock_fake_advance(HOUR_MS - 5 * 60 * 1000);
    assert_token(cache, "a");
    assert_int_equal(fake.asked, 1);
    clock_fake_advance(1);
    assert_token(cache, "b");
    assert_int_equal(fake.asked, 2);
    auth_cache_free(cache);
    assert_true(fake.was_freed);
}

TIMED(token_that_lives_three_seconds_is_used_for_half_of_them)
{
    struct fake fake;
    struct auth_cache *cache = begin(
        &fake, PLANS({ .text = "a", .life_ms = 3000 }, { .text = "b", .life_ms = 3000 }));
    assert_token(cache, "a");
    clock_fake_advance(1500);
    assert_token(cache, "a");
    clock_fake_advance(1);
    assert_token(cache, "b");
    assert_token(cache, "b");
    assert_int_equal(fake.asked, 2);
    auth_cache_free(cache);
}

TIMED(token_without_any_life_is_given_to_whoever_asked_for_it)
{
    struct fake fake;
    struct auth_cache *cache = begin(&fake, PLANS({ .text = "a", .life_ms = 0 }));
    assert_token(cache, "a");
    assert_token(cache, "a");
    assert_int_equal(fake.asked, 2);
    auth_cache_free(cache);
}

TIMED(token_that_cannot_be_renewed_is_used_while_it_lives)
{
    struct fake fake;
    struct auth_cache *cache =
        begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                           { .fault = ERR_UNREACHABLE, .text = "no route" }));
    assert_token(cache, "a");
    clock_fake_advance(HOUR_MS - 60 * 1000);
    assert_token(cache, "a");
    assert_int_equal(fake.asked, 2);
    /* Not tried again with every call. */
    clock_fake_advance(29 * 1000);
    assert_token(cache, "a");
    assert_int_equal(fake.asked, 2);
    clock_fake_advance(2 * 1000);
    assert_token(cache, "a");
    assert_int_equal(fake.asked, 3);
    clock_fake_advance(29 * 1000);
    struct error err = NO_ERROR;
    assert_null(get(cache, &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    auth_cache_free(cache);
}

TIMED(token_that_ended_while_its_renewal_failed_is_not_given_out)
{
    struct fake fake;
    struct auth_cache *cache =
        begin(&fake, PLANS({ .text = "a", .life_ms = 8000 },
                           { .fault = ERR_LOST, .text = "cut", .takes_ms = 6000 },
                           { .text = "b", .life_ms = HOUR_MS }));
    assert_token(cache, "a");
    clock_fake_advance(5000); /* 3 s are left, the renewal takes 6 */
    assert_token(cache, "b");
    assert_int_equal(fake.asked, 3);
    auth_cache_free(cache);
}

TIMED(token_renewal_takes_fifteen_seconds_at_most)
{
    struct fake fake;
    struct auth_cache *cache =
        begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                           { .text = "b", .life_ms = HOUR_MS, .takes_ms = 60 * 1000 }));
    assert_token(cache, "a");
    clock_fake_advance(HOUR_MS - 60 * 1000);
    int64_t before_ms = clock_monotonic_ms();
    assert_token(cache, "a");
    assert_int_equal(clock_monotonic_ms() - before_ms, 15 * 1000);
    auth_cache_free(cache);
}

/* Or the token would be over before the program once has the time it needs. */
TIMED(token_renewal_by_a_slow_program_takes_as_long_as_it_takes)
{
    static const struct credential_source slow = { .name = "slow", .is_slow = true };
    struct fake fake;
    struct auth_cache *cache =
        begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                           { .text = "b", .life_ms = HOUR_MS, .takes_ms = 50 * 1000 }));
    fake.base.source = &slow;
    assert_token(cache, "a");
    clock_fake_advance(HOUR_MS - 60 * 1000);
    assert_token(cache, "b");
    assert_int_equal(fake.asked, 2);
    auth_cache_free(cache);
}

TIMED(token_that_was_refused_is_replaced)
{
    struct fake fake;
    struct auth_cache *cache = begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                                                  { .text = "b", .life_ms = HOUR_MS }));
    refuse(cache);
    assert_token(cache, "b");
    assert_token(cache, "b");
    assert_int_equal(fake.asked, 2);
    auth_cache_free(cache);
}

TIMED(token_refused_by_ten_calls_is_replaced_once)
{
    /* The second time, because a service may give out the same text again. */
    static const char *const texts[] = { "b", "a" };
    for (size_t round = 0; round < 2; round++) {
        struct fake fake;
        struct auth_cache *cache =
            begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                               { .text = texts[round], .life_ms = HOUR_MS }));
        struct secret *tokens[10] = { NULL };
        struct error err = NO_ERROR;
        auto_call call;
        call_init(&call, NULL);
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(auth_cache_get(cache, &call, &tokens[i], &err), 0);
        for (size_t i = 0; i < 10; i++) {
            auth_cache_refuse(cache, tokens[i]);
            assert_token(cache, texts[round]);
        }
        assert_int_equal(fake.asked, 2);
        for (size_t i = 0; i < 10; i++)
            secret_free(tokens[i]);
        auth_cache_free(cache);
    }
}

TIMED(token_in_use_outlives_its_renewal)
{
    struct fake fake;
    struct auth_cache *cache = begin(
        &fake, PLANS({ .text = "a", .life_ms = 1000 }, { .text = "b", .life_ms = 1000 }));
    auto_call call;
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    auto_secret token = NULL;
    assert_int_equal(auth_cache_get(cache, &call, &token, &err), 0);
    clock_fake_advance(5000);
    assert_token(cache, "b");
    auth_cache_free(cache);
    assert_string_equal(secret_reveal(token), "a");
}

TIMED(token_survives_a_clock_that_goes_back)
{
    struct fake fake;
    struct auth_cache *cache = begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS },
                                                  { .text = "b", .life_ms = HOUR_MS }));
    assert_token(cache, "a");
    clock_fake_start(clock_wall_ms() - (int64_t)24 * HOUR_MS);
    assert_token(cache, "a");
    refuse(cache);
    assert_token(cache, "b");
    auth_cache_free(cache);
}

TIMED(token_credential_that_was_refused_is_asked_once)
{
    struct fake fake;
    struct auth_cache *cache = begin(
        &fake, PLANS({ .fault = ERR_CREDENTIAL, .text = "Entra: AADSTS7000215, wrong" }));
    struct error err = NO_ERROR;
    assert_null(get(cache, &err));
    assert_int_equal(err.kind, ERR_CREDENTIAL);
    assert_string_equal(err.text, "Entra: AADSTS7000215, wrong");
    for (size_t i = 0; i < 3; i++) {
        err = NO_ERROR;
        assert_null(get(cache, &err));
        assert_int_equal(err.kind, ERR_CREDENTIAL);
        assert_string_equal(err.text, "Entra: AADSTS7000215, wrong");
    }
    assert_int_equal(fake.asked, 1);
    auth_cache_free(cache);
}

TIMED(token_network_failure_is_no_refusal)
{
    struct fake fake;
    struct auth_cache *cache =
        begin(&fake, PLANS({ .fault = ERR_UNREACHABLE, .text = "no route" },
                           { .text = "b", .life_ms = HOUR_MS }));
    struct error err = NO_ERROR;
    assert_null(get(cache, &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_token(cache, "b");
    auth_cache_free(cache);
}

/* ---- several ---------------------------------------------------------------------------------- */

enum { CALLERS = 10 };

struct caller {
    struct auth_cache *cache;
    struct stop *stop;
    struct call call;
    struct error err;
    char *text;
    pthread_t thread;
};

static void *run_caller(void *state)
{
    struct caller *caller = state;
    struct secret *token = NULL;
    if (auth_cache_get(caller->cache, &caller->call, &token, &caller->err) == 0)
        caller->text = memory_copy_text(secret_reveal(token));
    secret_free(token);
    return NULL;
}

static void start(struct caller *caller, struct auth_cache *cache)
{
    *caller = (struct caller){ .cache = cache, .stop = stop_new() };
    call_init(&caller->call, caller->stop);
    assert_int_equal(pthread_create(&caller->thread, NULL, run_caller, caller), 0);
}

static void finish(struct caller *caller)
{
    free(caller->text);
    call_clear(&caller->call);
    stop_free(caller->stop);
}

TEST(token_single_flight)
{
    static const struct {
        struct plan plan;
        enum error_kind kind;
    } rows[] = {
        { { .text = "a", .life_ms = HOUR_MS }, ERR_NONE },
        { { .text = "a", .life_ms = 0 }, ERR_NONE },
        { { .fault = ERR_UNREACHABLE, .text = "no route" }, ERR_UNREACHABLE },
        { { .fault = ERR_CREDENTIAL, .text = "wrong" }, ERR_CREDENTIAL },
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        struct fake fake;
        struct auth_cache *cache = begin(&fake, &rows[row].plan, 1);
        fake.waiting_from = 0;
        struct caller callers[CALLERS];
        start(&callers[0], cache);
        sem_wait(&fake.came);
        for (size_t i = 1; i < CALLERS; i++)
            start(&callers[i], cache);
        /* So that most of them wait by then; whether they do changes no result. */
        const struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
        nanosleep(&pause, NULL);
        for (size_t i = 0; i < CALLERS; i++)
            sem_post(&fake.go);
        for (size_t i = 0; i < CALLERS; i++) {
            pthread_join(callers[i].thread, NULL);
            assert_int_equal(callers[i].err.kind, rows[row].kind);
            assert_true((callers[i].text != NULL) == (rows[row].kind == ERR_NONE));
            finish(&callers[i]);
        }
        if (row == 0 || row == 3)
            assert_int_equal(fake.asked, 1);
        auth_cache_free(cache);
    }
}

TEST(token_of_a_leader_and_a_follower_of_which_one_is_stopped)
{
    for (int stopped = 0; stopped < 2; stopped++) {
        struct fake fake;
        struct auth_cache *cache =
            begin(&fake, PLANS({ .text = "a", .life_ms = HOUR_MS }));
        fake.waiting_from = 0;
        struct caller callers[2], *leader = &callers[0], *follower = &callers[1];
        start(leader, cache);
        sem_wait(&fake.came);
        start(follower, cache);
        stop_request(callers[stopped].stop);
        pthread_join(callers[stopped].thread, NULL);
        assert_int_equal(callers[stopped].err.kind, ERR_STOPPED);
        assert_null(callers[stopped].text);
        if (stopped == 0)
            sem_wait(&fake.came); /* the follower asks */
        sem_post(&fake.go);
        pthread_join(callers[1 - stopped].thread, NULL);
        assert_string_equal(callers[1 - stopped].text, "a");
        assert_int_equal(fake.asked, stopped == 0 ? 2 : 1);
        finish(leader);
        finish(follower);
        auth_cache_free(cache);
    }
}

TEST(token_is_there_for_others_while_one_renews_it)
{
    struct fake fake;
    struct auth_cache *cache = begin(&fake, PLANS({ .text = "a", .life_ms = 20 * 1000 },
                                                  { .text = "b", .life_ms = HOUR_MS }));
    clock_fake_start(1700000000000);
    assert_token(cache, "a");
    clock_fake_advance(15 * 1000);
    fake.waiting_from = 1;
    struct caller leader;
    start(&leader, cache);
    sem_wait(&fake.came);
    assert_token(cache, "a"); /* without waiting */
    sem_post(&fake.go);
    pthread_join(leader.thread, NULL);
    assert_string_equal(leader.text, "b");
    assert_int_equal(fake.asked, 2);
    clock_fake_end();
    finish(&leader);
    auth_cache_free(cache);
}
