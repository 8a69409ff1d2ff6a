/* What a role allows.
 * SPDX-License-Identifier: MPL-2.0 */
#include <ctype.h>
#include <stddef.h>

#include "doctor/internal.h"

static bool is_same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Each `*` matches as little as possible. If the rest does not match, the last `*` takes one more
 * character. */
static bool matches(const char *pattern, const char *text)
{
    const char *star = NULL, *taken = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            taken = text;
        } else if (*pattern != '\0' && is_same(*pattern, *text)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++taken;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool has_match(const char *const *patterns, const char *action)
{
    while (*patterns != NULL && !matches(*patterns, action))
        patterns++;
    return *patterns != NULL;
}

bool doctor_allows(const struct permission *permission, const char *action)
{
    return has_match(permission->actions, action) &&
           !has_match(permission->not_actions, action);
}
