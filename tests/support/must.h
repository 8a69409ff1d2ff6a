/* For helpers of tests, which have no caller to report to when they fail.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_MUST_H
#define SUPPORT_MUST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline void must(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "the test itself cannot go on: %s\n", what);
    abort();
}

#endif
