/* Validation walks the rows: which paths it names, what it leaves alone.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/schema.h"
#include "support/test.h"

static const struct attribute inner[] = {
    { "guid", &type_string, OPTIONAL, .check = check_guid },
    { "note", &type_string, OPTIONAL, .doc = NULL },
    { 0 },
};

static const struct attribute rows[] = {
    { "one", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .rows = inner },
    { "list", NULL, OPTIONAL, .nesting = NESTING_LIST, .rows = inner },
    { "set", NULL, OPTIONAL, .nesting = NESTING_SET, .rows = inner },
    { "map", NULL, OPTIONAL, .nesting = NESTING_MAP, .rows = inner },
    { "cloud", &type_string, OPTIONAL, .one_of = ONE_OF("public", "china", "custom"),
      .compare = COMPARE_IGNORING_CASE },
    { "mode", &type_string, OPTIONAL, .one_of = ONE_OF("a", "b") },
    { "flag", &type_bool, OPTIONAL, .doc = NULL },
    { 0 },
};

static const struct value *make_inner(struct arena *arena, const char *guid)
{
    const struct type *type = schema_rows_type(arena, inner);
    return value_with(arena, value_object_of_nulls(arena, type), "guid",
                      value_string(arena, guid));
}

static void validate(struct arena *arena, struct diags *diags, const char *name,
                     const struct value *value)
{
    const struct type *type = schema_rows_type(arena, rows);
    diags_init(diags, arena);
    schema_validate(arena, rows,
                    value_with(arena, value_object_of_nulls(arena, type), name, value),
                    PATH_NONE, diags);
}

/* The paths of the errors, a comma behind each. */
static const char *paths_of(struct arena *arena, const char *name,
                            const struct value *value)
{
    struct diags diags;
    validate(arena, &diags, name, value);
    const char *paths = "";
    for (const struct diagnostic *diag = diags.first; diag != NULL; diag = diag->next)
        paths = arena_print(arena, "%s%s,", paths, path_format(arena, diag->path));
    return paths;
}

static const struct value *make_many(struct arena *arena, enum type_kind kind,
                                     const char *first, const char *second)
{
    const struct value *items[] = { make_inner(arena, first), make_inner(arena, second) };
    const struct value **copy = arena_copy(arena, items, sizeof items);
    const struct type *type =
        type_collection(arena, kind, schema_rows_type(arena, inner));
    static const char *const keys[] = { "k.1", "k2" };
    return kind == TYPE_MAP ? value_map(arena, type, keys, copy, 2)
                            : value_many(arena, type, copy, 2);
}

TEST(nested_values_have_their_own_paths)
{
    auto_arena arena = arena_new();
    const char *good = "0a1b2c3d-1111-4222-8333-444455556666";
    assert_string_equal(paths_of(arena, "one", make_inner(arena, "x")), "one.guid,");
    assert_string_equal(paths_of(arena, "one", make_inner(arena, good)), "");
    assert_string_equal(paths_of(arena, "list", make_many(arena, TYPE_LIST, good, "x")),
                        "list[1].guid,");
    assert_string_equal(paths_of(arena, "list", make_many(arena, TYPE_LIST, "y", "x")),
                        "list[0].guid,list[1].guid,");
    assert_string_equal(paths_of(arena, "map", make_many(arena, TYPE_MAP, "x", good)),
                        "map[\"k.1\"].guid,");
    /* An element of a set has no address. */
    assert_string_equal(paths_of(arena, "set", make_many(arena, TYPE_SET, good, "x")),
                        "set.guid,");
}

TEST(what_is_null_or_unknown_is_left_alone)
{
    auto_arena arena = arena_new();
    const struct type *element = schema_rows_type(arena, inner);
    const struct type *list = type_collection(arena, TYPE_LIST, element);
    assert_string_equal(paths_of(arena, "list", value_null(arena, list)), "");
    assert_string_equal(paths_of(arena, "list", value_unknown(arena, list)), "");
    assert_string_equal(paths_of(arena, "one", value_unknown(arena, element)), "");
    const struct value *items[] = {
        value_null(arena, element), value_unknown(arena, element),
        value_with(arena, value_object_of_nulls(arena, element), "guid",
                   value_unknown(arena, &type_string)),
        make_inner(arena, "x")
    };
    assert_string_equal(paths_of(arena, "list", value_many(arena, list, items, 4)),
                        "list[3].guid,");
    assert_string_equal(paths_of(arena, "mode", value_unknown(arena, &type_string)), "");
    assert_string_equal(paths_of(arena, "flag", value_bool(arena, true)), "");

    struct diags diags;
    diags_init(&diags, arena);
    const struct type *type = schema_rows_type(arena, rows);
    schema_validate(arena, rows, value_null(arena, type), PATH_NONE, &diags);
    schema_validate(arena, rows, value_unknown(arena, type), PATH_NONE, &diags);
    assert_null(diags.first);
}

TEST(one_of_lists_what_there_is)
{
#define CLOUDS "Possible values are \"public\", \"china\" and \"custom\"."
    static const struct {
        const char *name, *text, *told; /* NULL: nothing */
    } cases[] = {
        { "cloud", "public" },
        { "cloud", "China" },
        { "cloud", "german", "\"german\" is not one of its values. " CLOUDS },
        { "cloud", "publi", "\"publi\" is not one of its values. " CLOUDS },
        { "mode", "b" },
        { "mode", "B",
          "\"B\" is not one of its values. Possible values are \"a\" and \"b\"." },
        { "mode", "",
          "\"\" is not one of its values. Possible values are \"a\" and \"b\"." },
    };
    EACH (row, cases) {
        auto_arena arena = arena_new();
        struct diags diags;
        validate(arena, &diags, row->name, value_string(arena, row->text));
        assert_same_text(diags.first != NULL ? diags.first->detail : NULL, row->told);
    }
}

TEST(a_path_goes_on_from_its_parent)
{
    auto_arena arena = arena_new();
    struct diags diags;
    diags_init(&diags, arena);
    schema_validate(arena, inner, make_inner(arena, "x"),
                    path_attribute(arena, PATH_NONE, "timeouts"), &diags);
    assert_string_equal(path_format(arena, diags.first->path), "timeouts.guid");
}

TEST(timeouts_offer_the_operations_that_have_a_time)
{
    auto_arena arena = arena_new();
    static const struct attribute none[] = { { 0 } };
    const struct resource_table table = {
        .noun = "big thing",
        .attributes = none,
        .timeouts = { .create_s = 30 * 60, .read_s = 5 * 60, .delete_s = 3600 },
    };
    const struct attribute *row = schema_timeouts_rows(arena, &table);
    static const char *const names[] = { "create", "delete", "read" };
    static const char *const docs[] = {
        "(Defaults to 30 minutes) Used when creating the big thing.",
        "(Defaults to 60 minutes) Used when deleting the big thing.",
        "(Defaults to 5 minutes) Used when retrieving the big thing.",
    };
    for (size_t i = 0; i < 3; i++, row++) {
        assert_string_equal(row->name, names[i]);
        assert_string_equal(row->doc, docs[i]);
        assert_int_equal(row->flags, OPTIONAL);
        assert_ptr_equal(row->type, &type_string);
        assert_true(row->check == check_duration);
    }
    assert_null(row->name);
    assert_string_equal(
        (const char *)type_format_json(arena, schema_resource_type(arena, &table)).data,
        "[\"object\",{\"timeouts\":[\"object\",{\"create\":\"string\",\"delete\":"
        "\"string\",\"read\":\"string\"}]}]");
}

TEST(a_type_is_made_of_the_rows)
{
    auto_arena arena = arena_new();
    const char *object = "[\"object\",{\"guid\":\"string\",\"note\":\"string\"}]";
    assert_string_equal(
        (const char *)type_format_json(arena, schema_rows_type(arena, rows)).data,
        arena_print(arena,
                    "[\"object\",{\"cloud\":\"string\",\"flag\":\"bool\",\"list\":"
                    "[\"list\",%s],\"map\":[\"map\",%s],\"mode\":\"string\",\"one\":%s,"
                    "\"set\":[\"set\",%s]}]",
                    object, object, object, object));
}

TEST(rows_are_found_by_their_whole_name)
{
    assert_ptr_equal(schema_find(rows, "mode"), &rows[5]);
    assert_null(schema_find(rows, "mod"));
    assert_null(schema_find(rows, "modes"));
    assert_null(schema_find(rows, "MODE"));
    assert_int_equal(schema_count(rows), 7);
}
