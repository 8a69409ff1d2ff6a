/* One token for all: who fetches it, who waits, and what becomes of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <semaphore.h>

#include "auth/cache.h"
#include "base/clock.h"
#include "base/memory.h"
#include "support/fixture.h"

/* ---- a credential with scripted answers -------------------------------------------------- */

struct plan {
    const char *text; /* of the token, or of the fault */
    int64_t life_ms;
    int64_t takes_ms;      /* on the fake clock; the call's deadline ends it */
    enum error_kind fault; /* ERR_NONE: a token */
};

enum { PLANS = 3 };

static struct fake {
    struct credential base;   /* first */
    const struct plan *plans; /* PLANS of them; the last one that is set is given again */
    atomic_size_t asked;
    size_t waiting_from; /* requests from this number on wait for `go` */
    sem_t came, go;
    atomic_bool was_freed;
} fake;
static struct auth_cache *cache;

static int fetch(struct credential *credential, struct call *call, struct http_transport *transport,
                 const char *audience, struct auth_token *out, struct error *err)
{
    (void)transport, (void)credential;
    assert_string_equal(audience, "https://audience");
    size_t number = atomic_fetch_add(&fake.asked, 1);
    struct plan plan = { 0 };
    for (size_t i = 0; i <= number && i < PLANS; i++) {
        if (fake.plans[i].text != NULL)
            plan = fake.plans[i];
    }
    int64_t asked_ms = clock_wall_ms();
    if (number >= fake.waiting_from) {
        sem_post(&fake.came);
        while (sem_trywait(&fake.go) != 0) {
            const struct timespec pause = { .tv_nsec = 1000 * 1000 };
            nanosleep(&pause, NULL);
            if (call_check(call, err) < 0)
                return -1;
        }
    }
    if (plan.takes_ms > 0 && call_sleep(call, plan.takes_ms, err) < 0)
        return -1;
    if (plan.fault != ERR_NONE)
        return error_set(err, plan.fault, "%s", plan.text);
    out->text = secret_new(plan.text, strlen(plan.text));
    out->expires_ms = asked_ms + plan.life_ms;
    return 0;
}

static void note_free(struct credential *credential)
{
    (void)credential;
    atomic_store(&fake.was_freed, true);
}

static void begin(const struct plan plans[PLANS], bool is_slow)
{
    static const struct credential_source usual = { .name = "fake" };
    static const struct credential_source slow = { .name = "slow", .is_slow = true };
    fake = (struct fake){ .plans = plans, .waiting_from = SIZE_MAX };
    fake.base = (struct credential){ .source = is_slow ? &slow : &usual,
                                     .fetch = fetch,
                                     .free = note_free };
    sem_init(&fake.came, 0, 0);
    sem_init(&fake.go, 0, 0);
    cache = auth_cache_new(&fake.base, NULL, "https://audience");
}

static void end(void)
{
    auth_cache_free(cache);
    assert_true(fake.was_freed);
}

enum { HOUR_MS = 3600 * 1000, MINUTE_MS = 60 * 1000 };

static int64_t has_ms; /* how much time the call has; 0: no end */

/* One get of a call's own: the token, or NULL and the error. */
static struct secret *get(struct error *err)
{
    auto_call call;
    call_init(&call, NULL);
    if (has_ms != 0)
        call_shorten(&call, has_ms);
    struct secret *token = NULL;
    int result = auth_cache_get(cache, &call, &token, err);
    assert_int_equal(result, token != NULL ? 0 : -1);
    return token;
}

static void assert_token(const char *want)
{
    struct error err = NO_ERROR;
    auto_secret token = get(&err);
    if (token == NULL)
        fail_msg("no token: %s", err.text);
    assert_string_equal(secret_reveal(token), want);
}

/* ---- one caller ------------------------------------------------------------------------------ */

#define TIMED(name) TEST_WITH(name, fake_clock, true_clock)

struct step {
    int64_t later_ms;
    const char *text; /* of the token, or of the error */
    size_t asked;     /* how often the credential was by then */
    enum error_kind kind;
    int64_t took_ms, has_ms;
    bool is_refused; /* by the service, afterwards */
};

static void expect_step(const char *what, const struct step *step)
{
    if (step->later_ms < 0) /* a clock that is set */
        clock_fake_start(clock_wall_ms() + step->later_ms);
    else
        clock_fake_advance(step->later_ms);
    int64_t begun_ms = clock_monotonic_ms();
    struct error err = NO_ERROR;
    has_ms = step->has_ms;
    auto_secret token = get(&err);
    has_ms = 0;
    const char *text = token != NULL ? secret_reveal(token) : err.text;
    if (strcmp(text, step->text) != 0 || fake.asked != step->asked || err.kind != step->kind ||
        clock_monotonic_ms() - begun_ms != step->took_ms)
        fail_msg("%s: \"%s\" after %zu requests, kind %d, in %lld ms", what, text, fake.asked,
                 err.kind, (long long)(clock_monotonic_ms() - begun_ms));
    if (step->is_refused)
        auth_cache_refuse(cache, token, false);
}

TIMED(a_token_is_used_while_it_lives_and_renewed_before_it_ends)
{
    /* clang-format off */
    static const struct {
        const char *what;
        struct plan plans[PLANS];
        struct step steps[6];
        bool is_slow;
    } rows[] = {
        { "five minutes before its end",
          { { "a", HOUR_MS }, { "b", HOUR_MS } },
          { { 0, "a", 1 }, { HOUR_MS - 5 * MINUTE_MS, "a", 1 }, { 1, "b", 2 } } },
        { "a life of three seconds is used for half of it",
          { { "a", 3000 }, { "b", 3000 } },
          { { 0, "a", 1 }, { 1500, "a", 1 }, { 1, "b", 2 }, { 0, "b", 2 } } },
        { "without any life it is given to the caller that asked for it",
          { { "a", 0 } },
          { { 0, "a", 1 }, { 0, "a", 2 } } },
        { "it is used while its renewal fails, which is not tried with each call",
          { { "a", HOUR_MS }, { "no route", .fault = ERR_UNREACHABLE } },
          { { 0, "a", 1 }, { HOUR_MS - MINUTE_MS, "a", 2 }, { 29 * 1000, "a", 2 },
            { 2 * 1000, "a", 3 }, { 29 * 1000, "no route", 4, ERR_UNREACHABLE } } },
        { "a renewal that was refused is not the end: the next one counts",
          { { "a", HOUR_MS }, { "refused", .fault = ERR_CREDENTIAL }, { "b", HOUR_MS } },
          { { 0, "a", 1 }, { HOUR_MS - MINUTE_MS, "a", 2 }, { MINUTE_MS, "b", 3 } } },
        { "one that ended while its renewal failed is not given out", /* 3 s are left */
          { { "a", 8000 }, { "cut", 0, 6000, ERR_LOST }, { "b", HOUR_MS } },
          { { 0, "a", 1 }, { 5000, "b", 3, .took_ms = 6000 } } },
        { "a renewal takes fifteen seconds at most",
          { { "a", HOUR_MS }, { "b", HOUR_MS, MINUTE_MS } },
          { { 0, "a", 1 }, { HOUR_MS - MINUTE_MS, "a", 2, .took_ms = 15 * 1000 } } },
        { "and half of the time that its call has, which is to send a request after it",
          { { "a", HOUR_MS }, { "b", HOUR_MS, MINUTE_MS } },
          { { 0, "a", 1 }, { HOUR_MS - MINUTE_MS, "a", 2, .took_ms = 3000, .has_ms = 6000 } } },
        /* Or the token would be over before the program once has the time it needs. */
        { "by a slow program it takes as long as it takes",
          { { "a", HOUR_MS }, { "b", HOUR_MS, 50 * 1000 } },
          { { 0, "a", 1 }, { HOUR_MS - MINUTE_MS, "b", 2, .took_ms = 50 * 1000 } },
          .is_slow = true },
        { "one that the service refused is replaced",
          { { "a", HOUR_MS }, { "b", HOUR_MS } },
          { { 0, "a", 1, .is_refused = true }, { 0, "b", 2 }, { 0, "b", 2 } } },
        { "a clock that goes back changes nothing",
          { { "a", HOUR_MS }, { "b", HOUR_MS } },
          { { 0, "a", 1 }, { -24 * (int64_t)HOUR_MS, "a", 1, .is_refused = true },
            { 0, "b", 2 } } },
        { "a credential that was refused is asked once",
          { { "AADSTS7000215, wrong", .fault = ERR_CREDENTIAL } },
          { { 0, "AADSTS7000215, wrong", 1, ERR_CREDENTIAL },
            { 0, "AADSTS7000215, wrong", 1, ERR_CREDENTIAL },
            { HOUR_MS, "AADSTS7000215, wrong", 1, ERR_CREDENTIAL } } },
        { "a failure of the network is no refusal",
          { { "no route", .fault = ERR_UNREACHABLE }, { "b", HOUR_MS } },
          { { 0, "no route", 1, ERR_UNREACHABLE }, { 0, "b", 2 } } },
    };
    /* clang-format on */
    EACH (row, rows) {
        begin(row->plans, row->is_slow);
        for (const struct step *step = row->steps; step->text != NULL; step++)
            expect_step(row->what, step);
        end();
    }
}

TIMED(a_token_refused_by_ten_calls_is_replaced_once)
{
    /* The second time, because a service may give out the same text again. */
    static const struct plan rounds[][PLANS] = { { { "a", HOUR_MS }, { "b", HOUR_MS } },
                                                 { { "a", HOUR_MS }, { "a", HOUR_MS } } };
    EACH (plans, rounds) {
        begin(*plans, false);
        struct secret *tokens[10];
        struct error err = NO_ERROR;
        EACH (token, tokens)
            *token = get(&err);
        EACH (token, tokens) {
            auth_cache_refuse(cache, *token, false);
            auth_cache_refuse_older(cache, clock_monotonic_ms() - 1);
            assert_token((*plans)[1].text);
        }
        assert_int_equal(fake.asked, 2);
        end();
        EACH (token, tokens) { /* Who uses one has it until the end. */
            assert_string_equal(secret_reveal(*token), "a");
            secret_free(*token);
        }
    }
}

/* ---- several ---------------------------------------------------------------------------------- */

struct caller {
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
    if (auth_cache_get(cache, &caller->call, &token, &caller->err) == 0)
        caller->text = memory_copy_text(secret_reveal(token));
    secret_free(token);
    return NULL;
}

static void start(struct caller *caller)
{
    *caller = (struct caller){ .stop = stop_new() };
    call_init(&caller->call, caller->stop);
    assert_int_equal(pthread_create(&caller->thread, NULL, run_caller, caller), 0);
}

static void finish(struct caller *caller)
{
    free(caller->text);
    call_clear(&caller->call);
    stop_free(caller->stop);
}

TEST(callers_of_one_moment_share_one_request)
{
    static const struct {
        struct plan plan;
        bool is_shared;
    } rows[] = {
        { { "a", HOUR_MS }, true },
        { { "a", 0 }, false },
        { { "no route", .fault = ERR_UNREACHABLE }, false },
        { { "wrong", .fault = ERR_CREDENTIAL }, true },
    };
    EACH (row, rows) {
        begin((const struct plan[PLANS]){ row->plan }, false);
        fake.waiting_from = 0;
        struct caller callers[10];
        start(&callers[0]);
        sem_wait(&fake.came);
        for (size_t i = 1; i < 10; i++)
            start(&callers[i]);
        /* So that most of them wait by then; whether they do changes no result. */
        const struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
        nanosleep(&pause, NULL);
        for (size_t i = 0; i < 10; i++)
            sem_post(&fake.go);
        EACH (caller, callers) {
            pthread_join(caller->thread, NULL);
            assert_int_equal(caller->err.kind, row->plan.fault);
            assert_true((caller->text != NULL) == (row->plan.fault == ERR_NONE));
            finish(caller);
        }
        if (row->is_shared)
            assert_int_equal(fake.asked, 1);
        end();
    }
}

TEST(a_stop_of_the_caller_that_asks_or_of_one_that_waits_leaves_the_other_alone)
{
    for (int stopped = 0; stopped < 2; stopped++) {
        begin((const struct plan[PLANS]){ { "a", HOUR_MS } }, false);
        fake.waiting_from = 0;
        struct caller callers[2], *other = &callers[1 - stopped];
        start(&callers[0]);
        sem_wait(&fake.came);
        start(&callers[1]);
        stop_request(callers[stopped].stop);
        pthread_join(callers[stopped].thread, NULL);
        assert_int_equal(callers[stopped].err.kind, ERR_STOPPED);
        assert_null(callers[stopped].text);
        if (stopped == 0)
            sem_wait(&fake.came); /* the one that waited asks */
        sem_post(&fake.go);
        pthread_join(other->thread, NULL);
        assert_string_equal(other->text, "a");
        assert_int_equal(fake.asked, stopped == 0 ? 2 : 1);
        finish(&callers[0]);
        finish(&callers[1]);
        end();
    }
}

TIMED(a_token_is_there_for_others_while_one_renews_it)
{
    begin((const struct plan[PLANS]){ { "a", 20 * 1000 }, { "b", HOUR_MS } }, false);
    assert_token("a");
    clock_fake_advance(15 * 1000);
    fake.waiting_from = 1;
    struct caller leader;
    start(&leader);
    sem_wait(&fake.came);
    assert_token("a"); /* without waiting */
    sem_post(&fake.go);
    pthread_join(leader.thread, NULL);
    assert_string_equal(leader.text, "b");
    assert_int_equal(fake.asked, 2);
    finish(&leader);
    end();
}
