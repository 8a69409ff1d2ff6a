/* Error texts: their order, and where they are cut.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/error.h"
#include "base/text.h"
#include "support/test.h"

TEST(context_precedes_the_text)
{
    struct error err;
    assert_int_equal(error_set(&err, ERR_LOST, "the answer of %s", "x"), -1);
    assert_int_equal(error_context(&err, "reading %d", 7), -1);
    assert_string_equal(err.text, "reading 7: the answer of x");
    assert_int_equal(err.kind, ERR_LOST);
}

TEST(an_error_may_include_its_own_text)
{
    struct error err;
    error_set(&err, ERR_NAME, "inner");
    error_set(&err, ERR_UNREACHABLE, "outer text: %s", err.text);
    assert_string_equal(err.text, "outer text: inner");
    error_set(&err, ERR_NAME, "short");
    assert_string_equal(err.text, "short");
}

TEST(a_text_that_is_too_long_is_cut_at_a_character)
{
    char many[2 * sizeof(struct error)];
    for (int shift = 0; shift < 3; shift++) {
        memset(many, 'x', sizeof many);
        for (size_t i = (size_t)shift; i + 3 < sizeof many; i += 3)
            memcpy(many + i, "\xE2\x82\xAC", 3);
        many[sizeof many - 1] = '\0';
        struct error err;
        error_set(&err, ERR_SHAPE, "%s", many);
        assert_true(text_is_utf8(err.text, strlen(err.text)));
        assert_true(strlen(err.text) > sizeof err.text - 8);
        error_context(&err, "%s", many);
        assert_true(text_is_utf8(err.text, strlen(err.text)));
    }
}
