/* A session of public Azure, or of what a test configures, over a transport that answers from a
 * list, while time stands still.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_SESSION_RUN_H
#define SUPPORT_SESSION_RUN_H

#include "base/clock.h"
#include "session/session.h"
#include "support/errors.h"
#include "support/fake_transport.h"
#include "support/test.h"

struct session_run {
    struct call call; /* has a minute */
    struct fake_transport *fake;
    struct session *session;
    struct error err;
};

static inline struct session_config session_run_config(void)
{
    return (struct session_config){
        .environment = "public",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
}

static inline void session_run_begin(struct session_run *run,
                                     const struct session_config *config,
                                     const struct fake_answer *answers)
{
    clock_fake_start(1700000000000);
    *run = (struct session_run){ .fake = fake_transport_new(answers) };
    call_init(&run->call, NULL);
    run->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    if (session_new_over(config, fake_transport_base(run->fake), &run->session,
                         &run->err) < 0)
        fail_msg("there is no session: %s", run->err.text);
    assert_int_equal(fake_transport_count(run->fake), 0); /* it sends no request */
}

static inline void session_run_end(struct session_run *run)
{
    session_free(run->session);
    call_clear(&run->call);
    clock_fake_end();
}

/* One at a time, which ends with its scope. */
static inline struct session_run *session_run_new(const struct session_config *config,
                                                  const struct fake_answer *answers)
{
    static struct session_run run;
    session_run_begin(&run, config, answers);
    return &run;
}

DEFINE_CLEANUP(struct session_run, session_run_end)
#define auto_session_run CLEANUP(session_run_endp) struct session_run *

#endif
