/* The activation key: asked for by POST, repeated as a read is, and shown by nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#include "ephemeral/openers.h"
#include "schema/tables.h"
#include "support/session_run.h"
#include "support/value_of.h"

#define HUB                                                                                        \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"               \
    "providers/Microsoft.AzureStack/registrations/hub1"
#define KEY "canary-of-a-key"
#define GOOD 200, .body = "{\"activationKey\":\"" KEY "\"}"
#define REFUSED(code, message) "{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}}"

struct run {
    struct session_run base;
    struct data_source source;
    struct diags diags;
    const struct value *out;
    int result;
};

/* Opens it, the service answering with these behind a token. */
static void open_key(struct run *run, const struct fake_answer *answers)
{
    const struct session_config config = session_run_config();
    session_run_begin(&run->base, &config, answers);
    struct arena *arena = run->base.call.arena;
    engine_data_source_init(&run->source, arena, &registration_activation_key_ephemeral);
    diags_init(&run->diags, arena);
    run->result = ephemeral_registration_activation_key(
        &run->base.call, &run->source, run->base.session,
        value_of(arena, run->source.type, "{'registration_id':'" HUB "'}"), &run->out, &run->diags);
}

static const char *text_of(struct run *run, const char *name)
{
    return value_text(value_get(run->base.call.arena, run->out, name));
}

TEST(the_key_comes_by_one_post_without_a_body)
{
    struct run run;
    open_key(&run, ANSWERS(TOKEN_ANSWER, { GOOD }));
    assert_int_equal(run.result, 0);
    assert_string_equal(text_of(&run, "activation_key"), KEY);
    assert_string_equal(text_of(&run, "registration_id"), HUB);
    assert_true(value_is_wholly_known(run.out));
    assert_int_equal(session_run_sent(&run.base), 2);
    const struct fake_request *request = fake_transport_request(run.base.fake, 1);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://management.azure.com" HUB
                                      "/getactivationkey?api-version=2017-06-01");
    assert_null(request->body);
    /* A trace shows neither body. */
    assert_true(request->is_body_secret);
    session_run_end(&run.base);
}

TEST(it_is_repeated_as_a_read_is)
{
    static const struct fake_answer firsts[] = {
        { 429, .headers = "Retry-After: 1", .body = REFUSED("TooManyRequests", "slow") },
        { 503, .body = REFUSED("ServiceUnavailable", "down") },
        { .fault = ERR_LOST, .text = "the connection was cut" },
        { 200, .body = "<html>" },
    };
    EACH (first, firsts) {
        struct run run;
        open_key(&run, ANSWERS(TOKEN_ANSWER, *first, { GOOD }));
        assert_int_equal(run.result, 0);
        assert_string_equal(text_of(&run, "activation_key"), KEY);
        assert_int_equal(session_run_sent(&run.base), 3);
        session_run_end(&run.base);
    }
}

TEST(errors_do_not_show_the_key)
{
#define CANNOT "Cannot get the activation key of registration"
#define WITHOUT "Azure returned no activation key"
    static const struct {
        struct fake_answer answer;
        const char *summary, *detail;
    } cases[] = {
        { { 403, .body = REFUSED("AuthorizationFailed", "no") },
          CANNOT,
          "registrations/getActivationKey/action" },
        { { 404, .body = REFUSED("RegistrationNotFound", "none") },
          CANNOT,
          "Azure returned an error for registration \"hub1\" (resource group \"azurestack\"): "
          "RegistrationNotFound" },
        { { 200, .body = "{}" }, WITHOUT, HUB },
        { { 200, .body = "{\"activationKey\":\"\"}" }, WITHOUT, HUB },
        { { 200, .body = "{\"activationKey\":{\"a\":\"" KEY "\"}}" }, WITHOUT, HUB },
        { { 200, .body = "\"" KEY "\"", .is_last_again = true },
          CANNOT,
          "is not in the format of" },
        { { 200, .body = "{\"other\":\"" KEY "\"", .is_last_again = true },
          CANNOT,
          "is not in the format of" },
        { { 202, .body = "{\"activationKey\":\"" KEY "\"}" }, CANNOT, "may contain a secret" },
        { { 200, .body = REFUSED("InternalServerError", "late") }, CANNOT, "may contain a secret" },
    };
    EACH (row, cases) {
        struct run run;
        open_key(&run, ANSWERS(TOKEN_ANSWER, row->answer));
        assert_int_equal(run.result, -1);
        const struct diagnostic *diag = run.diags.first;
        assert_non_null(diag);
        assert_string_equal(diag->summary, row->summary);
        assert_has(diag->detail, row->detail);
        assert_lacks(diag->detail, KEY);
        assert_null(diag->next);
        session_run_end(&run.base);
    }
}
