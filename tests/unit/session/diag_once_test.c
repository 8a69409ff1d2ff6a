/* Why there is no token is reported in full once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/diag_once.h"
#include "support/test.h"

static const char refused[] = "getting a token: AADSTS7000215, the client secret is wrong. "
                              "Check client_secret (ARM_CLIENT_SECRET).";

TEST(a_reason_is_reported_in_full_once)
{
    auto_arena arena = arena_new();
    struct diag_once *once = diag_once_new();
    const char *what = "the provider has no token";
    assert_string_equal(diag_once_text(once, arena, what, refused), refused);
    for (size_t i = 0; i < 3; i++) {
        const char *text = diag_once_text(once, arena, what, refused);
        assert_has(text, "Another error of this run");
        assert_has(text, "(AADSTS7000215)");
        assert_lacks(text, "ARM_CLIENT_SECRET");
    }
    /* Another reason is whole again. */
    assert_string_equal(diag_once_text(once, arena, what, "no `az`"), "no `az`");
    assert_lacks(diag_once_text(once, arena, what, "no `az`"), "AADSTS");
    diag_once_free(once);
}
