/* What is sent along with each request, and what the user may leave out: tokens of further
 * tenants, the correlation id.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/client.h"
#include "base/clock.h"
#include "support/fake_transport.h"
#include "support/test.h"

/* Gives its own name as the token, or fails. */
struct mint {
    struct credential base; /* first */
    const char *name;
    enum error_kind fault;
};

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)call, (void)transport, (void)audience;
    struct mint *mint = (struct mint *)credential;
    if (mint->fault != ERR_NONE)
        return error_set(err, mint->fault, "refused");
    out->text = secret_new(mint->name, strlen(mint->name));
    out->expires_ms = clock_wall_ms() + 3600 * 1000;
    return 0;
}

static void keep(struct credential *credential)
{
    (void)credential;
}

enum { TENANTS = 3 };

struct run {
    struct mint mints[1 + TENANTS];
    struct auth_cache *caches[1 + TENANTS];
    struct fake_transport *fake;
    struct rest_client client;
    struct call call;
    struct error err;
};

/* `tenants` of the three are there; the one of number `broken` gives nothing. */
static void begin(struct run *run, size_t tenants, size_t broken)
{
    static const char *const names[] = { "main", "first", "second", "third" };
    static const struct fake_answer answers[] = { { 200, .body = "{}" },
                                                  { 200, .body = "{}" },
                                                  { 0 } };
    *run = (struct run){ .fake = fake_transport_new(answers) };
    call_init(&run->call, NULL);
    for (size_t i = 0; i <= tenants; i++) {
        run->mints[i] = (struct mint){ { .fetch = fetch, .free = keep },
                                       names[i],
                                       i == broken ? ERR_CREDENTIAL : ERR_NONE };
        run->caches[i] =
            auth_cache_new(&run->mints[i].base, fake_transport_base(run->fake), "a");
    }
    run->client = (struct rest_client){ .dialect = &dialect_arm,
                                        .transport = fake_transport_base(run->fake),
                                        .base = "https://arm.test",
                                        .tokens = run->caches[0],
                                        .auxiliary_tokens = run->caches + 1,
                                        .auxiliary_count = TENANTS,
                                        .correlation_id = "chosen" };
}

static int get(struct run *run)
{
    const struct rest_request request = { .method = "GET",
                                          .id = "/x",
                                          .api_version = "1" };
    auto_rest_reply reply = NULL;
    return rest_read(&run->call, &run->client, &request, &reply, &run->err);
}

static void end(struct run *run)
{
    for (size_t i = 0; i <= TENANTS; i++)
        auth_cache_free(run->caches[i]);
    http_transport_free(fake_transport_base(run->fake));
    call_clear(&run->call);
}

TEST(tokens_of_further_tenants_stand_in_one_header)
{
    static const char *const wanted[] = {
        NULL,
        "x-ms-authorization-auxiliary: Bearer first\n",
        "x-ms-authorization-auxiliary: Bearer first, Bearer second\n",
        "x-ms-authorization-auxiliary: Bearer first, Bearer second, Bearer third\n",
    };
    for (size_t tenants = 0; tenants <= TENANTS; tenants++) {
        struct run run;
        begin(&run, tenants, 9);
        assert_int_equal(get(&run), 0);
        const struct fake_request *sent = fake_transport_request(run.fake, 0);
        assert_string_equal(sent->bearer, "main");
        const char *found = strstr(sent->headers, "x-ms-authorization-auxiliary");
        if (wanted[tenants] == NULL)
            assert_null(found);
        else
            assert_non_null(strstr(sent->headers, wanted[tenants]));
        end(&run);
    }
}

TEST(a_tenant_without_a_token_keeps_the_request_from_being_sent)
{
    struct run run;
    begin(&run, 3, 2);
    assert_int_equal(get(&run), -1);
    assert_int_equal(run.err.kind, ERR_CREDENTIAL);
    assert_non_null(strstr(run.err.text, "auxiliary_tenant_ids, element 2"));
    assert_int_equal(fake_transport_count(run.fake), 0);
    end(&run);
}

TEST(a_correlation_id_is_sent_unless_it_is_not_wanted)
{
    struct run run;
    begin(&run, 0, 9);
    assert_int_equal(get(&run), 0);
    assert_non_null(strstr(fake_transport_request(run.fake, 0)->headers,
                           "x-ms-correlation-request-id: chosen\n"));
    run.client.has_no_correlation_id = true;
    assert_int_equal(get(&run), 0);
    assert_null(strstr(fake_transport_request(run.fake, 1)->headers, "correlation"));
    assert_non_null(
        strstr(fake_transport_request(run.fake, 1)->headers, "x-ms-client-request-id: "));
    end(&run);
}
