/* The usage of a hub's tenants as the hub reports it, and the usage that no mapping covers. Sums
 * and periods are in provider/data_sources/usage.c, the payer in unattributed_usage.c.
 * Source: azure-stack-provider-resource-api.md; Commerce.json of Microsoft.Commerce.Admin
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "schema/data_sources/hub.h"

#define METER_ROWS                                                                       \
    HUB_TEXT("meter_id", "properties.meterId",                                           \
             "The ID of the meter, a GUID in lower case."),                              \
        { "meter_name", &type_string, COMPUTED,                                          \
          .doc = "The name of the meter. Null for a meter that this version of the "     \
                 "provider does not know, such as a custom worker tier." },              \
        { "unit", &type_string, COMPUTED,                                                \
          .doc = "The unit of the quantity. Null for an unknown meter." },               \
        HUB_TEXT("quantity", "properties.quantity",                                      \
                 "The exact quantity, as a decimal number in a string, because "         \
                 "`tostring` rounds numbers.")

static const struct attribute one[] = {
    HUB_TEXT("subscription_id", "properties.subscriptionId",
             "The ID of the subscription on the hub. Null if `aggregate_by` is "
             "`meter`."),
    METER_ROWS,
    HUB_TEXT("usage_start_time", "properties.usageStartTime",
             "The start of the usage. Null for sums."),
    HUB_TEXT("usage_end_time", "properties.usageEndTime",
             "The end of the usage. Null for sums."),
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "start_time", &type_string, REQUIRED, .check = check_utc_hour,
      .doc =
          "The start of the period in which the hub stored the usage, in UTC and RFC 3339: "
          "`2026-01-01T00:00:00Z`. Use a full hour, and midnight for `daily`." },
    { "end_time", &type_string, REQUIRED, .check = check_utc_hour,
      .doc = "The end of the period. The period does not include this time. The latest "
             "possible value is the last midnight in UTC." },
    { "granularity", &type_string, OPTIONAL | COMPUTED,
      .one_of = ONE_OF("daily", "hourly"), .default_value = "daily",
      .doc = "The granularity of the hub's report: `daily` or `hourly`. Defaults to "
             "`daily`." },
    { "subscription_id", &type_string, OPTIONAL, .check = check_not_empty,
      .doc =
          "Shows only this subscription of the hub. It must belong to a direct tenant." },
    { "aggregate_by", &type_string, OPTIONAL | COMPUTED,
      .one_of = ONE_OF("subscription", "meter", "none"), .default_value = "subscription",
      .doc =
          "How the usage is grouped. `subscription`: one row for each subscription and "
          "meter. `meter`: one row for each meter. `none`: all rows that the hub "
          "reports. Defaults to `subscription`." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "rows", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc =
          "The usage, sorted by subscription, meter and time. The hub "
          "also reports meters for which Microsoft charges nothing. Do not add up different "
          "meters: `VM size hours` counts the virtual machines of "
          "`Base VM Size Hours` and `Windows VM Size Hours` again, and Microsoft "
          "charges for `App Service` instead of the other meters of App Service." },
    { "complete", &type_bool, COMPUTED,
      .doc =
          "Whether the hub reported the whole period. If it did not, a warning names the "
          "missing part. Six missing hours or days in a row are an error. Usage that the "
          "hub stores later is in a later report and does not change this value." },
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_ACCOUNT "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates",
      HUB_ACCOUNT, "the usage from {start_time} to {end_time}" },
    { NULL, NULL, NULL },
};

/* Source: azure-stack-usage-related-faq.yml, error codes */
static const struct remedy remedies[] = {
    { "SubscriberIdIsNotDirectTenant",
      "the subscription does not belong to a direct tenant",
      "Use the ID of a subscription from azurestack_user_subscriptions. "
      "Subscriptions of a delegated provider report their usage to that "
      "provider.",
      "subscription_id" },
    { "RequestEndTimeIsInFuture",
      "the end is in the future or on the current day, by the hub's "
      "clock",
      "Set an earlier end_time.", "end_time" },
    { "InvalidProperty", "the hub rejects start_time or end_time",
      "Use full hours in UTC; for daily usage, use midnight.", "start_time" },
    { 0 },
};

/* Both are known. `otherwise`: what can be done instead of using midnights; NULL: any hour will do. */
static void check_times(struct arena *arena, const char *start, const char *end,
                        const char *otherwise, struct diags *diags)
{
    const char *const texts[] = { start, end };
    static const char *const names[] = { "start_time", "end_time" };
    for (size_t i = 0; otherwise != NULL && i < 2; i++) {
        if (strncmp(texts[i] + strlen("2026-01-01T"), "00", 2) != 0)
            diags_error(
                diags, path_attribute(arena, PATH_NONE, names[i]), "Time is not midnight",
                "%s is \"%s\", but daily usage begins at midnight in UTC.\n\nWhat "
                "to do: Use a time that ends in T00:00:00Z%s.",
                names[i], texts[i], otherwise);
    }
    if (strcmp(start, end) >= 0)
        diags_error(diags, path_attribute(arena, PATH_NONE, "end_time"),
                    "end_time must be after start_time",
                    "end_time is \"%s\", which is not after start_time \"%s\". The "
                    "period does not include end_time.",
                    end, start);
}

static void check_days(struct arena *arena, const struct value *config,
                       struct diags *diags)
{
    const char *start = value_text(value_get(arena, config, "start_time"));
    const char *end = value_text(value_get(arena, config, "end_time"));
    if (start != NULL && end != NULL && !diags_have_error(diags))
        check_times(arena, start, end, "", diags);
}

static void check(struct arena *arena, const struct value *config, struct diags *diags)
{
    const char *start = value_text(value_get(arena, config, "start_time"));
    const char *end = value_text(value_get(arena, config, "end_time"));
    const struct value *granularity = value_get(arena, config, "granularity");
    if (start == NULL || end == NULL || value_is_unknown(granularity) ||
        diags_have_error(diags))
        return;
    bool is_hourly = text_equal(value_text(granularity), "hourly");
    check_times(arena, start, end, is_hourly ? NULL : ", or set granularity = \"hourly\"",
                diags);
}

const struct data_source_table usage_data = {
    .name = "usage",
    .doc =
        "Use this data source to read the usage of a hub's tenants by the time at "
        "which the hub stored it, usually some hours after its use. So the "
        "report of a month contains the end of the month before, and not its own end. "
        "With `aggregate_by = \"none\"`, each row has its time of use. Sums are exact.",
    .service = &hub_service,
    .noun = "usage",
    .api_version = "2015-06-01-preview",
    .lists = lists,
    .items = "rows",
    .query =
        NAMES("reportedStartTime={start_time}", "reportedEndTime={end_time}",
              "aggregationGranularity={granularity}", "subscriberId={subscription_id}"),
    .remedies = remedies,
    .has_no_ids = true,
    .keeps_digits = true,
    .check = check,
    .attributes = attributes,
};

/* ---- what no mapping covers ------------------------------------------------------------------- */

static const struct attribute unattributed[] = {
    { "subscription_id", &type_string, COMPUTED,
      .doc = "The ID of the subscription on the hub." },
    { "display_name", &type_string, COMPUTED,
      .doc =
          "The display name of the subscription. Null if the hub does not return it." },
    { "tenant_id", &type_string, COMPUTED,
      .doc = "The ID of the directory of the subscription, in lower case. Null if it is "
             "not known." },
    METER_ROWS,
    { "reason", &type_string, COMPUTED,
      .doc = "In `undecided_rows`: why the provider cannot decide who pays. "
             "`subscription_not_listed`: the hub does not list the subscription, which "
             "was probably deleted. `directory_unknown`: the hub does not return the "
             "directory of the subscription. `mapping_tenant_unknown`: Azure does not "
             "return the tenant of a mapping, so the mapping may be of this directory. "
             "Null in the other lists." },
    { 0 },
};

static const struct attribute unattributed_attributes[] = {
    HUB_ACCOUNT_ROW,
    { "registration_id", &type_string, OPTIONAL | COMPUTED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc =
          "The ID of the hub's registration in Azure, whose mappings decide who pays. "
          "Defaults to the registration in the hub's activation, and a warning says if that "
          "is another one." },
    { "start_time", &type_string, REQUIRED, .check = check_utc_hour,
      .doc =
          "The start of the period in which the hub stored the usage, a midnight in UTC "
          "and RFC 3339: `2026-01-01T00:00:00Z`." },
    { "end_time", &type_string, REQUIRED, .check = check_utc_hour,
      .doc = "The end of the period. The period does not include this time. The latest "
             "possible value is the last midnight in UTC." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "rows", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = unattributed,
      .doc = "The usage in directories without a mapping, which the partner pays. One "
             "row for each subscription and meter, sorted by subscription and meter." },
    { "unmapped_tenant_ids", &type_list_of_string, COMPUTED,
      .doc = "The IDs of the directories in `rows`, sorted: the customers without a "
             "mapping." },
    { "hub_directory_rows", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = unattributed,
      .doc = "The usage in the hub's own directory, unless that directory has a mapping: "
             "the partner's own usage. A hub with AD FS has no other directory." },
    { "undecided_rows", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = unattributed,
      .doc = "The usage for which the provider cannot decide who pays. Each row has a "
             "`reason`." },
    { "delegated_subscription_ids", &type_list_of_string, COMPUTED,
      .doc =
          "The IDs of subscriptions of delegated providers in directories without a "
          "mapping, except the hub's own directory, sorted. The hub reports their usage to the delegated provider and "
          "not to the operator, so it is in no row." },
    { "complete", &type_bool, COMPUTED,
      .doc = "Whether the hub reported the whole period. If it did not, a warning names "
             "the missing part. Six missing days in a row are an error." },
    { 0 },
};

const struct data_source_table unattributed_usage_data = {
    .name = "unattributed_usage",
    .doc = "Use this data source to find the usage of a hub that Azure bills to the "
           "partner, although a customer used it: the usage in directories that have no "
           "mapping on the hub's registration. It reads the usage and the subscriptions "
           "from the hub, and the mappings from Azure. Sums are exact.",
    .service = &hub_service,
    .noun = "unattributed usage",
    .api_version = "2015-06-01-preview",
    .id = HUB_ACCOUNT,
    .check = check_days,
    .attributes = unattributed_attributes,
};
