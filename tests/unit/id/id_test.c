/* ARM ids: what is one, what is none, and how they are spelled and told apart.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "id/id.h"
#include "support/test.h"

#define SUBSCRIPTION "0a1b2c3d-1111-4222-8333-444455556666"
#define GROUP "/subscriptions/" SUBSCRIPTION "/resourceGroups/azurestack"
#define REGISTRATION GROUP "/providers/Microsoft.AzureStack/registrations/hub1"
#define MAPPING REGISTRATION "/customerSubscriptions/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"

static const char registrations[] = "Microsoft.AzureStack/registrations";
static const char mappings[] = "Microsoft.AzureStack/registrations/customerSubscriptions";

static struct id parse(struct arena *arena, const char *text)
{
    struct id id;
    struct error err = NO_ERROR;
    if (id_parse(arena, text, &id, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(err.kind, ERR_NONE);
    return id;
}

TEST(id_parse_gives_each_part)
{
    auto_arena arena = arena_new();
    struct id id = parse(arena, MAPPING);
    assert_string_equal(id.subscription, SUBSCRIPTION);
    assert_string_equal(id.resource_group, "azurestack");
    assert_string_equal(id.namespace, "Microsoft.AzureStack");
    assert_int_equal(id.level_count, 2);
    assert_string_equal(id.levels[0].type, "registrations");
    assert_string_equal(id.levels[0].name, "hub1");
    assert_string_equal(id.levels[1].type, "customerSubscriptions");
    assert_string_equal(id.levels[1].name, "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10");

    struct id group = parse(arena, GROUP);
    assert_string_equal(group.resource_group, "azurestack");
    assert_null(group.namespace);
    assert_int_equal(group.level_count, 0);
    struct id subscription = parse(arena, "/subscriptions/" SUBSCRIPTION);
    assert_string_equal(subscription.subscription, SUBSCRIPTION);
    assert_null(subscription.resource_group);
}

TEST(id_parse_takes_a_missing_first_slash_and_one_at_the_end)
{
    auto_arena arena = arena_new();
    struct id id = parse(arena, MAPPING);
    struct id bare = parse(arena, &MAPPING[1]);
    struct id ended = parse(arena, MAPPING "/");
    assert_true(id_equal(&id, &bare));
    assert_true(id_equal(&id, &ended));
    assert_string_equal(id_format(arena, &bare, NULL), MAPPING);
    assert_string_equal(id_format(arena, &ended, NULL), MAPPING);
    struct id group = parse(arena, GROUP "/");
    assert_string_equal(id_format(arena, &group, NULL), GROUP);
}

TEST(an_id_at_the_root_is_in_no_subscription)
{
#define SCOPE                                                                              \
    "/providers/Microsoft.Billing/billingAccounts/"                                        \
    "99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31" \
    "/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd"
    static const char type[] = "/Microsoft.Billing/billingAccounts/customers";
    auto_arena arena = arena_new();
    struct id id = parse(arena, SCOPE);
    assert_null(id.subscription);
    assert_string_equal(id.levels[1].name, "7f2d1c6e-90ab-4cde-8f01-23456789abcd");
    assert_string_equal(id_format(arena, &id, NULL), SCOPE);
    assert_true(id_is_of_type(&id, type));
    assert_false(id_is_of_type(&id, &type[1]));
    assert_string_equal(id_form(arena, type),
                        "/providers/Microsoft.Billing/billingAccounts/{name}/customers/"
                        "{name}");
    assert_string_equal(id_describe(arena, &id),
                        "an object of type Microsoft.Billing/billingAccounts/customers");
    /* Azure itself writes both. */
    struct id capital =
        parse(arena, "/providers/microsoft.billing/BillingAccounts/A_1:b");
    struct id small = parse(arena, "providers/Microsoft.Billing/billingAccounts/a_1:B/");
    assert_true(id_equal(&capital, &small));
    assert_string_equal(id_format(arena, &capital, "/Microsoft.Billing/billingAccounts"),
                        "/providers/Microsoft.Billing/billingAccounts/A_1:b");
    struct id mapping = parse(arena, MAPPING);
    assert_false(id_is_of_type(&mapping, "/Microsoft.AzureStack/registrations/"
                                         "customerSubscriptions"));
    assert_false(id_equal(&mapping, &id));
}

TEST(id_parse_keeps_names_as_they_are)
{
    auto_arena arena = arena_new();
    /* Nothing is declared about a registration's name. */
    static const char *const names[] = { "Hub 1",
                                         "hub.",
                                         "...",
                                         ".hub",
                                         "a:b&c=d",
                                         "\xC3\x84rger",
                                         "\xE6\xB8\xAF",
                                         "hub(1)~",
                                         "hub\xE2\x80\x90"
                                         "1",
                                         "\xE2\x81\xB0",
                                         "\xC2\xA1",
                                         "-",
                                         "0" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = arena_print(
            arena, GROUP "/providers/Microsoft.AzureStack/registrations/%s", names[i]);
        struct id id = parse(arena, text);
        assert_string_equal(id.levels[0].name, names[i]);
        assert_string_equal(id_format(arena, &id, registrations), text);
    }
}

TEST(id_parse_refuses_what_is_no_id_and_says_where)
{
#define STEM GROUP "/providers/Microsoft.AzureStack"
    static const struct {
        const char *text, *fault;
    } wrong[] = {
        { "", "empty" },
        { "/", "it ends where \"subscriptions\"" },
        { "hub1", "expected \"subscriptions\" where it has \"hub1\"" },
        { "//subscriptions/x", "expected \"subscriptions\" where it has \"\"" },
        { "/subscription/x", "expected \"subscriptions\" where it has \"subscription\"" },
        { "/subscriptionsX/x", "where it has \"subscriptionsX\"" },
        { "/subscriptions", "nothing stands behind \"subscriptions\"" },
        { "/subscriptions/", "nothing stands behind \"subscriptions\"" },
        { "/subscriptions//resourceGroups/g", "nothing stands behind \"subscriptions\"" },
        { "/subscriptions/x//", "expected \"resourceGroups\" where it has \"\"" },
        { "/subscriptions/x/providers/N/t/n",
          "expected \"resourceGroups\" where it has \"providers\"" },
        { "/subscriptions/x/resourceGroups/",
          "nothing stands behind \"resourceGroups\"" },
        { GROUP "/registrations/hub1",
          "expected \"providers\" where it has \"registrations\"" },
        { GROUP "/providers", "nothing stands behind \"providers\"" },
        { GROUP "/providers//registrations/hub1", "nothing stands behind \"providers\"" },
        { STEM, "no type stands behind \"Microsoft.AzureStack\"" },
        { STEM "/registrations", "nothing stands behind \"registrations\"" },
        { STEM "/registrations/", "nothing stands behind \"registrations\"" },
        { STEM "//hub1", "two slashes in a row" },
        { STEM "/registrations//hub1", "nothing stands behind \"registrations\"" },
        { REGISTRATION "//", "two slashes in a row" },
        { STEM "/a/1/b/2/c/3/d/4/e/5/f/6/g/7/h/8/i/9", "more than 8 levels" },
        { "/providers", "expected \"subscriptions\" where it has \"providers\"" },
        { "/providers/", "nothing stands behind \"providers\"" },
        { "/providers/N", "no type stands behind \"N\"" },
        { "/providers/N/t", "nothing stands behind \"t\"" },
        { "/billingAccounts/a", "expected \"subscriptions\"" },
        { "https://management.azure.com" REGISTRATION, "web address" },
        { "HTTP://x", "web address" },
        { "https://portal.azure.com/#resource" REGISTRATION, "web address" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        auto_arena arena = arena_new();
        struct id id = { .subscription = "untouched" };
        struct error err = NO_ERROR;
        if (id_parse(arena, wrong[i].text, &id, &err) == 0)
            fail_msg("taken: %s", wrong[i].text);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, wrong[i].fault);
        assert_string_equal(id.subscription, "untouched");
    }
}

TEST(id_parse_refuses_names_that_would_leave_their_path)
{
    static const char *const wrong[] = {
        STEM "/registrations/..",
        STEM "/registrations/.",
        STEM "/../hub1",
        STEM "/./hub1",
        STEM "/registrations/../customerSubscriptions/x",
        STEM "/registrations/../",
        "/subscriptions/../resourceGroups/g",
        "/subscriptions/..",
        "/subscriptions/x/resourceGroups/..",
        GROUP "/providers/../registrations/hub1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        auto_arena arena = arena_new();
        struct id id;
        struct error err = NO_ERROR;
        if (id_parse(arena, wrong[i], &id, &err) == 0)
            fail_msg("taken: %s", wrong[i]);
        assert_has(err.text, ".\" is no name");
    }
}

TEST(id_parse_refuses_characters_that_come_from_copying)
{
    static const struct {
        const char *name, *fault;
    } wrong[] = {
        { "hub1\n", "white space or quotation marks around it" },
        { "hub1\"", "white space or quotation marks around it" },
        { "hub1'", "white space or quotation marks around it" },
        { "hu\nb1", "no resource id has" },
        { "hub\t1", "no resource id has" },
        { "hub\x01", "no resource id has" },
        { "hub\x7F", "no resource id has" },
        { "hub\\1", "no resource id has" },
        { "hub1?api-version=2017-06-01", "no resource id has" },
        { "hub1#x", "no resource id has" },
        { "hub1 ", "white space or quotation marks around it" },
        { "hub1 /x/y", "a space at an end of \"hub1 \"" },
        { " hub1", "a space at an end of \" hub1\"" },
        { " ", "white space or quotation marks around it" },
        { "hub%201", "percent signs" },
        { "%2e%2e", "percent signs" },
        { "hub1%2fcustomerSubscriptions%2Fx", "percent signs" },
        { "hub1%", "percent signs" },
        { "hub\xC2\xA0"
          "1",
          "U+00A0" },
        { "hub\xC2\x85", "U+0085" },
        { "hub\xC2\xAD", "U+00AD" },
        { "hub1\xE2\x80\x8B", "U+200B" },
        { "hub1\xF3\xA0\x81\x81", "U+E0041" },
        { "hub\xEF\xB8\x8F"
          "1",
          "U+FE0F" },
        { "hub1\xE2\x80\xAE", "U+202E" },
        { "\xEF\xBB\xBFhub1", "U+FEFF" },
        { "hub\xE3\x80\x80", "U+3000" },
        { "hub\xE2\x80\x8F", "U+200F" },
        { "hub\xE2\x80\xA8", "U+2028" },
        { "hub\xE2\x81\x9F", "U+205F" },
        { "hub\xE2\x81\xAF", "U+206F" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        auto_arena arena = arena_new();
        struct id id;
        struct error err = NO_ERROR;
        const char *text = arena_print(arena, STEM "/registrations/%s", wrong[i].name);
        if (id_parse(arena, text, &id, &err) == 0)
            fail_msg("taken: %s", text);
        assert_has(err.text, wrong[i].fault);
    }
}

TEST(id_parse_has_a_ceiling)
{
    auto_arena arena = arena_new();
    size_t room = ID_BYTES_MAX - strlen(STEM "/registrations/");
    auto_char name = memory_new(room + 2);
    memset(name, 'x', room);
    struct id id = parse(arena, arena_print(arena, STEM "/registrations/%s", name));
    assert_int_equal(strlen(id.levels[0].name), room);
    name[room] = 'x';
    struct error err = NO_ERROR;
    assert_int_equal(
        id_parse(arena, arena_print(arena, STEM "/registrations/%s", name), &id, &err),
        -1);
    assert_non_null(strstr(err.text, "longer than 4096 bytes"));
}

TEST(id_parse_takes_as_many_levels_as_there_may_be)
{
    auto_arena arena = arena_new();
    struct id id = parse(arena, STEM "/a/1/b/2/c/3/d/4/e/5/f/6/g/7/h/8");
    assert_int_equal(id.level_count, 8);
    assert_string_equal(id.levels[7].name, "8");
}

TEST(id_format_spells_the_fixed_words_and_leaves_the_names)
{
    auto_arena arena = arena_new();
    struct id id =
        parse(arena, "/SUBSCRIPTIONS/0A1B2C3D-1111-4222-8333-444455556666/resourcegroups/"
                     "AzureStack/Providers/MICROSOFT.azurestack/Registrations/HUB1/"
                     "customersubscriptions/5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10");
    assert_string_equal(
        id_format(arena, &id, mappings),
        "/subscriptions/0A1B2C3D-1111-4222-8333-444455556666/resourceGroups/AzureStack/"
        "providers/Microsoft.AzureStack/registrations/HUB1/customerSubscriptions/"
        "5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10");
    /* Where the type ends, and without one, words stay as they came. */
    assert_non_null(
        strstr(id_format(arena, &id, registrations),
               "/Microsoft.AzureStack/registrations/HUB1/customersubscriptions/"));
    assert_non_null(strstr(id_format(arena, &id, NULL),
                           "/providers/MICROSOFT.azurestack/Registrations/"));
    /* A word of another type is not touched. */
    struct id other =
        parse(arena, GROUP "/providers/microsoft.compute/virtualmachines/v");
    assert_string_equal(id_format(arena, &other, registrations),
                        GROUP "/providers/microsoft.compute/virtualmachines/v");
}

TEST(id_is_of_type_wants_the_whole_type)
{
    static const struct {
        const char *text, *type;
        bool is_of;
    } cases[] = {
        { REGISTRATION, registrations, true },
        { REGISTRATION, "microsoft.AZURESTACK/Registrations", true },
        { MAPPING, mappings, true },
        { MAPPING, registrations, false },
        { REGISTRATION, mappings, false },
        { GROUP, registrations, false },
        { "/subscriptions/" SUBSCRIPTION, registrations, false },
        /* Each word whole: neither a beginning of one nor one that begins so. */
        { STEM "/registration/hub1", registrations, false },
        { STEM "/registrationsX/hub1", registrations, false },
        { STEM "/r/hub1", registrations, false },
        { GROUP "/providers/Microsoft/registrations/hub1", registrations, false },
        { GROUP "/providers/Microsoft.AzureStackX/registrations/hub1", registrations,
          false },
        { GROUP "/providers/Microsoft.AzureStack.Admin/registrations/hub1", registrations,
          false },
        { GROUP "/providers/Micro/oft.AzureStack/x/registrations/hub1", registrations,
          false },
        { REGISTRATION "/customerSubscription/x", mappings, false },
        { REGISTRATION "/customerSubscriptionsX/x", mappings, false },
        { REGISTRATION "/customerSubscriptions/x/y/z", mappings, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        auto_arena arena = arena_new();
        struct id id = parse(arena, cases[i].text);
        if (id_is_of_type(&id, cases[i].type) != cases[i].is_of)
            fail_msg("%s, %s", cases[i].text, cases[i].type);
    }
}

TEST(id_describe_says_what_an_id_names)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        { "/subscriptions/x", "a subscription" },
        { GROUP, "a resource group" },
        { REGISTRATION, "an object of type Microsoft.AzureStack/registrations" },
        { GROUP "/providers/microsoft.azurestack/REGISTRATIONS/x",
          "an object of type microsoft.azurestack/REGISTRATIONS" },
        { MAPPING,
          "an object of type Microsoft.AzureStack/registrations/customerSubscriptions" },
        { REGISTRATION "/products/x",
          "an object of type Microsoft.AzureStack/registrations/products" },
        { GROUP "/providers/Microsoft.Compute/virtualMachines/vm1",
          "an object of type Microsoft.Compute/virtualMachines" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        auto_arena arena = arena_new();
        struct id id = parse(arena, cases[i].text);
        assert_string_equal(id_describe(arena, &id), cases[i].words);
    }
}

TEST(id_form_shows_what_to_write)
{
    auto_arena arena = arena_new();
    assert_string_equal(id_form(arena, mappings),
                        "/subscriptions/{subscription id}/resourceGroups/{resource group}"
                        "/providers/Microsoft.AzureStack/registrations/{name}"
                        "/customerSubscriptions/{name}");
}

TEST(id_equal_ignores_case_everywhere)
{
    auto_arena arena = arena_new();
    struct id id = parse(arena, MAPPING);
    static const char *const same[] = {
        "/SUBSCRIPTIONS/0A1B2C3D-1111-4222-8333-444455556666/RESOURCEGROUPS/AZURESTACK/"
        "PROVIDERS/MICROSOFT.AZURESTACK/REGISTRATIONS/HUB1/CUSTOMERSUBSCRIPTIONS/"
        "5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10",
        MAPPING,
    };
    static const char *const others[] = {
        "/subscriptions/1a1b2c3d-1111-4222-8333-444455556666",
        GROUP,
        REGISTRATION,
        STEM "/registrations/hub2/customerSubscriptions/"
             "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10",
        STEM "/registrations/hub1/customerSubscriptions/"
             "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c11",
        STEM "/registrations/hub1/products/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10",
        MAPPING "/x/y",
        GROUP "2/providers/Microsoft.AzureStack/registrations/hub1/customerSubscriptions/"
              "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct id other = parse(arena, same[i]);
        assert_true(id_equal(&id, &other));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct id other = parse(arena, others[i]);
        if (id_equal(&id, &other) || id_equal(&other, &id))
            fail_msg("equal: %s", others[i]);
    }
}

TEST(id_parent_goes_up_to_the_resource_group)
{
    auto_arena arena = arena_new();
    struct id id = parse(arena, MAPPING);
    struct id up = id_parent(&id);
    assert_string_equal(id_format(arena, &up, NULL), REGISTRATION);
    assert_true(id_is_of_type(&up, registrations));
    struct id top = id_parent(&up);
    assert_string_equal(id_format(arena, &top, NULL), GROUP);
    assert_string_equal(id_describe(arena, &top), "a resource group");
    assert_string_equal(id_format(arena, &id, NULL), MAPPING); /* itself as it was */
}
