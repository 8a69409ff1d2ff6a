/* ARM ids: what is one, how they are written and compared. What is none:
 * tests/exchanges/customer_subscription/validate_registration*.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "id/id.h"
#include "id/scheme.h"
#include "support/fixture.h"

#define SUBSCRIPTION "0a1b2c3d-1111-4222-8333-444455556666"
#define GROUP "/subscriptions/" SUBSCRIPTION "/resourceGroups/azurestack"
#define REGISTRATION GROUP "/providers/Microsoft.AzureStack/registrations/hub1"
#define MAPPING REGISTRATION "/customerSubscriptions/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"

static const char registrations[] = "Microsoft.AzureStack/registrations";
static const char mappings[] = "Microsoft.AzureStack/registrations/customerSubscriptions";

#define STEM GROUP "/providers/Microsoft.AzureStack"
#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

static struct id parse(const char *text)
{
    struct id id;
    struct error err = NO_ERROR;
    if (id_parse(arena, text, &id, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(err.kind, ERR_NONE);
    return id;
}

CASE(id_parse_gives_each_part)
{
    struct id id = parse(MAPPING);
    assert_string_equal(id.subscription, SUBSCRIPTION);
    assert_string_equal(id.resource_group, "azurestack");
    assert_string_equal(id.namespace, "Microsoft.AzureStack");
    assert_int_equal(id.level_count, 2);
    assert_string_equal(id.levels[0].type, "registrations");
    assert_string_equal(id.levels[0].name, "hub1");
    assert_string_equal(id.levels[1].type, "customerSubscriptions");
    assert_string_equal(id.levels[1].name, "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10");

    struct id group = parse(GROUP);
    assert_string_equal(group.resource_group, "azurestack");
    assert_null(group.namespace);
    assert_int_equal(group.level_count, 0);
    struct id subscription = parse("/subscriptions/" SUBSCRIPTION);
    assert_string_equal(subscription.subscription, SUBSCRIPTION);
    assert_null(subscription.resource_group);
    /* As many levels as there may be. */
    struct id deep = parse(STEM "/a/1/b/2/c/3/d/4/e/5/f/6/g/7/h/8");
    assert_int_equal(deep.level_count, 8);
    assert_string_equal(deep.levels[7].name, "8");
}

CASE(id_parse_takes_a_missing_first_slash_and_one_at_the_end)
{
    static const char *const rows[][2] = { { &MAPPING[1], MAPPING },
                                           { MAPPING "/", MAPPING },
                                           { GROUP "/", GROUP } };
    EACH (row, rows) {
        struct id id = parse((*row)[0]), same = parse((*row)[1]);
        assert_true(id_equal(&id, &same));
        assert_string_equal(id_format(arena, &id, NULL), (*row)[1]);
    }
}

CASE(an_id_at_the_root_is_in_no_subscription)
{
#define SCOPE                                                                                      \
    "/providers/Microsoft.Billing/billingAccounts/"                                                \
    "99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31"         \
    "/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd"
    static const char type[] = "/Microsoft.Billing/billingAccounts/customers";
    struct id id = parse(SCOPE);
    assert_null(id.subscription);
    assert_string_equal(id.levels[1].name, "7f2d1c6e-90ab-4cde-8f01-23456789abcd");
    assert_string_equal(id_format(arena, &id, NULL), SCOPE);
    assert_true(id_is_of_type(&id, type));
    assert_false(id_is_of_type(&id, &type[1]));
    assert_string_equal(id_form(arena, type),
                        "/providers/Microsoft.Billing/billingAccounts/{billingAccount}/customers/"
                        "{customer}");
    assert_string_equal(id_describe(arena, &id),
                        "a resource of type Microsoft.Billing/billingAccounts/customers");
    /* Azure itself writes both. */
    struct id capital = parse("/providers/microsoft.billing/BillingAccounts/A_1:b");
    struct id small = parse("providers/Microsoft.Billing/billingAccounts/a_1:B/");
    assert_true(id_equal(&capital, &small));
    assert_string_equal(id_format(arena, &capital, "/Microsoft.Billing/billingAccounts"),
                        "/providers/Microsoft.Billing/billingAccounts/A_1:b");
    struct id mapping = parse(MAPPING);
    assert_false(id_is_of_type(&mapping, "/Microsoft.AzureStack/registrations/"
                                         "customerSubscriptions"));
    assert_false(id_equal(&mapping, &id));
}

CASE(id_parse_keeps_names_as_they_are)
{
    /* Nothing is declared about a registration's name. */
    EACH_TEXT (name, "Hub 1", "hub.", "...", ".hub", "a:b&c=d", "\u00c4rger", "\u6e2f", "hub(1)~",
               "\u2070", "hub\u20101", "\u00a1", "-", "0") {
        const char *text = arena_print(arena, STEM "/registrations/%s", name);
        struct id id = parse(text);
        assert_string_equal(id.levels[0].name, name);
        assert_string_equal(id_format(arena, &id, registrations), text);
    }
}

CASE(id_parse_names_a_character_that_cannot_be_seen)
{
    static const char *const rows[][2] = {
        { "\xC2\x80", "U+0080" }, { "\u00a0", "U+00A0" }, { "\u1680", "U+1680" },
        { "\u2000", "U+2000" },   { "\u200a", "U+200A" }, { "\u202f", "U+202F" },
        { "\u205f", "U+205F" },   { "\u3000", "U+3000" }, { "\ufffd", "U+FFFD" },
    };
    EACH (row, rows) {
        struct id id;
        struct error err = NO_ERROR;
        const char *text = arena_print(arena, STEM "/registrations/a%sb", (*row)[0]);
        assert_int_equal(id_parse(arena, text, &id, &err), -1);
        assert_has(err.text, (*row)[1]);
    }
}

CASE(id_parse_has_a_ceiling)
{
    size_t room = ID_BYTES_MAX - strlen(STEM "/registrations/");
    auto_char name = memset(memory_new(room + 2), 'x', room);
    struct id id = parse(arena_print(arena, STEM "/registrations/%s", name));
    assert_int_equal(strlen(id.levels[0].name), room);
    name[room] = 'x';
    struct error err = NO_ERROR;
    assert_int_equal(id_parse(arena, arena_print(arena, STEM "/registrations/%s", name), &id, &err),
                     -1);
    assert_int_equal(err.kind, ERR_INVALID);
    assert_has(err.text, "longer than 4096 bytes");
    assert_int_equal(strlen(id.levels[0].name), room); /* untouched */
}

CASE(id_format_writes_the_fixed_words_and_keeps_the_names)
{
    struct id id = parse("/SUBSCRIPTIONS/0A1B2C3D-1111-4222-8333-444455556666/resourcegroups/"
                         "AzureStack/Providers/MICROSOFT.azurestack/Registrations/HUB1/"
                         "customersubscriptions/5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10");
    assert_string_equal(
        id_format(arena, &id, mappings),
        "/subscriptions/0A1B2C3D-1111-4222-8333-444455556666/resourceGroups/AzureStack/"
        "providers/Microsoft.AzureStack/registrations/HUB1/customerSubscriptions/"
        "5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10");
    /* Where the type ends, and without one, words stay as they came. */
    assert_non_null(strstr(id_format(arena, &id, registrations),
                           "/Microsoft.AzureStack/registrations/HUB1/customersubscriptions/"));
    assert_non_null(
        strstr(id_format(arena, &id, NULL), "/providers/MICROSOFT.azurestack/Registrations/"));
    /* A word of another type is not touched. */
    struct id other = parse(GROUP "/providers/microsoft.compute/virtualmachines/v");
    assert_string_equal(id_format(arena, &other, registrations),
                        GROUP "/providers/microsoft.compute/virtualmachines/v");
}

static bool is_of_type(const char *text, const char *type)
{
    struct id id = parse(text);
    return id_is_of_type(&id, type);
}

CASE(id_is_of_type_wants_the_whole_type)
{
    assert_true(is_of_type(REGISTRATION, registrations));
    assert_true(is_of_type(REGISTRATION, "microsoft.AZURESTACK/Registrations"));
    assert_true(is_of_type(MAPPING, mappings));
    /* Each word whole: neither a beginning of one nor one that begins so. */
    EACH_TEXT (text, MAPPING, GROUP, "/subscriptions/" SUBSCRIPTION, STEM "/registration/hub1",
               STEM "/registrationsX/hub1", STEM "/r/hub1",
               GROUP "/providers/Microsoft/registrations/hub1",
               GROUP "/providers/Microsoft.AzureStackX/registrations/hub1",
               GROUP "/providers/Microsoft.AzureStack.Admin/registrations/hub1",
               GROUP "/providers/Micro/oft.AzureStack/x/registrations/hub1")
        if (is_of_type(text, registrations))
            fail_msg("%s", text);
    EACH_TEXT (text, REGISTRATION, REGISTRATION "/customerSubscription/x",
               REGISTRATION "/customerSubscriptionsX/x",
               REGISTRATION "/customerSubscriptions/x/y/z")
        if (is_of_type(text, mappings))
            fail_msg("%s", text);
}

CASE(id_describe_says_what_an_id_names)
{
    static const char *const rows[][2] = {
        { "/subscriptions/x", "a subscription" },
        { GROUP, "a resource group" },
        { REGISTRATION, "a resource of type Microsoft.AzureStack/registrations" },
        { GROUP "/providers/microsoft.azurestack/REGISTRATIONS/x",
          "a resource of type microsoft.azurestack/REGISTRATIONS" },
        { MAPPING, "a resource of type Microsoft.AzureStack/registrations/customerSubscriptions" },
        { REGISTRATION "/products/x",
          "a resource of type Microsoft.AzureStack/registrations/products" },
        { GROUP "/providers/Microsoft.Compute/virtualMachines/vm1",
          "a resource of type Microsoft.Compute/virtualMachines" },
    };
    EACH (row, rows) {
        struct id id = parse((*row)[0]);
        assert_string_equal(id_describe(arena, &id), (*row)[1]);
    }
}

CASE(id_form_shows_what_to_write)
{
    assert_string_equal(id_form(arena, mappings),
                        "/subscriptions/{subscription ID}/resourceGroups/{resource group}"
                        "/providers/Microsoft.AzureStack/registrations/{registration}"
                        "/customerSubscriptions/{customerSubscription}");
}

CASE(id_equal_ignores_case_everywhere)
{
    struct id id = parse(MAPPING), same = parse(MAPPING);
    struct id capitals = parse("/SUBSCRIPTIONS/0A1B2C3D-1111-4222-8333-444455556666/RESOURCEGROUPS/"
                               "AZURESTACK/PROVIDERS/MICROSOFT.AZURESTACK/REGISTRATIONS/HUB1/"
                               "CUSTOMERSUBSCRIPTIONS/5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10");
    assert_true(id_equal(&id, &same) && id_equal(&id, &capitals));
#define CUSTOMER "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c1"
    EACH_TEXT (text, "/subscriptions/1a1b2c3d-1111-4222-8333-444455556666", GROUP, REGISTRATION,
               STEM "/registrations/hub2/customerSubscriptions/" CUSTOMER "0",
               STEM "/registrations/hub1/customerSubscriptions/" CUSTOMER "1",
               STEM "/registrations/hub1/products/" CUSTOMER "0", MAPPING "/x/y",
               GROUP
               "2/providers/Microsoft.AzureStack/registrations/hub1/customerSubscriptions/" CUSTOMER
               "0") {
        struct id other = parse(text);
        if (id_equal(&id, &other) || id_equal(&other, &id))
            fail_msg("equal: %s", text);
    }
}

CASE(id_parent_goes_up_to_the_resource_group)
{
    struct id id = parse(MAPPING);
    struct id up = id_parent(&id);
    assert_string_equal(id_format(arena, &up, NULL), REGISTRATION);
    assert_true(id_is_of_type(&up, registrations));
    struct id top = id_parent(&up);
    assert_string_equal(id_format(arena, &top, NULL), GROUP);
    assert_string_equal(id_describe(arena, &top), "a resource group");
    assert_string_equal(id_format(arena, &id, NULL), MAPPING); /* itself as it was */
}

/* Only the letters of a GUID at the end have other common cases. */
CASE(an_id_has_its_name_in_lower_case_and_in_capitals)
{
#define LOWER "0123abcd-4ef5-6789-af00-00000000fa09"
#define UPPER "0123ABCD-4EF5-6789-AF00-00000000FA09"
    static const char *const rows[][3] = {
        { "/a/" LOWER, "/a/" UPPER, NULL },
        { "/a/" UPPER, "/a/" LOWER, NULL },
        { "/a/0123abcd-4EF5-6789-af00-00000000fa09", "/a/" LOWER, "/a/" UPPER },
        { "/a/00000000-0000-0000-0000-000000000000", NULL, NULL },
        { "/a/name", NULL, NULL },
        { LOWER, NULL, NULL },
    };
    EACH (row, rows) {
        const char *const *variants = id_scheme_arm.case_variants(arena, (*row)[0]);
        for (size_t i = 1; i < 3 && (*row)[i] != NULL; i++)
            assert_string_equal(*variants++, (*row)[i]);
        assert_null(*variants);
    }
}
