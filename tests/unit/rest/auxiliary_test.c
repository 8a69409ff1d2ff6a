/* What is sent along with each request, and what the user may leave out: tokens of further
 * tenants, the correlation id.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/rest_fake.h"
#include "support/test.h"

enum { TENANTS = 3 };

struct run {
    struct rest_fake *fake;
    struct fake_credential credentials[TENANTS];
    struct auth_cache *caches[TENANTS];
};

/* `tenants` of the three are there. */
static void begin(struct run *run, size_t tenants)
{
    static const char *const names[] = { "first", "second", "third" };
    static const struct fake_answer answers[] = { { 200, .body = "{}", .is_last_again = true },
                                                  { 0 } };
    *run = (struct run){ .caches = { NULL } };
    run->fake = rest_fake_new(answers);
    for (size_t i = 0; i < tenants; i++) {
        run->credentials[i] = fake_credential_of(names[i]);
        run->caches[i] = auth_cache_new(&run->credentials[i].base, run->fake->client.transport,
                                        "https://arm.test");
    }
    run->fake->client.auxiliary_tokens = run->caches;
    run->fake->client.auxiliary_count = TENANTS;
    run->fake->client.correlation_id = "chosen";
}

static void end(struct run *run)
{
    EACH (cache, run->caches)
        auth_cache_free(*cache);
    rest_fake_free(run->fake);
}

TEST(tokens_of_further_tenants_stand_in_one_header)
{
#define HEADER "x-ms-authorization-auxiliary: Bearer first0"
    static const char *const wanted[] = { NULL, HEADER "\n", HEADER ", Bearer second0\n",
                                          HEADER ", Bearer second0, Bearer third0\n" };
    for (size_t tenants = 0; tenants <= TENANTS; tenants++) {
        struct run run;
        begin(&run, tenants);
        assert_int_equal(rest_fake_get(run.fake, "/x"), 0);
        const struct fake_request *sent = rest_fake_request(run.fake, 0);
        assert_string_equal(sent->bearer, "t0");
        if (wanted[tenants] == NULL)
            assert_lacks(sent->headers, "auxiliary");
        else
            assert_has(sent->headers, wanted[tenants]);
        end(&run);
    }
}

TEST(a_tenant_without_a_token_keeps_the_request_from_being_sent)
{
    struct run run;
    begin(&run, 3);
    run.credentials[1].good = 0;
    run.credentials[1].fault = ERR_CREDENTIAL;
    assert_int_equal(rest_fake_get(run.fake, "/x"), -1);
    assert_int_equal(run.fake->err.kind, ERR_CREDENTIAL);
    assert_has(run.fake->err.text, "auxiliary_tenant_ids, element 2");
    assert_int_equal(rest_fake_sent(run.fake), 0);
    end(&run);
}

TEST(a_correlation_id_is_sent_unless_it_is_not_wanted)
{
    struct run run;
    begin(&run, 0);
    assert_int_equal(rest_fake_get(run.fake, "/x"), 0);
    assert_has(rest_fake_request(run.fake, 0)->headers, "x-ms-correlation-request-id: chosen\n");
    run.fake->client.has_no_correlation_id = true;
    assert_int_equal(rest_fake_get(run.fake, "/x"), 0);
    assert_lacks(rest_fake_request(run.fake, 1)->headers, "correlation");
    assert_has(rest_fake_request(run.fake, 1)->headers, "x-ms-client-request-id: ");
    end(&run);
}
