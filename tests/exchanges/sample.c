/* A resource and data sources that have every kind of attribute, and what becomes of their values: acts without
 * a life cycle.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/sample.h"

#include <string.h>

#include "engine/internal.h"
#include "exchanges/player.h"
#include "schema/tables.h"
#include "support/engine_json.h"

static const struct attribute address[] = {
    { "street", &type_string, OPTIONAL, .body = "line1" },
    { "number", &type_number, OPTIONAL | COMPUTED, .body = "at.number" },
    { 0 },
};
static const struct attribute sample_rows[] = {
    { "parent_id", &type_string, REQUIRED | REPLACE },
    { "tenant", &type_string, OPTIONAL | COMPUTED | REPLACE | MAY_BE_OMITTED,
      .body = "properties.tenantId", .compare = COMPARE_IGNORING_CASE },
    { "label", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "properties.a.label" },
    { "flag", &type_bool, OPTIONAL | COMPUTED | REPLACE, .body = "properties.a.flag" },
    { "top", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "top" },
    { "count", &type_number, OPTIONAL, .body = "count" },
    { "names", &type_list_of_string, OPTIONAL, .body = "names" },
    { "tags", &type_map_of_string, OPTIONAL, .body = "tags" },
    { "address", NULL, OPTIONAL, .body = "properties.address", .nesting = NESTING_SINGLE,
      .rows = address },
    { "ports", NULL, OPTIONAL, .body = "ports", .nesting = NESTING_LIST,
      .rows = address },
    { "places", NULL, OPTIONAL, .body = "places", .nesting = NESTING_MAP,
      .rows = address },
    { "areas", NULL, OPTIONAL, .body = "areas", .nesting = NESTING_SET, .rows = address },
    { "id", &type_string, COMPUTED | IS_ID },
    { 0 },
};
static const struct resource_table sample_table = {
    .name = "sample",
    .noun = "thing",
    .service = &azure_service,
    .id_type = "N/t/thing",
    .id = "{parent_id}/thing/x",
    .attributes = sample_rows,
    .timeouts = { .create_s = 60, .read_s = 60, .delete_s = 60 },
};

const struct resource_table *const sample_tables[] = { &sample_table, NULL };

/* Objects that no resource has, whose IDs have an unknown format. */
#define PLAN_ROWS                                                                        \
    { "id", &type_string, COMPUTED | IS_ID },                                            \
        { "name", &type_string, OPTIONAL | COMPUTED, .body = "name" },                   \
        { "size", &type_number, OPTIONAL | COMPUTED, .body = "properties.size" },        \
        { "tags", &type_map_of_string, COMPUTED, .body = "tags" },                       \
    {                                                                                    \
        "parts", NULL, COMPUTED, .body = "properties.parts", .nesting = NESTING_LIST,    \
                                 .rows = part_rows                                       \
    }
#define ARGUMENT_ROWS                                                                    \
    { "subscription_id", &type_string, OPTIONAL,                                         \
      .provider_default = "in the provider block" },                                     \
        { "state", &type_string, OPTIONAL | COMPUTED, .default_value = "on" },           \
        { "count", &type_number, OPTIONAL },                                             \
    {                                                                                    \
        "owner", &type_string, OPTIONAL                                                  \
    }

static const struct attribute part_rows[] = {
    { "n", &type_number, COMPUTED, .body = "n" }, { 0 }
};
static const struct attribute plan_rows[] = { PLAN_ROWS, { 0 } };
static const struct attribute one_rows[] = { PLAN_ROWS, ARGUMENT_ROWS, { 0 } };
static const struct attribute many_rows[] = {
    { "plans", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = plan_rows },
    { "id", &type_string, COMPUTED },
    { "name", &type_string, OPTIONAL },
    { "size", &type_number, OPTIONAL },
    ARGUMENT_ROWS,
    { 0 },
};
static const struct list_place places[] = {
    { "/owners/{owner}/plans", "/owners/{owner}", "the {noun}s of {owner}" },
    { "/subscriptions/{subscription_id}/plans", "/subscriptions/{subscription_id}",
      NULL },
    { NULL, NULL, NULL },
};

#define OBJECTS .service = &azure_service, .noun = "plan", .api_version = "1"
static const struct data_source_table only_one = { "sample_plan", OBJECTS,
                                                   .attributes = one_rows,
                                                   .lists = places,
                                                   .filters = NAMES("name") },
                                      all = { "sample_plans",
                                              OBJECTS,
                                              .attributes = many_rows,
                                              .lists = places,
                                              .items = "plans",
                                              .filters = NAMES("name", "size"),
                                              .query = NAMES("state={state}",
                                                             "$filter=owner eq '{owner}'",
                                                             "n={count}") };

const struct engine_reader sample_data_sources[] = { { &only_one, NULL },
                                                     { &all, NULL },
                                                     { NULL, NULL } };

/* ---- the acts ------------------------------------------------------------------------------ */

static const struct value *to_value(struct run *run, const struct script_act *act,
                                    const json_t *json)
{
    const char *fault = "nothing is there";
    const struct value *value =
        json != NULL ? engine_json_to_value(run->arena, run->resource.type, json, &fault)
                     : NULL;
    if (value == NULL)
        run_fail(run, "line %d: %s", act->line, fault);
    return value != NULL ? value : value_null(run->arena, run->resource.type);
}

/* ["whole" or "partial", {before}, {body}] */
static json_t *take_body(struct run *run, const struct script_act *act,
                         const json_t *given)
{
    const char *extent = json_string_value(json_array_get(given, 0));
    bool is_whole = extent != NULL && strcmp(extent, "whole") == 0;
    const struct value *before = to_value(run, act, json_array_get(given, 1));
    const struct value *after =
        body_to_value(&run->resource, run->arena, json_array_get(given, 2),
                      is_whole ? BODY_WHOLE : BODY_PARTIAL, before);
    return engine_json_from_value(after);
}

void run_sample(struct run *run, const struct script_act *act)
{
    json_t *given = json_loads(act->argument, 0, NULL), *found = NULL;
    json_array_clear(run->listed);
    if (act->verb == DO_SEND)
        found = body_from_value(&run->resource, run->arena, to_value(run, act, given));
    else if (act->verb == DO_SEND_CHANGE)
        found = body_from_change(&run->resource, run->arena,
                                 to_value(run, act, json_array_get(given, 0)),
                                 to_value(run, act, json_array_get(given, 1)));
    else
        found = take_body(run, act, given);
    json_array_append_new(run->listed, found);
    json_decref(given);
}
