/* Why there is no token is told whole once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/diag_once.h"
#include "support/test.h"

static const char refused[] =
    "getting a token: AADSTS7000215, the client secret is wrong. "
    "Check client_secret (ARM_CLIENT_SECRET).";

TEST(a_reason_is_reported_in_full_once)
{
    auto_arena arena = arena_new();
    struct diag_once *once = diag_once_new();
    assert_string_equal(diag_once_text(once, arena, "there is no token", refused),
                        refused);
    for (size_t i = 0; i < 3; i++) {
        const char *text = diag_once_text(once, arena, "there is no token", refused);
        assert_non_null(strstr(text, "another error of this run"));
        assert_non_null(strstr(text, "(AADSTS7000215)"));
        assert_null(strstr(text, "ARM_CLIENT_SECRET"));
    }
    diag_once_free(once);
}

TEST(another_reason_is_reported_in_full)
{
    auto_arena arena = arena_new();
    struct diag_once *once = diag_once_new();
    diag_once_text(once, arena, "there is no token", refused);
    assert_string_equal(
        diag_once_text(once, arena, "there is no token", "no program `az`"),
        "no program `az`");
    assert_null(strstr(
        diag_once_text(once, arena, "there is no token", "no program `az`"), "AADSTS"));
    diag_once_free(once);
}
