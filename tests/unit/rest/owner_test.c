/* The tenant in the challenge of a request without a token.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/owner.h"
#include "support/rest_fake.h"
#include "support/test.h"

#define TENANT "7f2d1c6e-90ab-4cde-8f01-23456789abcd"

TEST(a_challenge_names_a_tenant_or_none)
{
    static const struct {
        const char *challenge, *tenant;
    } rows[] = {
        { "Bearer authorization_uri=\"https://login.windows.net/" TENANT
          "\", error=\"invalid_token\"",
          TENANT },
        { "Bearer error=\"invalid_token\", Authorization_URI=\"https://login.microsoftonline."
          "com/7F2D1C6E-90AB-4CDE-8F01-23456789ABCD/oauth2/authorize\"",
          TENANT },
        { "Bearer authorization_uri=https://login.chinacloudapi.cn/" TENANT ", x=y", TENANT },
        { "Bearer authorization_uri=\"https://login.windows.net/" TENANT "?x\"", TENANT },
        { "Bearer authorization_uri=\"https://login.windows.net/common\"", NULL },
        { "Bearer authorization_uri=\"https://login.windows.net/\", error=\"x\"", NULL },
        { "Bearer authorization_uri=\"https://login.windows.net", NULL },
        { "Bearer authorization_uri=\"http://login.windows.net/" TENANT "\"", NULL },
        { "Bearer authorization_uri=\"https://login.windows.net/" TENANT "0\"", NULL },
        { "Bearer authorization_uri=", NULL },
        { "Bearer realm=\"" TENANT "\"", NULL },
        { "", NULL },
        { NULL, NULL },
    };
    auto_arena arena = arena_new();
    EACH (row, rows)
        assert_same_text(dialect_arm_read_owner(arena, row->challenge), row->tenant);
}

static void cancel_first(void *state, struct call *call, size_t number)
{
    (void)state;
    if (number == 0)
        atomic_store(&call->is_cancelled, true);
}

TEST(a_call_that_is_cancelled_does_not_answer_for_the_others)
{
    auto_rest_fake fake = rest_fake_new(ANSWERS(
        { .status = 503 }, { .status = 401,
                             .headers = "WWW-Authenticate: Bearer "
                                        "authorization_uri=https://login.windows.net/" TENANT }));
    fake_transport_watch(fake->transport, cancel_first, NULL);
    struct rest_owners *owners = rest_owners_new();
    auto_call cancelled = { 0 };
    call_init(&cancelled, NULL);
    assert_null(rest_owners_find(&cancelled, &fake->client, owners, TENANT));
    assert_same_text(rest_owners_find(&fake->call, &fake->client, owners, TENANT), TENANT);
    assert_int_equal(rest_fake_sent(fake), 2);
    rest_owners_free(owners);
}
