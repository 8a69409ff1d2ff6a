/* The activation key: asked for by POST, repeated as a read is, and shown by nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "ephemeral/openers.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define HUB                                                                              \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"     \
    "providers/Microsoft.AzureStack/registrations/hub1"
#define KEY "canary-of-a-key"
#define REFUSED(code, message)                                                           \
    "{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}}"

enum { ANSWERS_MAX = 4 };

struct run {
    struct call call;
    struct data_source source;
    struct session *session;
    struct fake_transport *transport;
    struct fake_answer answers[ANSWERS_MAX + 2];
    struct diags diags;
    const struct value *out;
    int result;
};

/* Opens it, the service answering with these. */
static void open_key(struct run *run, const struct fake_answer *answers)
{
    const struct session_config config = {
        .environment = "public",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
    struct error err = NO_ERROR;
    *run = (struct run){ .result = 0 };
    run->answers[0] = (struct fake_answer){
        200, .body = "{\"access_token\":\"tok.en\",\"expires_in\":3599}"
    };
    for (size_t i = 0; i < ANSWERS_MAX && (answers[i].status != 0 || answers[i].fault);
         i++)
        run->answers[i + 1] = answers[i];
    clock_fake_start(0);
    run->transport = fake_transport_new(run->answers);
    assert_int_equal(session_new_over(&config, fake_transport_base(run->transport),
                                      &run->session, &err),
                     0);
    call_init(&run->call, NULL);
    engine_data_source_init(&run->source, run->call.arena,
                            &registration_activation_key_ephemeral);
    diags_init(&run->diags, run->call.arena);
    const char *fault = "";
    json_t *json = json_pack("{s:s}", "registration_id", HUB);
    const struct value *value =
        engine_json_to_value(run->call.arena, run->source.type, json, &fault);
    json_decref(json);
    assert_non_null(value);
    run->result = ephemeral_registration_activation_key(
        &run->call, &run->source, run->session, value, &run->out, &run->diags);
}

static void end(struct run *run)
{
    session_free(run->session);
    call_clear(&run->call);
    clock_fake_end();
}

static const char *text_of(struct run *run, const char *name)
{
    return value_text(value_get(run->call.arena, run->out, name));
}

TEST(the_key_comes_by_one_post_without_a_body)
{
    struct run run;
    open_key(&run, (const struct fake_answer[]){
                       { 200, .body = "{\"activationKey\":\"" KEY "\"}" }, { 0 } });
    assert_int_equal(run.result, 0);
    assert_string_equal(text_of(&run, "activation_key"), KEY);
    assert_string_equal(text_of(&run, "registration_id"), HUB);
    assert_true(value_is_wholly_known(run.out));
    assert_int_equal(fake_transport_count(run.transport), 2);
    const struct fake_request *request = fake_transport_request(run.transport, 1);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://management.azure.com" HUB
                                      "/getactivationkey?api-version=2017-06-01");
    assert_null(request->body);
    /* A trace shows neither body. */
    assert_true(request->is_body_secret);
    end(&run);
}

TEST(it_is_repeated_as_a_read_is)
{
    static const struct fake_answer firsts[] = {
        { 429, .headers = "Retry-After: 1", .body = REFUSED("TooManyRequests", "slow") },
        { 503, .body = REFUSED("ServiceUnavailable", "down") },
        { .fault = ERR_LOST, .text = "the connection was cut" },
        { 200, .body = "<html>" },
    };
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct run run;
        open_key(
            &run,
            (const struct fake_answer[]){
                firsts[i], { 200, .body = "{\"activationKey\":\"" KEY "\"}" }, { 0 } });
        assert_int_equal(run.result, 0);
        assert_string_equal(text_of(&run, "activation_key"), KEY);
        assert_int_equal(fake_transport_count(run.transport), 3);
        end(&run);
    }
}

TEST(errors_do_not_show_the_key)
{
    static const struct {
        struct fake_answer answer;
        const char *summary, *detail;
    } cases[] = {
        { { 403, .body = REFUSED("AuthorizationFailed", "no") },
          "Cannot get the activation key of registration",
          "registrations/getActivationKey/action" },
        { { 404, .body = REFUSED("RegistrationNotFound", "none") },
          "Cannot get the activation key of registration",
          "Azure refused registration \"hub1\": RegistrationNotFound" },
        { { 200, .body = "{}" }, "Registration without an activation key", HUB },
        { { 200, .body = "{\"activationKey\":\"\"}" },
          "Registration without an activation key",
          HUB },
        { { 200, .body = "{\"activationKey\":{\"a\":\"" KEY "\"}}" },
          "Registration without an activation key",
          HUB },
        { { 200, .body = "\"" KEY "\"", .is_last_again = true },
          "Cannot get the activation key of registration",
          "is not what" },
        { { 200, .body = "{\"other\":\"" KEY "\"", .is_last_again = true },
          "Cannot get the activation key of registration",
          "is not what" },
        { { 202, .body = "{\"activationKey\":\"" KEY "\"}" },
          "Cannot get the activation key of registration",
          "may hold a secret" },
        { { 200, .body = REFUSED("InternalServerError", "late") },
          "Cannot get the activation key of registration",
          "may hold a secret" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        open_key(&run, (const struct fake_answer[]){ cases[i].answer, { 0 } });
        assert_int_equal(run.result, -1);
        const struct diagnostic *diag = run.diags.first;
        assert_non_null(diag);
        assert_string_equal(diag->summary, cases[i].summary);
        assert_has(diag->detail, cases[i].detail);
        assert_null(strstr(diag->detail, KEY));
        assert_null(diag->next);
        end(&run);
    }
}
