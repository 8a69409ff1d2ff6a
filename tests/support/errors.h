/* What an error has to be.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_ERRORS_H
#define SUPPORT_ERRORS_H

#include "base/error.h"
#include "support/test.h"

/* Of that kind, with each of the words. Secrets of tests are canaries ("c4nary" where a canary may
 * be an ordinary word) or tokens: no error shows them. */
static inline void expect_error(const struct error *err, enum error_kind kind,
                                const char *const *words)
{
    if (err->kind != kind)
        fail_msg("kind %d and not %d: %s", err->kind, kind, err->text);
    for (; *words != NULL; words++)
        assert_has(err->text, *words);
    assert_lacks(err->text, "c4nary");
    assert_lacks(err->text, "canary");
    assert_lacks(err->text, "eyJ");
}

#define assert_error(err, kind, ...) expect_error(err, kind, WORDS(__VA_ARGS__))

#endif
