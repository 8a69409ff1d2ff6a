/* Lists as data sources read them: complete, or with a warning, and in time proportional to them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"
#include "base/clock.h"
#include "data_sources/readers.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/fake_transport.h"
#include "support/linear.h"
#include "support/test.h"

#define SUBSCRIPTION "0a1b2c3d-1111-4222-8333-444455556666"
#define REGISTRATIONS                                                                    \
    "/subscriptions/" SUBSCRIPTION                                                       \
    "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations"
#define HUB REGISTRATIONS "/hub1"
#define GUID "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define MANY 20000

struct run {
    struct call call;
    struct data_source source;
    struct session *session;
    struct diags diags;
    const struct value *out;
    int result;
};

/* Reads it with the list's first page being that. */
static void read_data(struct run *run, const struct data_source_table *table,
                      engine_data_fn *reader, const char *config, const char *page)
{
    const struct fake_answer answers[] = {
        { 200, .body = "{\"access_token\":\"tok.en\",\"expires_in\":3599}" },
        { 200, .body = page },
        { 0 },
    };
    const struct session_config session_config = {
        .environment = "public",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
    struct error err = NO_ERROR;
    *run = (struct run){ .result = 0 };
    clock_fake_start(0);
    assert_int_equal(session_new_over(&session_config,
                                      fake_transport_base(fake_transport_new(answers)),
                                      &run->session, &err),
                     0);
    call_init(&run->call, NULL);
    run->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    engine_data_source_init(&run->source, run->call.arena, table);
    diags_init(&run->diags, run->call.arena);
    const char *fault = "";
    json_t *json = json_loads(config, 0, NULL);
    const struct value *value =
        engine_json_to_value(run->call.arena, run->source.type, json, &fault);
    json_decref(json);
    if (value == NULL)
        fail_msg("the configuration: %s", fault);
    run->result =
        reader(&run->call, &run->source, run->session, value, &run->out, &run->diags);
}

static void end(struct run *run)
{
    session_free(run->session);
    call_clear(&run->call);
    clock_fake_end();
}

static size_t count_of(struct run *run, const char *name)
{
    return value_get(run->call.arena, run->out, name)->many.count;
}

TEST(what_a_list_cannot_show_is_a_warning)
{
    static const struct {
        const char *id, *shown, *fault; /* NULL: it can be shown */
    } rows[] = {
        { HUB "/customerSubscriptions/" GUID, NULL, NULL },
        { HUB "/customerSubscriptions/not-a-guid",
          HUB "/customerSubscriptions/not-a-guid", "GUID" },
        { HUB "/customerSubscriptions/" GUID "\\u0000x",
          HUB "/customerSubscriptions/" GUID "\xEF\xBF\xBDx", "U+FFFD" },
        { HUB "/customerSubscriptions/\\u202e" GUID,
          HUB "/customerSubscriptions/\xEF\xBF\xBD" GUID, "U+202E" },
        { HUB "/customerSubscriptions/" GUID "\\nWhat to do: nothing",
          HUB "/customerSubscriptions/" GUID " What to do: nothing",
          "no resource id has" },
        { "/providers/Microsoft.AzureStack/customerSubscriptions/" GUID,
          "/providers/Microsoft.AzureStack/customerSubscriptions/" GUID,
          "subscriptions" },
        { HUB "/products/" GUID, HUB "/products/" GUID, "an object of type" },
        { HUB "/customerSubscriptions/" GUID "/x/y",
          HUB "/customerSubscriptions/" GUID "/x/y", "an object of type" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_arena arena = arena_new();
        struct run run;
        read_data(&run, &customer_subscriptions_data, data_customer_subscriptions,
                  "{\"registration_id\":\"" HUB "\",\"expected_ids\":[]}",
                  arena_print(arena, "{\"value\":[{\"id\":\"%s\"}]}", rows[i].id));
        assert_int_equal(run.result, 0);
        const struct diagnostic *warning = run.diags.first;
        assert_int_equal(count_of(&run, "unmanaged"), rows[i].shown == NULL);
        assert_int_equal(warning != NULL, rows[i].shown != NULL);
        if (warning != NULL) {
            assert_int_equal(warning->severity, SEVERITY_WARNING);
            assert_string_equal(
                warning->summary,
                "A list of customer subscription mappings is not complete");
            const char *line = arena_print(arena, "\n\n  %s\n\n", rows[i].shown);
            if (strstr(warning->detail, line) == NULL ||
                strstr(warning->detail, rows[i].fault) == NULL)
                fail_msg("%s is not told well:\n%s", rows[i].shown, warning->detail);
            assert_null(warning->next);
        }
        end(&run);
    }
}

/* A page of that many, each with an ID of that form, `%05d` in it; and their names. */
static const char *make_page(struct arena *arena, const char *form, int count)
{
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    buf_add_text(&buf, "{\"value\":[");
    for (int i = 0; i < count; i++) {
        char id[300];
        snprintf(id, sizeof id, form, i);
        buf_print(&buf, "%s{\"id\":\"%s\"}", i > 0 ? "," : "", id);
    }
    buf_add_text(&buf, "]}");
    return arena_copy_text(arena, buf_text(&buf));
}

TEST(many_that_cannot_be_shown_are_one_warning)
{
    auto_arena arena = arena_new();
    struct run run;
    read_data(&run, &customer_subscriptions_data, data_customer_subscriptions,
              "{\"registration_id\":\"" HUB "\"}",
              make_page(arena, HUB "/customerSubscriptions/%05d", 1000));
    assert_int_equal(run.result, 0);
    assert_non_null(strstr(run.diags.first->detail, "lists 1000 objects"));
    assert_non_null(strstr(run.diags.first->detail, "/00009\n  …\n"));
    assert_null(strstr(run.diags.first->detail, "/00010\n"));
    assert_null(run.diags.first->next);
    end(&run);
}

TEST(no_registration_of_many_is_left_out)
{
    auto_arena arena = arena_new();
    struct run run;
    read_data(&run, &registrations_data, data_registrations,
              "{\"subscription_id\":\"" SUBSCRIPTION "\"}",
              make_page(arena, REGISTRATIONS "/hub%05d", MANY));
    assert_int_equal(run.result, 0);
    assert_int_equal(count_of(&run, "registrations"), MANY);
    end(&run);
}

TEST(many_are_compared_in_time_proportional_to_them)
{
    auto_arena arena = arena_new();
    static const char name[] = "5b0c9a51-7c3e-4d29-9f41-3a6d4e2%05d";
    json_t *config = json_pack("{s:s,s:[]}", "registration_id", HUB, "expected_ids");
    for (int i = 1; i <= MANY; i++) {
        char text[40];
        snprintf(text, sizeof text, name, i);
        json_array_append_new(json_object_get(config, "expected_ids"), json_string(text));
    }
    char *text = json_dumps(config, 0);
    struct run run;
    linear_begin("a comparison of 20000 customers");
    read_data(&run, &customer_subscriptions_data, data_customer_subscriptions, text,
              make_page(arena,
                        HUB "/customerSubscriptions/5b0c9a51-7c3e-4d29-9f41-3a6d4e2%05d",
                        MANY));
    linear_end();
    assert_int_equal(run.result, 0);
    assert_int_equal(count_of(&run, "unmanaged"), 1);
    assert_int_equal(count_of(&run, "missing"), 1);
    end(&run);
    free(text);
    json_decref(config);
}
