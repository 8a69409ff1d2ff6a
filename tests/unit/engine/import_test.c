/* Import and upgrade: what from outside becomes a state.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "schema/tables.h"
#include "support/test.h"

#define GUID "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define HUB                                                                                        \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack"                \
    "/providers/Microsoft.AzureStack/registrations/hub1"
#define MAPPING HUB "/customerSubscriptions/" GUID

struct outcome {
    struct call call;
    struct resource resource;
    struct diags diags;
    const struct value *state;
    struct bytes private;
    int result;
};

static void begin(struct outcome *out)
{
    *out = (struct outcome){ .result = 0 };
    call_init(&out->call, NULL);
    engine_resource_init(&out->resource, out->call.arena, &customer_subscription_table);
    diags_init(&out->diags, out->call.arena);
}

static const char *text_of(struct outcome *out, const char *name)
{
    return value_text(value_get(out->call.arena, out->state, name));
}

/* What tests/exchanges do not show; there are also the forms of an ID that are accepted. */
TEST(an_import_of_something_else_says_what_it_is)
{
    static const struct {
        const char *given, *words, *path; /* NULL: none */
    } cases[] = {
        { "", "it is empty" },
        { HUB "/products/x", "a resource of type Microsoft.AzureStack/registrations/products" },
        { HUB "/customerSubscription/" GUID, "registrations/customerSubscription" },
        { MAPPING "/x/y", "a resource of type" },
        { "/subscriptions/contoso/resourceGroups/g/providers/Microsoft.AzureStack/"
          "registrations/hub1/customerSubscriptions/" GUID,
          "The subscription ID \"contoso\"", "registration_id" },
    };
    EACH (row, cases) {
        struct outcome out;
        begin(&out);
        const struct value *untouched = value_null(out.call.arena, out.resource.type);
        out.state = untouched;
        if (engine_import(&out.call, &out.resource, row->given, &out.state, &out.private,
                          &out.diags) == 0)
            fail_msg("accepted: %s", row->given);
        assert_ptr_equal(out.state, untouched);
        assert_int_equal(out.diags.error_count, 1);
        assert_has(out.diags.first->detail, row->words);
        assert_string_equal(path_format(out.call.arena, out.diags.first->path),
                            row->path != NULL ? row->path : "");
        call_clear(&out.call);
    }
}

TEST(private_data_of_others_are_no_import)
{
    static const char *const texts[] = { "",
                                         "{}",
                                         "null",
                                         "{\"imported\":false}",
                                         "{\"imported\":\"true\"}",
                                         "{\"imported\":true",
                                         "\xFF",
                                         "[true]" };
    EACH (text, texts)
        assert_false(private_is_imported(BYTES(*text, strlen(*text))));
    assert_false(private_is_imported(NO_BYTES));
    assert_true(private_is_imported(private_imported()));
}

static int upgrade(struct outcome *out, int64_t version, const char *json)
{
    begin(out);
    out->result = engine_upgrade(&out->call, &out->resource, version, BYTES(json, strlen(json)),
                                 &out->state, &out->diags);
    assert_int_equal(out->result, diags_have_error(&out->diags) ? -1 : 0);
    return out->result;
}

TEST(a_stored_state_is_read_with_what_it_has)
{
    struct outcome out;
    assert_int_equal(upgrade(&out, 0,
                             "{\"id\":\"" MAPPING "\",\"registration_id\":\"" HUB
                             "\",\"customer_subscription_id\":\"" GUID
                             "\",\"tenant_id\":null,\"timeouts\":{\"create\":\"1h\","
                             "\"delete\":null,\"read\":null}}"),
                     0);
    assert_string_equal(text_of(&out, "registration_id"), HUB);
    assert_string_equal(text_of(&out, "id"), MAPPING);
    assert_null(text_of(&out, "tenant_id"));
    const struct value *times = value_get(out.call.arena, out.state, "timeouts");
    assert_string_equal(value_text(value_get(out.call.arena, times, "create")), "1h");
    call_clear(&out.call);

    /* What an older version had and this one has not is skipped, what it lacked is null. */
    assert_int_equal(upgrade(&out, 0, "{\"id\":\"" MAPPING "\",\"location\":{\"a\":[1,{}]}}"), 0);
    assert_string_equal(text_of(&out, "id"), MAPPING);
    assert_null(text_of(&out, "registration_id"));
    call_clear(&out.call);
}

TEST(a_stored_state_that_is_none_is_refused)
{
    static const struct {
        int64_t version;
        const char *json, *summary, *words;
    } cases[] = {
        { 1, "{}", "State is newer than the provider", "schema version 1" },
        { INT64_MAX, "{}", "State is newer than the provider", "supports up to 0" },
        { 0, "", "Cannot read the stored state", "customer subscription" },
        { 0, "{", "Cannot read the stored state", "customer subscription" },
        { 0, "[]", "Cannot read the stored state", "customer subscription" },
        { 0, "{\"id\":{}}", "Cannot read the stored state", "id" },
        { 0, "{\"id\":\"a\",\"id\":\"b\"}", "Cannot read the stored state", "id" },
        { 0, "{\"timeouts\":\"x\"}", "Cannot read the stored state", "timeouts" },
    };
    EACH (row, cases) {
        struct outcome out;
        if (upgrade(&out, row->version, row->json) == 0)
            fail_msg("taken: %s", row->json);
        assert_string_equal(out.diags.first->summary, row->summary);
        assert_has(out.diags.first->detail, row->words);
        call_clear(&out.call);
    }
}
