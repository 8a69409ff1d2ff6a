/* What is taken and what is refused as the value of an attribute, with which words.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "schema/checks.h"
#include "support/test.h"

#define GUID "0a1b2c3d-1111-4222-8333-444455556666"
#define GUID_UPPER "0A1B2C3D-1111-4222-8333-444455556666"
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

/* Each of the texts gets this error; those of IDs are in tests/exchanges/customer_subscription. */
static const struct {
    const struct attribute *attribute;
    const char *words; /* NULL: it is taken */
    const char *texts[20];
} rows[] = {
    { &guid, NULL, { GUID, GUID_UPPER } },
    { &guid,
      "is not a GUID",
      { "", "0a1b2c3d-1111-4222-8333-44445555666",
        "0a1b2c3d-1111-4222-8333-4444555566667", "0a1b2c3g-1111-4222-8333-444455556666",
        "0a1b2c3d-11114-222-8333-444455556666", GUID " " GUID,
        "/subscriptions/" GUID "/resourceGroups/x" } },
    { &guid, "hexadecimal digit", { "0a1b2c3d111142228333444455556666" } },
    { &guid, "\"contoso.onmicrosoft.com\" is not a GUID", { "contoso.onmicrosoft.com" } },
    /* With something around it: corrected. */
    { &guid,
      "has more than the GUID. Write \"" GUID "\".",
      { " " GUID, GUID "\n", "{" GUID "}", "{" GUID_UPPER "}", "\"" GUID "\"",
        "(" GUID ")", "/subscriptions/" GUID, "/SUBSCRIPTIONS/" GUID_UPPER "/",
        "subscriptions/" GUID } },
    { &guid_lower, NULL, { GUID, "00000000-0000-0000-0000-000000000000" } },
    { &guid_lower, "\"" GUID_UPPER "\" has upper-case letters", { GUID_UPPER } },
    { &guid_lower, "\"" GUID "\".", { GUID_UPPER, "{" GUID_UPPER "}" } },
    { &guid_lower, "is not a GUID", { "HUB1" } },
    /* As Go reads it. */
    { &duration, NULL, { "30m", "1h30m", "90s", "1.5h", "500ms" } },
    { &duration,
      "is not a duration",
      { "", "30 m", "5 minutes", "forever", "1d", "PT30M" } },
    { &duration, "\"90s\"", { "30" } },
    { &duration, "Use a number above zero", { "0s", "-5m" } },
    { &endpoint,
      NULL,
      { "https://management.azure.com", "https://management.azure.com/",
        "HTTPS://Management.Azure.com", "https://localhost:8443",
        "https://127.0.0.1:443/", "https://[::1]:8443", "https://a_b.internal",
        "https://host:65535" } },
    { &endpoint,
      "does not begin with https://",
      { "", "management.azure.com", " https://management.azure.com",
        "https:/management.azure.com" } },
    { &endpoint,
      "which is required because credentials are sent to this address",
      { "http://management.azure.com" } },
    { &endpoint,
      "more than a host",
      { "https://", "https:///x", "https://host/path", "https://host//", "https://host?x",
        "https://host#x", "https://user@host", "https://user:word@host",
        "https://host\\@evil", "https://host ", "https://host\n" } },
    { &endpoint,
      "has no valid host",
      { "https://:443", "https://host:", "https://host:0", "https://host:65536",
        "https://host:000443x", "https://host:https", "https://host:1:2", "https://[::1",
        "https://[]", "https://[::1]x", "https://-host", "https://ho\x01st",
        "https://host%2fevil", "https://h\xC3\xB6st", "https://{region}.example.com" } },
    { &not_empty, NULL, { "x", " " } },
    { &not_empty, "The value is empty", { "" } },
};

static void expect(const struct attribute *attribute, const char *text, const char *words)
{
    auto_arena arena = arena_new();
    const char *told = judge(arena, attribute, text);
    if (words == NULL ? *told != '\0' : strstr(told, words) == NULL)
        fail_msg("%s: \"%s\" and not \"%s\"", text, told, words != NULL ? words : "");
}

TEST(a_value_is_accepted_or_gets_its_error)
{
    EACH (row, rows) {
        for (size_t i = 0; row->texts[i] != NULL; i++)
            expect(row->attribute, row->texts[i], row->words);
    }
}

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
        expect(row->attribute, row->good, NULL);
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
