/* One credential against services that are played: what tests of credentials share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_AUTH_CREDENTIAL_RUN_H
#define UNIT_AUTH_CREDENTIAL_RUN_H

#include "auth/credential.h"
#include "base/clock.h"
#include "support/errors.h"
#include "support/fake_transport.h"

enum { NOW_S = 1700000000 };

#define AUDIENCE "https://management.test"
struct run {
    struct fake_transport *fake;
    struct credential *credential;
    struct stop *stop;
    struct call call;
    struct auth_token token;
    struct error err;
};

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

/* There is no token, and the error has each of the words. */
#define assert_failed(run, kind, ...)                                                              \
    do {                                                                                           \
        assert_int_equal(ask(run), -1);                                                            \
        assert_error(&(run)->err, kind, __VA_ARGS__);                                              \
    } while (0)

/* The answer of a service that gives a token. */
static const struct fake_answer good_token = { 200, .body = "{'expires_in':3599,'access_token':"
                                                            "'tok.en'}" };

#endif
