/* One credential against services that are played: what tests of credentials share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_AUTH_CREDENTIAL_RUN_H
#define UNIT_AUTH_CREDENTIAL_RUN_H

#include "auth/credential.h"
#include "base/clock.h"
#include "support/errors.h"
#include "support/fake_transport.h"
#include "support/folder.h"

enum { NOW_S = 1700000000 };

#define AUDIENCE "https://management.test"
#define GOOD_TOKEN "{'expires_in':3599,'access_token':'tok.en'}"
#define REFUSAL(code) "{'error':'x','error_codes':[" #code "]}"
/* Header, claims and signature of a token that this test does not parse. */
#define FOREIGN "eyJhIjoxfQ.eyJiIjoyfQ.c2ln"

struct run {
    struct fake_transport *fake;
    struct credential *credential;
    struct stop *stop;
    struct call call;
    struct auth_token token;
    struct error err;
};

/* Those of the machine and of the tests before. For TEST_GROUP as well. */
static inline int forget_variables(void **state)
{
    (void)state;
    clearenv();
    return setenv("PATH", "/usr/bin:/bin", 1);
}

/* The same, with an empty folder, for folder_end() to remove. */
static inline int begin_in_folder(void **state)
{
    forget_variables(state);
    return folder_begin(state);
}

static inline void end(struct run **place)
{
    struct run *run = *place;
    secret_free(run->token.text);
    credential_free(run->credential);
    http_transport_free(fake_transport_base(run->fake));
    call_clear(&run->call);
    stop_free(run->stop);
    clock_fake_end();
}
#define auto_run CLEANUP(end) struct run *

/* One at a time. */
static inline struct run *begin(const struct auth_config *config, const struct fake_answer *answers)
{
    static struct run run;
    run = (struct run){ .fake = fake_transport_new(answers), .stop = stop_new() };
    clock_fake_start(INT64_C(1000) * NOW_S);
    call_init(&run.call, run.stop);
    run.call.deadline_ms = clock_monotonic_ms() + 10 * 60 * 1000;
    if (credential_choose(config, &run.credential, &run.err) < 0)
        fail_msg("no credential: %s", run.err.text);
    return &run;
}

static inline int ask(struct run *run)
{
    secret_free(take(run->token.text));
    return run->credential->fetch(run->credential, &run->call, fake_transport_base(run->fake),
                                  AUDIENCE, &run->token, &run->err);
}

static inline size_t sent_count(struct run *run)
{
    return fake_transport_count(run->fake);
}

static inline const struct fake_request *sent(struct run *run, size_t number)
{
    return fake_transport_request(run->fake, number);
}

#define assert_fetched(run)                                                                        \
    do {                                                                                           \
        if (ask(run) != 0)                                                                         \
            fail_msg("no token: %s", (run)->err.text);                                             \
        assert_int_equal((run)->err.kind, ERR_NONE);                                               \
    } while (0)

/* There is no token after `requests` requests (ANY: so many that it does not matter); the error
 * has each of the words. */
#define ANY SIZE_MAX
#define assert_failed(run, kind, requests, ...)                                                    \
    do {                                                                                           \
        assert_int_equal(ask(run), -1);                                                            \
        assert_error(&(run)->err, kind, __VA_ARGS__);                                              \
        if ((size_t)(requests) != ANY)                                                             \
            assert_int_equal(sent_count(run), requests);                                           \
    } while (0)

#define expect_failure(config, answers, kind, requests, ...)                                       \
    do {                                                                                           \
        auto_run failed = begin(config, answers);                                                  \
        assert_failed(failed, kind, requests, __VA_ARGS__);                                        \
    } while (0)

/* A refusal, after one request. */
#define expect_refused(config, status, text, ...)                                                  \
    expect_failure(config, ANSWERS({ status, .body = text }), ERR_CREDENTIAL, 1, __VA_ARGS__)

/* The answer of a service that gives a token. */
static const struct fake_answer good_token = { 200, .body = GOOD_TOKEN };

/* One answer that says to ask again, then a token. */
static inline void expect_token_after(const struct auth_config *config,
                                      const struct fake_answer *first)
{
    auto_run run = begin(config, ANSWERS(*first, good_token));
    assert_fetched(run);
    assert_int_equal(sent_count(run), 2);
}

/* How long a token lives whose answer has these members besides. */
struct life {
    const char *members;
    int64_t s;
};

static inline void expect_life(const struct auth_config *config, const struct life *life)
{
    auto_char body = memory_print("{'access_token':'t'%s}", life->members);
    auto_run run = begin(config, ANSWERS({ 200, .body = body }));
    assert_fetched(run);
    if (run->token.expires_ms != INT64_C(1000) * (NOW_S + life->s))
        fail_msg("%s: %lld ms", life->members, (long long)run->token.expires_ms);
}

static inline void request_stop(void *stop, struct call *call, size_t number)
{
    (void)call, (void)number;
    stop_request(stop);
}

/* A stop while such an answer is waited out is no refusal. */
static inline void expect_stopped(const struct auth_config *config, int status)
{
    auto_run run = begin(config, ANSWERS({ status, .is_last_again = true }));
    fake_transport_watch(run->fake, request_stop, run->stop);
    assert_failed(run, ERR_STOPPED, 1, "");
}

/* What cannot work is reported when the credential is made. */
static inline void expect_none(const struct auth_config *config, enum error_kind kind,
                               const char *const *words)
{
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    if (credential_choose(config, &credential, &err) == 0)
        fail_msg("there is a credential: %s", *words);
    assert_null(credential);
    expect_error(&err, kind, words);
    assert_true(strlen(err.text) < sizeof err.text - 100); /* the whole of it fits */
}

#define expect_unusable(config, ...) expect_none(config, ERR_INVALID, WORDS(__VA_ARGS__))
#define expect_missing(config, ...) expect_none(config, ERR_CREDENTIAL, WORDS(__VA_ARGS__))

#endif
