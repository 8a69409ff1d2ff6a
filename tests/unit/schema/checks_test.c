/* What no attribute takes. What each check takes and refuses: tests/exchanges/configure and
 * tests/exchanges/customer_subscription/validate*.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "schema/checks.h"
#include "support/test.h"

#define GUID "0a1b2c3d-1111-4222-8333-444455556666"
#define REGISTRATION                                                                     \
    "/subscriptions/" GUID                                                               \
    "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/hub1"

/* The error for a value of one attribute; "" if it is valid. */
static const char *judge_bytes(struct arena *arena, const struct attribute *attribute,
                               const char *data, size_t length)
{
    const struct attribute rows[] = { *attribute, { 0 } };
    const struct type *type = schema_rows_type(arena, rows);
    const struct value *object =
        value_with(arena, value_object_of_nulls(arena, type), attribute->name,
                   value_string_bytes(arena, data, length));
    struct diags diags;
    diags_init(&diags, arena);
    schema_validate(arena, rows, object, PATH_NONE, &diags);
    if (diags.first == NULL)
        return "";
    assert_int_equal(diags.error_count, 1);
    assert_int_equal(diags.first->severity, SEVERITY_ERROR);
    assert_string_equal(diags.first->summary,
                        arena_print(arena, "Invalid %s", attribute->name));
    assert_string_equal(path_format(arena, diags.first->path), attribute->name);
    return diags.first->detail;
}

static const char *judge(struct arena *arena, const struct attribute *attribute,
                         const char *text)
{
    return judge_bytes(arena, attribute, text, strlen(text));
}

#define CHECKED(name, ...)                                                               \
    static const struct attribute name = { "a", &type_string, OPTIONAL, __VA_ARGS__ }
CHECKED(guid, .check = check_guid);
CHECKED(guid_lower, .check = check_guid_lower);
CHECKED(duration, .check = check_duration);
CHECKED(endpoint, .check = check_https_endpoint);
CHECKED(not_empty, .check = check_not_empty);
CHECKED(registration, .id_type = "Microsoft.AzureStack/registrations");
CHECKED(one_of, .one_of = ONE_OF("public"));
CHECKED(free_text, .doc = NULL);

TEST(a_nul_inside_is_refused_whatever_the_check)
{
    static const struct {
        const struct attribute *attribute;
        const char *good;
    } cases[] = {
        { &guid, GUID },       { &guid_lower, GUID },
        { &duration, "30m" },  { &endpoint, "https://h" },
        { &not_empty, "x" },   { &registration, REGISTRATION },
        { &one_of, "public" }, { &free_text, "x" },
    };
    EACH (row, cases) {
        auto_arena arena = arena_new();
        size_t length = strlen(row->good);
        assert_string_equal(judge(arena, row->attribute, row->good), "");
        char *bytes = arena_take(arena, length + 3);
        memcpy(bytes, row->good, length);
        memcpy(bytes + length, "\0x", 3);
        for (size_t more = 1; more <= 2; more++)
            assert_has(judge_bytes(arena, row->attribute, bytes, length + more),
                       "U+0000");
    }
}

TEST(a_huge_value_does_not_bury_the_sentence)
{
    static const struct attribute *const attributes[] = { &guid_lower, &duration,
                                                          &endpoint, &registration,
                                                          &one_of };
    auto_arena arena = arena_new();
    auto_char huge = memory_new(100 * 1000 + 1);
    memset(huge, 'x', 100 * 1000);
    huge[0] = '\x1B';
    EACH (attribute, attributes) {
        const char *told = judge(arena, *attribute, huge);
        assert_true(*told != '\0' && strlen(told) < 800);
        assert_null(strchr(told, '\x1B'));
    }
}
