/* The tenant in the challenge of a request without a token.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/owner.h"
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
