/* Validation walks the rows: which paths it names, what it leaves alone.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/schema.h"
#include "support/value_of.h"

static const struct attribute inner[] = {
    { "guid", &type_string, REQUIRED, .check = check_guid },
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

/* An object as value_of() reads it. */
static void validate(struct arena *arena, struct diags *diags, const char *object)
{
    diags_init(diags, arena);
    schema_validate(arena, rows, value_of(arena, schema_rows_type(arena, rows), object),
                    PATH_NONE, diags);
}

#define GOOD "{'guid':'0a1b2c3d-1111-4222-8333-444455556666'}"
#define BAD "{'guid':'x'}"
#define UNKNOWN "'" ENGINE_JSON_UNKNOWN "'"

TEST(nested_values_have_their_own_paths)
{
    static const char *const cases[][2] = {
        { "{'one':" BAD "}", "one.guid," },
        { "{'one':" GOOD "}", "" },
        { "{'list':[" GOOD "," BAD "]}", "list[1].guid," },
        { "{'list':[" BAD "," BAD "]}", "list[0].guid,list[1].guid," },
        { "{'map':{'k.1':" BAD ",'k2':" GOOD "}}", "map[\"k.1\"].guid," },
        /* An element of a set has no address. */
        { "{'set':[" GOOD "," BAD "]}", "set.guid," },
        { "{'list':[{'note':'x'}," GOOD "],'one':{}}", "one.guid,list[0].guid," },
        /* What is null or unknown is left alone. */
        { "{'list':null}", "" },
        { "{'list':" UNKNOWN "}", "" },
        { "{'one':" UNKNOWN "}", "" },
        { "{'list':[null," UNKNOWN ",{'guid':" UNKNOWN "}," BAD "]}", "list[3].guid," },
        { "{'mode':" UNKNOWN "}", "" },
        { "{'flag':true}", "" },
        { "null", "" },
        { UNKNOWN, "" },
    };
    EACH (row, cases) {
        auto_arena arena = arena_new();
        struct diags diags;
        validate(arena, &diags, (*row)[0]);
        const char *paths = "";
        for (const struct diagnostic *one = diags.first; one != NULL; one = one->next)
            paths = arena_print(arena, "%s%s,", paths, path_format(arena, one->path));
        assert_string_equal(paths, (*row)[1]);
    }
}

TEST(an_argument_that_is_required_is_missed)
{
    static const char *const cases[][2] = { { "{'note':'x'}", "guid," },
                                            { GOOD, "" },
                                            { "{'guid':" UNKNOWN "}", "" },
                                            { "null", "" } };
    EACH (row, cases) {
        auto_arena arena = arena_new();
        struct diags diags;
        diags_init(&diags, arena);
        schema_check_required(inner,
                              value_of(arena, schema_rows_type(arena, inner), (*row)[0]),
                              PATH_NONE, &diags);
        const char *path =
            diags.first == NULL ? "" : path_format(arena, diags.first->path);
        assert_string_equal(arena_print(arena, "%s%s", path, *path == '\0' ? "" : ","),
                            (*row)[1]);
    }
}

TEST(one_of_lists_what_there_is)
{
#define CLOUDS "Possible values are \"public\", \"china\" and \"custom\"."
    static const struct {
        const char *object, *told; /* NULL: nothing */
    } cases[] = {
        { "{'cloud':'public'}" },
        { "{'cloud':'China'}" },
        { "{'cloud':'german'}", "\"german\" is not supported. " CLOUDS },
        { "{'cloud':'publi'}", "\"publi\" is not supported. " CLOUDS },
        { "{'mode':'b'}" },
        { "{'mode':'B'}",
          "\"B\" is not supported. Possible values are \"a\" and \"b\"." },
        { "{'mode':''}", "\"\" is not supported. Possible values are \"a\" and \"b\"." },
    };
    EACH (row, cases) {
        auto_arena arena = arena_new();
        struct diags diags;
        validate(arena, &diags, row->object);
        assert_same_text(diags.first != NULL ? diags.first->detail : NULL, row->told);
    }
}

TEST(a_path_goes_on_from_its_parent)
{
    auto_arena arena = arena_new();
    struct diags diags;
    diags_init(&diags, arena);
    schema_validate(arena, inner, value_of(arena, schema_rows_type(arena, inner), BAD),
                    path_attribute(arena, PATH_NONE, "timeouts"), &diags);
    assert_string_equal(path_format(arena, diags.first->path), "timeouts.guid");
}

TEST(rows_are_found_by_their_whole_name)
{
    assert_ptr_equal(schema_find(rows, "mode"), &rows[5]);
    assert_null(schema_find(rows, "mod"));
    assert_null(schema_find(rows, "modes"));
    assert_null(schema_find(rows, "MODE"));
    assert_int_equal(schema_count(rows), 7);
}
