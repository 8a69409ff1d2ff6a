/* Data sources as their tables say, as far as those of the provider do not show it in
 * tests/exchanges. Lists are complete, and take time proportional to them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"
#include "data_sources/readers.h"
#include "schema/tables.h"
#include "support/linear.h"
#include "support/session_run.h"
#include "support/value_of.h"

#define SUBSCRIPTION "0a1b2c3d-1111-4222-8333-444455556666"
#define REGISTRATIONS                                                                              \
    "/subscriptions/" SUBSCRIPTION                                                                 \
    "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations"
#define HUB REGISTRATIONS "/hub1"
#define MANY 20000

struct run {
    struct session_run base;
    struct data_source source;
    struct diags diags;
    const struct value *out;
    int result;
};

/* Reads it with the list's first page being that. */
static void read_data(struct run *run, const struct data_source_table *table,
                      engine_data_fn *reader, const char *config, const char *page)
{
    const struct fake_answer answers[] = { TOKEN_ANSWER, { 200, .body = page }, { 0 } };
    struct session_config session_config = session_run_config();
    session_config.subscription_id = SUBSCRIPTION;
    session_run_begin(&run->base, &session_config, answers);
    struct call *call = &run->base.call;
    engine_data_source_init(&run->source, call->arena, table);
    diags_init(&run->diags, call->arena);
    const struct value *value = value_of(call->arena, run->source.type, config);
    run->result = engine_validate_data(call, &run->source, value, &run->diags);
    if (run->result == 0)
        run->result = reader(call, &run->source, run->base.session, value, &run->out, &run->diags);
}

static size_t count_of(struct run *run, const char *name)
{
    return value_get(run->base.call.arena, run->out, name)->many.count;
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
    assert_non_null(strstr(run.diags.first->detail, "returned 1000 objects"));
    assert_non_null(strstr(run.diags.first->detail, "/00009\n  …\n"));
    assert_null(strstr(run.diags.first->detail, "/00010\n"));
    assert_null(run.diags.first->next);
    session_run_end(&run.base);
}

TEST(no_registration_of_many_is_left_out)
{
    auto_arena arena = arena_new();
    struct run run;
    read_data(&run, &registrations_data, engine_read_data,
              "{\"subscription_id\":\"" SUBSCRIPTION "\"}",
              make_page(arena, REGISTRATIONS "/hub%05d", MANY));
    assert_int_equal(run.result, 0);
    assert_int_equal(count_of(&run, "registrations"), MANY);
    session_run_end(&run.base);
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
    read_data(
        &run, &customer_subscriptions_data, data_customer_subscriptions, text,
        make_page(arena, HUB "/customerSubscriptions/5b0c9a51-7c3e-4d29-9f41-3a6d4e2%05d", MANY));
    linear_end();
    assert_int_equal(run.result, 0);
    assert_int_equal(count_of(&run, "unmanaged"), 1);
    assert_int_equal(count_of(&run, "missing"), 1);
    session_run_end(&run.base);
    free(text);
    json_decref(config);
}

/* ---- what a table can say ------------------------------------------------------------------- */

/* Objects that no resource has, whose IDs have an unknown format. */
#define PLAN_ROWS                                                                                  \
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },                                       \
        { "name", &type_string, OPTIONAL | COMPUTED, .doc = "Doc.", .body = "name" },              \
        { "size", &type_number, OPTIONAL | COMPUTED, .doc = "Doc.", .body = "properties.size" },   \
        { "tags", &type_map_of_string, COMPUTED, .doc = "Doc.", .body = "tags" },                  \
    {                                                                                              \
        "parts", NULL, COMPUTED, .doc = "Doc.", .body = "properties.parts",                        \
                                 .nesting = NESTING_LIST, .rows = part_rows                        \
    }
#define ARGUMENT_ROWS                                                                              \
    { "subscription_id", &type_string, OPTIONAL, .doc = "Doc.",                                    \
      .provider_default = "in the provider block" },                                               \
        { "state", &type_string, OPTIONAL | COMPUTED, .doc = "Doc.", .default_value = "on" },      \
        { "count", &type_number, OPTIONAL, .doc = "Doc." },                                        \
    {                                                                                              \
        "owner", &type_string, OPTIONAL, .doc = "Doc."                                             \
    }

static const struct attribute part_rows[] = {
    { "n", &type_number, COMPUTED, .doc = "Doc.", .body = "n" }, { 0 }
};
static const struct attribute plan_rows[] = { PLAN_ROWS, { 0 } };
static const struct attribute one_rows[] = { PLAN_ROWS, ARGUMENT_ROWS, { 0 } };
static const struct attribute many_rows[] = {
    { "plans", NULL, COMPUTED, .doc = "Doc.", .nesting = NESTING_LIST, .rows = plan_rows },
    { "id", &type_string, COMPUTED, .doc = "Doc." },
    { "name", &type_string, OPTIONAL, .doc = "Doc." },
    { "size", &type_number, OPTIONAL, .doc = "Doc." },
    ARGUMENT_ROWS,
    { 0 },
};
static const struct list_place places[] = {
    { "/owners/{owner}/plans", "/owners/{owner}", "the {noun}s of {owner}" },
    { "/subscriptions/{subscription_id}/plans", "/subscriptions/{subscription_id}", NULL },
    { NULL, NULL, NULL },
};

#define OBJECTS .doc = "Doc.", .service = &azure_service, .noun = "plan", .api_version = "1"
static const struct data_source_table only_one = { "plan", OBJECTS, .attributes = one_rows,
                                                   .lists = places, .filters = NAMES("name") },
                                      all = { "plans",
                                              OBJECTS,
                                              .attributes = many_rows,
                                              .lists = places,
                                              .items = "plans",
                                              .filters = NAMES("name", "size"),
                                              .query = NAMES("state={state}",
                                                             "$filter=owner eq '{owner}'",
                                                             "n={count}") };

#define PLAN(id, name, size)                                                                       \
    "{\"id\":\"" id "\",\"name\":\"" name "\",\"tags\":{\"t\":\"" name                             \
    "\"},\"properties\":{\"size\":" size ",\"parts\":[{\"n\":" size "}]}}"
#define PAGE "{\"value\":[" PLAN("2", "b", "1.5") "," PLAN("odd id", "a", "3") "]}"
#define SHOWN_A                                                                                    \
    "\"id\":\"odd id\",\"name\":\"a\",\"parts\":[{\"n\":3}],\"size\":3,"                           \
    "\"tags\":{\"t\":\"a\"}"
#define SHOWN_B                                                                                    \
    "\"id\":\"2\",\"name\":\"b\",\"parts\":[{\"n\":1.5}],\"size\":1.5,\"tags\":{\"t\":\"b\"}"
#define PLANS(owner) "https://management.azure.com" owner "/plans?api-version=1"
#define OF_SUBSCRIPTION PLANS("/subscriptions/" SUBSCRIPTION)

static const struct look_up {
    const struct data_source_table *table;
    const char *config, *page;
    const char *url, *out; /* out NULL: it fails, and these are in the error: */
    const char *summary, *detail;
} look_ups[] = {
    /* The first place that the arguments name; a default of the provider's, one of the row's; what
     * is asked for; what the configuration gives stays. */
    { &all, "{\"owner\":\"o'n\"}", PAGE,
      PLANS("/owners/o%27n") "&state=on&$filter=owner%20eq%20%27o%27%27n%27",
      "{\"id\":\"/owners/o'n\",\"owner\":\"o'n\",\"plans\":[{" SHOWN_B "},{" SHOWN_A
      "}],\"state\":\"on\",\"subscription_id\":\"" SUBSCRIPTION "\"}" },
    { &all, "{\"count\":7,\"state\":\"off & on\",\"name\":\"A\",\"size\":3}", PAGE,
      OF_SUBSCRIPTION "&state=off%20%26%20on&n=7",
      "{\"count\":7,\"id\":\"/subscriptions/" SUBSCRIPTION "\",\"name\":\"A\",\"plans\":[{" SHOWN_A
      "}],\"size\":3,\"state\":\"off & on\",\"subscription_id\":\"" SUBSCRIPTION "\"}" },
    { &all, "{\"size\":4}", PAGE, OF_SUBSCRIPTION "&state=on",
      "{\"id\":\"/subscriptions/" SUBSCRIPTION
      "\",\"plans\":[],\"size\":4,\"state\":\"on\",\"subscription_id\":\"" SUBSCRIPTION "\"}" },
    /* The only one that is there. */
    { &only_one, "{}", PAGE, OF_SUBSCRIPTION, NULL, "More than one plan found",
      "several plans:\n\n  2\n  odd id\n" },
    { &only_one, "{\"name\":\"b\"}", PAGE, OF_SUBSCRIPTION,
      "{" SHOWN_B ",\"state\":\"on\",\"subscription_id\":\"" SUBSCRIPTION "\"}" },
    { &only_one, "{\"owner\":\"o\"}", "{\"value\":[]}", PLANS("/owners/o"), NULL, "No plan found",
      "The list /owners/o/plans contains no plan, or" },
    { &only_one, "{\"owner\":\"o\"}", "{\"error\":{\"code\":\"Odd\"}}", PLANS("/owners/o"), NULL,
      "Cannot list plans", "returned an error for the plans of o: Odd" },
};

TEST(a_table_says_what_to_look_up)
{
    for (size_t i = 0; i < sizeof look_ups / sizeof *look_ups; i++) {
        const struct look_up *row = &look_ups[i];
        struct run run;
        read_data(&run, row->table, engine_read_data, row->config, row->page);
        size_t asked = fake_transport_count(run.base.fake);
        assert_string_equal(fake_transport_request(run.base.fake, asked - 1)->url, row->url);
        assert_int_equal(run.result, row->out != NULL ? 0 : -1);
        if (row->out != NULL) {
            assert_true(value_is_wholly_known(run.out));
            json_t *want = json_loads(row->out, 0, NULL), *have = engine_json_from_value(run.out);
            if (!json_equal(want, have))
                fail_msg("%s\nand not\n%s", engine_json_show(run.base.call.arena, run.out),
                         row->out);
            json_decref(want);
            json_decref(have);
        } else {
            assert_string_equal(run.diags.first->summary, row->summary);
            assert_has(run.diags.first->detail, row->detail);
        }
        session_run_end(&run.base);
    }
}
