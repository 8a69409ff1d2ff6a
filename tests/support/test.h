/* What a unit test is written with: each TEST(what_must_hold) { … } of a file runs, in the order
 * of the file. This header has main(), and so no helper includes it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_TEST_H
#define SUPPORT_TEST_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { TESTS_MAX = 100 };

static struct CMUnitTest test_list[TESTS_MAX];
static size_t test_count;
static CMFixtureFunction test_group_begin, test_group_end;

#define TEST(name) TEST_WITH(name, NULL, NULL)

/* With what is done before and after it; either may be NULL. */
#define TEST_WITH(name, begin, end)                                                      \
    static void name(void **);                                                           \
    __attribute__((constructor)) static void name##_is_listed(void)                      \
    {                                                                                    \
        assert_true(test_count < TESTS_MAX);                                             \
        test_list[test_count++] = (struct CMUnitTest){ #name, name, begin, end, NULL };  \
    }                                                                                    \
    static void name(__attribute__((unused)) void **state)

/* What is done before the first and after the last test of the file; either may be NULL. */
#define TEST_GROUP(begin, end)                                                           \
    __attribute__((constructor)) static void test_group_is_set(void)                     \
    {                                                                                    \
        test_group_begin = begin;                                                        \
        test_group_end = end;                                                            \
    }

/* Row by row of an array: EACH (row, rows) … row->name … */
#define EACH(one, rows)                                                                  \
    for (__typeof__(&(rows)[0]) one = (rows);                                            \
         one < (rows) + sizeof(rows) / sizeof *(rows); one++)

/* Texts with the NULL that ends them. */
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Text by text: EACH_TEXT (url, "http://a", "http://b") … url … */
#define EACH_TEXT(one, ...)                                                              \
    for (const char *const *one##_at = WORDS(__VA_ARGS__), *one;                         \
         (one = *one##_at) != NULL; one##_at++)

/* Number by number: EACH_NUMBER (status, 429, 503) … status … */
#define EACH_NUMBER(one, ...)                                                            \
    for (int *one##_at = (int[]){ __VA_ARGS__, INT_MIN }, one;                           \
         (one = *one##_at) != INT_MIN; one##_at++)

/* Either may be NULL. */
#define assert_same_text(have, want)                                                     \
    expect_same_text(have, want, #have, __FILE__, __LINE__)

static inline void expect_same_text(const char *have, const char *want, const char *what,
                                    const char *file, int line)
{
    if (have == want || (have != NULL && want != NULL && strcmp(have, want) == 0))
        return;
    print_error("%s is \"%s\" and not \"%s\"\n", what, have != NULL ? have : "(NULL)",
                want != NULL ? want : "(NULL)");
    _fail(file, line);
}

#define assert_has(text, part)                                                           \
    do {                                                                                 \
        if (strstr(text, part) == NULL)                                                  \
            fail_msg("\"%s\" is not in \"%s\"", part, text);                             \
    } while (0)

#define assert_lacks(text, part)                                                         \
    do {                                                                                 \
        if (strstr(text, part) != NULL)                                                  \
            fail_msg("\"%s\" is in \"%s\"", part, text);                                 \
    } while (0)

int main(void)
{
    return _cmocka_run_group_tests("tests", test_list, test_count, test_group_begin,
                                   test_group_end);
}

#endif
