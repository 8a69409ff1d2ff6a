/* The registration of a hub, as its activation has it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "data_sources/own_registration.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "schema/tables.h"

enum {
    COMPARISON_TIME_MS = 30 * 1000
}; /* if the ID is known, the activation only warns */

static int read_activation(struct call *call, struct session *session,
                           const char *account, const struct value **out,
                           struct diags *diags)
{
    struct data_source activation;
    engine_data_source_init(&activation, call->arena, &activation_data);
    const struct value *config =
        value_with(call->arena, value_object_of_nulls(call->arena, activation.type),
                   "administrator_subscription_id", value_string(call->arena, account));
    return engine_read_data(call, &activation, session, config, out, diags);
}

static void warn(struct arena *arena, const struct value *activation, const char *own,
                 const char *id, struct diags *diags)
{
    const char *shown = text_clean_line(arena, own, strlen(own), 400);
    if (!value_is_true(value_get(arena, activation, "usage_reporting_enabled"), true))
        diags_warning(diags, PATH_NONE, "The hub does not report usage",
                      "The hub is registered as\n\n  %s\n\nand its usage reporting is "
                      "disabled. Usage of the hub is not billed, whether or not it "
                      "has a mapping.\n\nWhat to do: Register the hub again with usage "
                      "reporting enabled.",
                      shown);
    if (id != NULL && !text_equal_ignoring_case(own, id))
        diags_warning(
            diags, path_attribute(arena, PATH_NONE, "registration_id"),
            "The hub has another registration",
            "The hub is registered as\n\n  %s\n\nThe mappings of registration_id do not "
            "decide who pays for the usage of this hub.\n\nWhat to do: Remove registration_id, or "
            "use the provider block of the other hub.",
            shown);
}

int own_registration_find(struct call *call, struct session *session, const char *account,
                          const char **id, struct diags *diags)
{
    const struct value *activation;
    struct diags quiet;
    int64_t until_ms = call->deadline_ms,
            end_ms = clock_monotonic_ms() + COMPARISON_TIME_MS;
    diags_init(&quiet, call->arena);
    if (*id != NULL && end_ms < until_ms)
        call->deadline_ms = end_ms;
    int result = read_activation(call, session, account, &activation,
                                 *id != NULL ? &quiet : diags);
    call->deadline_ms = until_ms;
    const char *own =
        result == 0 ? value_text(value_get(call->arena, activation, "registration_id"))
                    : NULL;
    if (own != NULL)
        warn(call->arena, activation, own, *id, diags);
    if (*id == NULL)
        *id = own;
    if (*id != NULL || result < 0)
        return *id != NULL ? 0 : -1;
    return diags_error(diags, path_attribute(call->arena, PATH_NONE, "registration_id"),
                       "Cannot find the registration of the hub",
                       "The activation of the hub does not contain the ID of its "
                       "registration.\n\nWhat to do: Set registration_id.");
}
