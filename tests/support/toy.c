/* The tables of a service that is nothing like Azure Resource Manager.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/toy.h"

#include "schema/checks.h"

const struct service_table toy_service = {
    .name = "toy",
    .label = "the toy service",
    .ids = &id_scheme_path,
    .block = "toy",
    .missing = "The toy service is not configured. Write: toy { endpoint = \"…\" }",
};

static const struct attribute mount[] = {
    { "depth", &type_number, REQUIRED, .body = "depth", .doc = "How deep." },
    { "side", &type_string, OPTIONAL, .body = "side", .doc = "Which side." },
    { 0 },
};

static const struct attribute widget[] = {
    { "name", &type_string, REQUIRED | REPLACE, .body = "name", .check = check_not_empty,
      .doc = "The name." },
    { "size", &type_number, REQUIRED, .body = "size", .doc = "The size." },
    { "comment", &type_string, OPTIONAL, .body = "comment", .doc = "A comment." },
    { "labels", &type_map_of_string, OPTIONAL, .body = "labels", .doc = "Labels." },
    { "mount", NULL, OPTIONAL, .body = "mount", .nesting = NESTING_SINGLE, .rows = mount,
      .doc = "Where it is mounted." },
    { "token", &type_string, OPTIONAL | WRITE_ONLY, .body = "token",
      .version = "token_version", .doc = "A token." },
    { "token_version", &type_number, OPTIONAL,
      .doc = "A new one sends the token again." },
    { "number", &type_string, COMPUTED, .body = "id", .doc = "The number." },
    { "revision", &type_number, COMPUTED | VOLATILE, .body = "revision",
      .doc = "Counts changes." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID." },
    { 0 },
};

static const struct attribute part[] = {
    { "widget_id", &type_string, REQUIRED | REPLACE, .id_type = "/v1/widgets/{}",
      .ids = &id_scheme_path, .doc = "The widget." },
    { "name", &type_string, REQUIRED | REPLACE, .body = "name", .check = check_not_empty,
      .doc = "The name." },
    { "count", &type_number, REQUIRED, .body = "spec.count", .doc = "How many." },
    { "note", &type_string, OPTIONAL, .body = "spec.note", .doc = "A note." },
    { "sealed", &type_bool, OPTIONAL | COMPUTED, .body = "spec.sealed",
      .doc = "Whether it is sealed." },
    { "token", &type_string, OPTIONAL | WRITE_ONLY, .body = "spec.token",
      .version = "token_version", .doc = "A token." },
    { "token_version", &type_number, OPTIONAL,
      .doc = "A new one sends the token again." },
    { "checksum", &type_string, COMPUTED, .body = "checksum", .doc = "Made once." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID." },
    { 0 },
};

static const struct attribute every_widget[] = { { 0 } };

static const struct attribute parts_of[] = {
    { "widget_id", &type_string, REQUIRED, .id_type = "/v1/widgets/{}",
      .ids = &id_scheme_path, .doc = "The widget." },
    { 0 },
};

static const struct remedy remedies[] = {
    { "4220", "the size is not one of those that exist", "Choose another size.", "size" },
    { 0 },
};

static const struct write_rule post = { .method = "POST" };
static const struct write_rule patch = { .method = "PATCH" };
static const struct write_rule put = { .method = "PUT" };
static const char *const name_alone[] = { "name", NULL };
static const char *const no_widget[] = { "4040", NULL };
static const char *const no_part[] = { "4042", NULL };

const struct resource_table widget_table = {
    .name = "widget",
    .noun = "widget",
    .doc = "A widget.",
    .service = &toy_service,
    .id_type = "/v1/widgets/{}",
    .id = "/v1/widgets/{number}",
    .list = every_widget,
    .list_id = "/v1/widgets",
    .create = &post,
    .natural_key = name_alone,
    .update = &patch,
    .attributes = widget,
    .timeouts = { 1800, 300, 600, 1800 },
    .gone = no_widget,
    .remedies = remedies,
};

const struct resource_table part_table = {
    .name = "part",
    .noun = "part",
    .doc = "A part of a widget.",
    .service = &toy_service,
    .id_type = "/v1/widgets/{}/parts/{}",
    .id = "{widget_id}/parts/{name}",
    .parent_noun = "widget",
    .parent_id = "{widget_id}",
    .list = parts_of,
    .list_id = "{widget_id}/parts",
    .update = &put,
    .attributes = part,
    .timeouts = { 1800, 300, 600, 1800 },
    .gone = no_part,
    .parent_gone = no_widget,
};

const struct resource_table *const toy_tables[] = { &widget_table, &part_table, NULL };
