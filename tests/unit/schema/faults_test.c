/* A row or a text of a table that cannot be relied on is found.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/schema/faults.h"

static const struct attribute inner[] = { { "x", &type_string, OPTIONAL, .doc = "Doc." },
                                          { 0 } };
#define TEXT "x", &type_string
#define MADE TEXT, OPTIONAL | COMPUTED | REPLACE, "Doc.", .made_from =
/* A secret, and its version. */
#define SECRET TEXT, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s", .version = "v"
static const struct attribute version = { "v", &type_number, OPTIONAL, .doc = "Doc." };
static const struct attribute replacing = { "v", &type_number, OPTIONAL | REPLACE,
                                            .doc = "Doc." };
static const struct attribute computed = { "v", &type_number, OPTIONAL | COMPUTED,
                                           .doc = "Doc." };
static const struct attribute in_body = { "v", &type_number, OPTIONAL, "Doc.",
                                          .body = "v" };

static const char *const missing[] = { "y", NULL };
static const struct {
    const char *fault; /* NULL: it is good */
    struct attribute row;
    const struct attribute *version; /* NULL: there is no update, and no such row */
} rows[] = {
    { "name", { "X", &type_string, OPTIONAL, .doc = "Doc." } },
    { "no doc", { TEXT, OPTIONAL, .doc = NULL } },
    { "full stop", { TEXT, OPTIONAL, .doc = "Doc" } },
    { "type or rows", { "x", NULL, OPTIONAL, .doc = "Doc." } },
    { "type or rows", { TEXT, OPTIONAL, "Doc.", .rows = inner } },
    { "belong together", { "x", NULL, OPTIONAL, "Doc.", .rows = inner } },
    { "a block is single",
      { "x", NULL, OPTIONAL, "Doc.", .rows = inner, .nesting = NESTING_LIST,
        .is_block = true } },
    { "neither", { TEXT, REPLACE, .doc = "Doc." } },
    { "at once", { TEXT, REQUIRED | OPTIONAL, .doc = "Doc." } },
    { "at once", { TEXT, REQUIRED | COMPUTED, .doc = "Doc." } },
    { "alone", { TEXT, OPTIONAL | COMPUTED | IS_ID, .doc = "Doc." } },
    { "from nothing", { TEXT, COMPUTED, .doc = "Doc." } },
    { "would be invisible", { TEXT, OPTIONAL, .doc = "Doc." } },
    { "none of its values", { "x", &type_bool, OPTIONAL, "Doc.", .default_value = "y" } },
    { "texts", { "x", &type_bool, OPTIONAL, "Doc.", .check = check_guid } },
    { "required", { TEXT, REQUIRED, "Doc.", .default_value = "y" } },
    { "refuses", { TEXT, OPTIONAL, "Doc.", .default_value = "y" } },
    { "row by row",
      { "x", NULL, OPTIONAL, "Doc.", .rows = inner, .nesting = NESTING_LIST,
        .check = check_guid } },
    { "no update", { TEXT, OPTIONAL, "Doc.", .body = "properties.x" } },
    { "no form", { "x", &type_dynamic, OPTIONAL | REPLACE, "Doc.", .body = "x" } },
    { "no path", { TEXT, OPTIONAL | REPLACE, "Doc.", .body = "properties..x" } },
    { "not configurable", { TEXT, COMPUTED | REPLACE, "Doc.", .body = "x" } },
    { "never returned",
      { TEXT, OPTIONAL | REPLACE | NEVER_RETURNED, "Doc.", .body = "x" } },
    { "changes with", { TEXT, COMPUTED, "Doc.", .body = "x", .changes_with = missing } },
    /* A write-only row that would leak, or never be sent. */
    { NULL, { SECRET }, &version },
    { NULL, { SECRET, .check = check_not_empty }, &version },
    { NULL, { SECRET }, &replacing },
    { "belong together", { TEXT, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s" }, &version },
    { "belong together",
      { TEXT, OPTIONAL, "Doc.", .body = "s", .version = "v" },
      &version },
    { "its version",
      { TEXT, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s", .version = "w" },
      &version },
    { "its version", { SECRET }, &computed },
    { "its version", { SECRET }, &in_body },
    { "would show", { SECRET, .check = check_guid }, &version },
    { "would show", { SECRET, .one_of = ONE_OF("x") }, &version },
    { "would show", { SECRET, .default_value = "x" }, &version },
    { "a text",
      { "x", &type_bool, OPTIONAL | WRITE_ONLY, "Doc.", .body = "s", .version = "v" },
      &version },
    { "a text", { TEXT, OPTIONAL | WRITE_ONLY, "Doc.", .version = "v" }, &version },
    { "nothing else",
      { TEXT, OPTIONAL | COMPUTED | WRITE_ONLY, "Doc.", .body = "s", .version = "v" },
      &version },
    { "nothing else",
      { TEXT, REQUIRED | REPLACE | WRITE_ONLY, "Doc.", .body = "s", .version = "v" },
      &version },
    /* One that could not be made. */
    { NULL, { MADE NAMES("a") } },
    { "may be given", { TEXT, COMPUTED, "Doc.", .made_from = NAMES("a") } },
    { "may be given",
      { "x", &type_number, OPTIONAL | COMPUTED | REPLACE, "Doc.",
        .made_from = NAMES("a") } },
    { "of nothing", { MADE(const char *const[]){ NULL } } },
    { "no text", { MADE NAMES("n") } },
    { "no text", { MADE NAMES("c") } },
    { "no text", { MADE NAMES("none") } },
    /* Whose tokens requests take. */
    { NULL, { TEXT, OPTIONAL | SIGN_IN_TO, "Doc." } },
    { "an optional text", { TEXT, REQUIRED | SIGN_IN_TO, "Doc." } },
    { "an optional text", { "x", &type_bool, OPTIONAL | SIGN_IN_TO, "Doc." } },
    /* One that could not be looked up. */
    { "may be given", { TEXT, REQUIRED, "Doc.", .default_from = "x" } },
    { "may be given",
      { TEXT, OPTIONAL, "Doc.", .directory_of = "a", .default_value = "x" } },
    { "not before it", { TEXT, OPTIONAL | COMPUTED, "Doc.", .default_from = "{a}" } },
    { "not before it", { TEXT, OPTIONAL | COMPUTED, "Doc.", .directory_of = "none" } },
};

TEST(an_incomplete_row_is_found)
{
    EACH (one, rows) {
        const struct attribute top[] = {
            one->row,
            { "a", &type_string, REQUIRED | REPLACE, .doc = "Doc." },
            { "n", &type_number, REQUIRED | REPLACE, .doc = "Doc." },
            { "c", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
            one->version != NULL ? *one->version : (struct attribute){ 0 },
            { 0 },
        };
        const char *fault = fault_of_row(&top[0], top, false, one->version != NULL);
        if ((fault == NULL) != (one->fault == NULL) ||
            (fault != NULL && strstr(fault, one->fault) == NULL))
            fail_msg("row %zu: %s", (size_t)(one - rows), fault);
        if (fault != NULL || one->version == NULL)
            continue;
        assert_null(fault_of_row(&top[4], top, false, true));
        /* In the provider block, or in a nested attribute. */
        assert_non_null(write_only_fault(&top[0], top, true, false));
        assert_non_null(write_only_fault(&top[0], &top[1], true, true));
        /* Without an update only a version that makes a new object sends it. */
        assert_int_equal(write_only_fault(&top[0], top, false, true) == NULL,
                         (one->version->flags & REPLACE) != 0);
    }
}

TEST(a_text_with_forbidden_characters_is_found)
{
    static const struct remedy wrong[] = {
        { "A", NULL, "Do." },    { "A", "it is", NULL },  { "A", "it is.", "Do." },
        { "A", "It is", "Do." }, { "A", "it is", "do." }, { "A", "it is", "Do {that}." },
        { "A", "", "Do." },      { "A", "it is", "" },
    };
    static const struct remedy good = { "A", "it is", "Do {noun} \"{parent.name}\"." };
    EACH (remedy, wrong)
        assert_non_null(fault_of_remedy(remedy));
    assert_null(fault_of_remedy(&good));
    assert_true(has_known_places(NULL));
}
