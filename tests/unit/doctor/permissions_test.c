/* What roles allow.
 * SPDX-License-Identifier: MPL-2.0 */
#include "doctor/internal.h"
#include "support/test.h"

#define WRITE "Microsoft.AzureStack/registrations/customerSubscriptions/write"

static const struct {
    const char *action, *not_action; /* NULL: none */
    bool is_allowed;
} rows[] = {
    { "*", NULL, true },
    { NULL, NULL, false },
    { WRITE, NULL, true },
    { "microsoft.azurestack/REGISTRATIONS/customersubscriptions/Write", NULL, true },
    { "Microsoft.AzureStack/registrations/customerSubscriptions/read", NULL, false },
    { "Microsoft.AzureStack/registrations/customerSubscriptions/writes", NULL, false },
    { "Microsoft.AzureStack/registrations/customerSubscriptions/writ", NULL, false },
    { "Microsoft.AzureStack/registrations", NULL, false },
    { "*/write", NULL, true },
    { "*/read", NULL, false },
    { "Microsoft.AzureStack/*", NULL, true },
    { "Microsoft.AzureStack/*/write", NULL, true },
    { "Microsoft.AzureStack/*/*/write*", NULL, true },
    { "*Subscriptions*Subscriptions*", NULL, false },
    { "*", "Microsoft.Authorization/*/Write", true }, /* Contributor */
    { "*", "Microsoft.AzureStack/*/write", false },
    { "*/write", "*", false },
};

TEST(a_role_allows_what_its_actions_match_and_its_not_actions_do_not)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const actions[] = { rows[i].action, NULL };
        const char *const not_actions[] = { rows[i].not_action, NULL };
        const struct permission one = { actions, not_actions };
        if (doctor_allows(&one, WRITE) != rows[i].is_allowed)
            fail_msg("row %zu: %s without %s", i, rows[i].action, rows[i].not_action);
    }
}
