/* What is taken and what is refused as the value of an attribute, with which words.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "schema/checks.h"
#include "support/test.h"

#define GUID "0a1b2c3d-1111-4222-8333-444455556666"
#define GUID_UPPER "0A1B2C3D-1111-4222-8333-444455556666"
#define GROUP "/subscriptions/" GUID "/resourceGroups/azurestack"
#define REGISTRATION GROUP "/providers/Microsoft.AzureStack/registrations/hub1"

/* What a value of one attribute is told; "" if it is taken. */
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

struct judged {
    const char *text, *words; /* NULL: it is taken */
};

static void judge_all(const struct attribute *attribute, const struct judged *cases,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_arena arena = arena_new();
        const char *told = judge(arena, attribute, cases[i].text);
        if (cases[i].words == NULL ? *told != '\0' : strstr(told, cases[i].words) == NULL)
            fail_msg("%s: \"%s\" and not \"%s\"", cases[i].text, told,
                     cases[i].words != NULL ? cases[i].words : "");
    }
}
#define JUDGE_ALL(attribute, cases)                                                      \
    judge_all(&(attribute), cases, sizeof(cases) / sizeof *(cases))

TEST(guid_has_36_characters_in_five_groups)
{
    static const struct attribute attribute = { "a", &type_string, OPTIONAL,
                                                .check = check_guid };
    static const struct judged cases[] = {
        { GUID, NULL },
        { GUID_UPPER, NULL },
        { "", "is not a GUID" },
        { "0a1b2c3d111142228333444455556666", "8, 4, 4, 4 and 12" },
        { "0a1b2c3d-1111-4222-8333-44445555666", "is not a GUID" },
        { "0a1b2c3d-1111-4222-8333-4444555566667", "is not a GUID" },
        { "0a1b2c3g-1111-4222-8333-444455556666", "is not a GUID" },
        { "0a1b2c3d-11114-222-8333-444455556666", "is not a GUID" },
        { "contoso.onmicrosoft.com", "\"contoso.onmicrosoft.com\" is not a GUID" },
        { GUID " " GUID, "is not a GUID" },
        { "/subscriptions/" GUID "/resourceGroups/x", "is not a GUID" },
    };
    JUDGE_ALL(attribute, cases);
}

TEST(guid_with_something_around_it_is_corrected)
{
    static const struct attribute attribute = { "a", &type_string, OPTIONAL,
                                                .check = check_guid };
    static const char want[] = "is more than the GUID alone. Write \"" GUID "\".";
    static const struct judged cases[] = {
        { " " GUID, want },
        { GUID "\n", want },
        { "{" GUID "}", want },
        { "{" GUID_UPPER "}", want },
        { "\"" GUID "\"", want },
        { "(" GUID ")", want },
        { "/subscriptions/" GUID, want },
        { "/SUBSCRIPTIONS/" GUID_UPPER "/", want },
        { "subscriptions/" GUID, want },
    };
    JUDGE_ALL(attribute, cases);
}

TEST(guid_lower_refuses_capitals_and_writes_the_right_one)
{
    static const struct attribute attribute = { "a", &type_string, OPTIONAL,
                                                .check = check_guid_lower };
    static const struct judged cases[] = {
        { GUID, NULL },
        { "00000000-0000-0000-0000-000000000000", NULL },
        { GUID_UPPER, "\"" GUID_UPPER "\" has capital letters" },
        { GUID_UPPER, "Write \"" GUID "\"." },
        { "{" GUID_UPPER "}", "Write \"" GUID "\"." },
        { "HUB1", "is not a GUID" },
    };
    JUDGE_ALL(attribute, cases);
}

TEST(a_duration_is_what_go_reads)
{
    static const struct attribute attribute = { "create", &type_string, OPTIONAL,
                                                .check = check_duration };
    static const struct judged cases[] = {
        { "30m", NULL },
        { "1h30m", NULL },
        { "90s", NULL },
        { "1.5h", NULL },
        { "500ms", NULL },
        { "", "is not a duration" },
        { "30", "\"90s\"" },
        { "30 m", "is not a duration" },
        { "-5m", "zero" },
        { "0s", "it must be more than zero" },
        { "5 minutes", "is not a duration" },
        { "forever", "is not a duration" },
        { "1d", "duration" },
        { "PT30M", "is not a duration" },
    };
    JUDGE_ALL(attribute, cases);
}

TEST(an_endpoint_is_https_and_a_host)
{
    static const struct attribute attribute = { "resource_manager_endpoint", &type_string,
                                                OPTIONAL, .check = check_https_endpoint };
    static const struct judged cases[] = {
        { "https://management.azure.com", NULL },
        { "https://management.azure.com/", NULL },
        { "HTTPS://Management.Azure.com", NULL },
        { "https://localhost:8443", NULL },
        { "https://127.0.0.1:443/", NULL },
        { "https://[::1]:8443", NULL },
        { "https://a_b.internal", NULL },
        { "", "does not begin with https://" },
        { "management.azure.com", "does not begin with https://" },
        { "http://management.azure.com", "Credentials are sent there" },
        { " https://management.azure.com", "does not begin with https://" },
        { "https:/management.azure.com", "does not begin with https://" },
        { "https://", "more than a host" },
        { "https:///x", "more than a host" },
        { "https://host/path", "more than a host" },
        { "https://host//", "more than a host" },
        { "https://host?x", "more than a host" },
        { "https://host#x", "more than a host" },
        { "https://user@host", "more than a host" },
        { "https://user:word@host", "more than a host" },
        { "https://host\\@evil", "more than a host" },
        { "https://host ", "more than a host" },
        { "https://host\n", "more than a host" },
        { "https://:443", "names no host" },
        { "https://host:", "names no host" },
        { "https://host:0", "names no host" },
        { "https://host:65536", "names no host" },
        { "https://host:000443x", "names no host" },
        { "https://host:https", "names no host" },
        { "https://host:1:2", "names no host" },
        { "https://[::1", "names no host" },
        { "https://[]", "names no host" },
        { "https://[::1]x", "names no host" },
        { "https://-host", "names no host" },
        { "https://ho\x01st", "names no host" },
        { "https://host%2fevil", "names no host" },
        { "https://h\xC3\xB6st", "names no host" },
        { "https://{region}.example.com", "names no host" },
    };
    JUDGE_ALL(attribute, cases);
    auto_arena arena = arena_new();
    assert_string_equal(judge(arena, &attribute, "https://host:65535"), "");
}

TEST(an_empty_text_can_be_refused)
{
    static const struct attribute attribute = { "client_id", &type_string, OPTIONAL,
                                                .check = check_not_empty };
    static const struct judged cases[] = { { "x", NULL },
                                           { " ", NULL },
                                           { "", "It is empty" } };
    JUDGE_ALL(attribute, cases);
}

TEST(an_id_is_of_its_type_or_described)
{
    static const struct attribute attribute = {
        "registration_id", &type_string, REQUIRED,
        .id_type = "Microsoft.AzureStack/registrations"
    };
    static const struct judged cases[] = {
        { REGISTRATION, NULL },
        { "/SUBSCRIPTIONS/" GUID_UPPER
          "/resourcegroups/g/PROVIDERS/microsoft.azurestack/REGISTRATIONS/Hub 1",
          NULL },
        { "",
          "\"\" is not a resource id: it is empty. It has the form \"/subscriptions/" },
        { "hub1", "\"hub1\" is not a resource id" },
        { GROUP "/providers/Microsoft.AzureStack/registrations/..", "is no name" },
        { "/subscriptions/" GUID,
          "This is the id of a subscription. An id of type "
          "Microsoft.AzureStack/registrations is expected here: \"/subscriptions/" GUID
          "/resourceGroups/{resource group}/providers/Microsoft.AzureStack/"
          "registrations/{name}\"." },
        { GROUP, "This is the id of a resource group." },
        { GROUP, "\"" GROUP "/providers/Microsoft.AzureStack/registrations/{name}\"" },
        { GROUP "/providers/Microsoft.AzureStack/registration/hub1",
          "an object of type Microsoft.AzureStack/registration. An id of type "
          "Microsoft.AzureStack/registrations is expected" },
        { GROUP "/providers/Microsoft.AzureStack/registrationsX/hub1",
          "an object of type Microsoft.AzureStack/registrationsX" },
        { REGISTRATION "/customerSubscriptions/" GUID,
          "This is the id of a customer subscription. Write the id of what it belongs to: "
          "\"" REGISTRATION "\"." },
        { REGISTRATION "/a/1/b/2",
          "Write the id of what it belongs to: \"" REGISTRATION "\"." },
        { &REGISTRATION[1], "Write \"" REGISTRATION "\"." },
        { REGISTRATION "/", "Write \"" REGISTRATION "\"." },
        { "/subscriptions/contoso/resourceGroups/g/providers/Microsoft.AzureStack/"
          "registrations/hub1",
          "\"contoso\" stands where the id of the subscription belongs, and is not a GUID" },
    };
    JUDGE_ALL(attribute, cases);
}

TEST(an_id_names_a_resource_group_that_can_be_one)
{
    static const struct attribute attribute = {
        "registration_id", &type_string, REQUIRED,
        .id_type = "Microsoft.AzureStack/registrations"
    };
    char longest[91], too_long[92], umlauts[181];
    memset(longest, 'g', 90), longest[90] = '\0';
    memset(too_long, 'g', 91), too_long[91] = '\0';
    for (size_t i = 0; i < 90; i++)
        memcpy(&umlauts[2 * i], "\xC3\xBC", 3);
    const struct judged groups[] = {
        { longest, NULL },
        { umlauts, NULL }, /* characters are counted, not bytes */
        { "a.b", NULL },
        { "(a)_-1", NULL },
        { "\xE8\xB3\x87\xE6\xBA\x90", NULL },
        { too_long, "is longer than 90 characters" },
        { "azurestack.", "ends with a full stop" },
        { "azure stack", "\"azure stack\", has a character that is not a letter" },
        { "a+b", "is not a letter" },
        { "a:b", "is not a letter" },
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        auto_arena arena = arena_new();
        const struct judged one = {
            arena_print(arena,
                        "/subscriptions/" GUID "/resourceGroups/%s/providers/"
                        "Microsoft.AzureStack/registrations/hub1",
                        groups[i].text),
            groups[i].words,
        };
        judge_all(&attribute, &one, 1);
    }
}

TEST(a_nul_inside_is_refused_whatever_the_check)
{
    const struct {
        struct attribute attribute;
        const char *good;
    } cases[] = {
        { { "a", &type_string, OPTIONAL, .check = check_guid }, GUID },
        { { "a", &type_string, OPTIONAL, .check = check_guid_lower }, GUID },
        { { "a", &type_string, OPTIONAL, .check = check_duration }, "30m" },
        { { "a", &type_string, OPTIONAL, .check = check_https_endpoint }, "https://h" },
        { { "a", &type_string, OPTIONAL, .check = check_not_empty }, "x" },
        { { "a", &type_string, OPTIONAL,
            .id_type = "Microsoft.AzureStack/registrations" },
          REGISTRATION },
        { { "a", &type_string, OPTIONAL, .one_of = ONE_OF("public") }, "public" },
        { { .name = "a", .type = &type_string }, "x" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        auto_arena arena = arena_new();
        size_t length = strlen(cases[i].good);
        assert_string_equal(judge(arena, &cases[i].attribute, cases[i].good), "");
        char *bytes = arena_take(arena, length + 3);
        memcpy(bytes, cases[i].good, length);
        memcpy(bytes + length, "\0x", 3);
        const char *told = judge_bytes(arena, &cases[i].attribute, bytes, length + 2);
        assert_has(told, "U+0000");
        told = judge_bytes(arena, &cases[i].attribute, bytes, length + 1);
        assert_has(told, "U+0000");
    }
}

TEST(a_huge_value_does_not_bury_the_sentence)
{
    const struct attribute rows[] = {
        { "a", &type_string, OPTIONAL, .check = check_guid_lower },
        { "b", &type_string, OPTIONAL, .check = check_duration },
        { "c", &type_string, OPTIONAL, .check = check_https_endpoint },
        { "d", &type_string, OPTIONAL, .id_type = "Microsoft.AzureStack/registrations" },
        { "e", &type_string, OPTIONAL, .one_of = ONE_OF("public") },
    };
    auto_arena arena = arena_new();
    auto_char huge = memory_new(100 * 1000 + 1);
    memset(huge, 'x', 100 * 1000);
    huge[0] = '\x1B';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *told = judge(arena, &rows[i], huge);
        assert_true(*told != '\0' && strlen(told) < 800);
        assert_null(strchr(told, '\x1B'));
    }
}
