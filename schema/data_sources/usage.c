/* What a hub's tenants used, as the hub reports it. Sums and spans are provider/data_sources/usage.c.
 * Source: azure-stack-provider-resource-api.md; Commerce.json of Microsoft.Commerce.Admin
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    HUB_TEXT("subscription_id", "properties.subscriptionId",
             "The ID of the subscription on the hub. Null if `aggregate_by` is "
             "`meter`."),
    HUB_TEXT("meter_id", "properties.meterId",
             "The ID of the meter, a GUID in lower case."),
    { "meter_name", &type_string, COMPUTED,
      .doc = "The name of the meter. Null for a meter that this version of the provider "
             "does not know, such as a custom worker tier." },
    { "unit", &type_string, COMPUTED,
      .doc = "The unit of the quantity. Null for an unknown meter." },
    HUB_TEXT("quantity", "properties.quantity",
             "The exact quantity, as a decimal number in a string, because `tostring` "
             "rounds numbers."),
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
          "The start of the time in which the usage was reported, in UTC and RFC 3339: "
          "`2026-01-01T00:00:00Z`. Use a full hour, and midnight for `daily`." },
    { "end_time", &type_string, REQUIRED, .check = check_utc_hour,
      .doc =
          "The exclusive end of the time. The latest possible value is the last midnight "
          "in UTC." },
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
      .doc = "The usage, sorted by subscription, meter and time." },
    { "complete", &type_bool, COMPUTED,
      .doc =
          "Whether the hub reported the whole time. If it did not, a warning names the "
          "missing part. Usage that the hub stores later is in a later report and does "
          "not change this value." },
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
    { "InvalidProperty", "the hub does not accept a time",
      "Use full hours in UTC; for daily usage, use midnight.", "start_time" },
    { 0 },
};

/* Both are known. */
static void check_times(struct arena *arena, const char *start, const char *end,
                        bool is_daily, struct diags *diags)
{
    const char *const texts[] = { start, end };
    static const char *const names[] = { "start_time", "end_time" };
    for (size_t i = 0; is_daily && i < 2; i++) {
        if (strncmp(texts[i] + strlen("2026-01-01T"), "00", 2) != 0)
            diags_error(
                diags, path_attribute(arena, PATH_NONE, names[i]), "Time is not midnight",
                "%s is \"%s\", but daily usage begins at midnight in UTC.\n\nWhat "
                "to do: Use a time that ends in T00:00:00Z, or set granularity = "
                "\"hourly\".",
                names[i], texts[i]);
    }
    if (strcmp(start, end) >= 0)
        diags_error(diags, path_attribute(arena, PATH_NONE, "end_time"),
                    "end_time must be after start_time",
                    "end_time is \"%s\", which is not after start_time \"%s\". The "
                    "period does not include end_time.",
                    end, start);
}

static void check(struct arena *arena, const struct value *config, struct diags *diags)
{
    const char *start = value_text(value_get(arena, config, "start_time"));
    const char *end = value_text(value_get(arena, config, "end_time"));
    const struct value *granularity = value_get(arena, config, "granularity");
    if (start == NULL || end == NULL || value_is_unknown(granularity) ||
        diags_have_error(diags))
        return;
    check_times(arena, start, end, !text_equal(value_text(granularity), "hourly"), diags);
}

const struct data_source_table usage_data = {
    .name = "usage",
    .doc = "Use this data source to read the usage of a hub's tenants by the time at "
           "which the hub stored it. Sums are exact.",
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
