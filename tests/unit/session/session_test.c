/* Who holds a session, and who asks metadata_host for all. Which addresses it goes to is in
 * tests/exchanges/session.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fixture.h"
#include "support/session_run.h"

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
