/* A LIST, page by page: what is a page, where the next one may be, when there are enough.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"
#include "base/clock.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

struct run {
    struct rest_fake fake;
    struct call call;
    struct error err;
    char ids[200]; /* of the objects, a comma behind each; '|' behind a page */
    size_t enough; /* pages; 0: all */
    size_t pages;
    bool is_optional;
    struct rest_failure failure;
};

static int take_ids(void *state, const json_t *objects, struct error *err)
{
    struct run *run = state;
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        strcat(run->ids, json_string_value(json_object_get(object, "id")));
        strcat(run->ids, ",");
    }
    strcat(run->ids, "|");
    return ++run->pages == run->enough;
}

static int list_of(struct run *run, const char *id, const struct fake_answer *answers)
{
    const struct rest_list things = { .id = id,
                                      .api_version = "1",
                                      .is_optional = run->is_optional,
                                      .failure = &run->failure };
    *run = (struct run){ .enough = run->enough };
    rest_fake_begin(&run->fake, answers);
    call_init(&run->call, NULL);
    run->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    return rest_list(&run->call, &run->fake.client, &things, take_ids, run, &run->err);
}

static int list(struct run *run, const struct fake_answer *answers)
{
    return list_of(run, "/things", answers);
}

static const char *url(struct run *run, size_t number)
{
    return fake_transport_request(run->fake.transport, number)->url;
}

static void end(struct run *run)
{
    call_clear(&run->call);
    rest_failure_clear(&run->failure);
    rest_fake_end(&run->fake);
}

TEST(pages_come_in_order_and_an_empty_one_is_not_the_last)
{
    struct run run = { 0 };
    assert_int_equal(
        list(&run,
             (const struct fake_answer[]){
                 { 200, .body = "{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
                                "\"nextLink\":\"https://arm.test/x?y=%20z\"}" },
                 { 200, .body = "{\"value\":[],"
                                "\"nextLink\":\"https://ARM.test:443/last\"}" },
                 { 200, .body = "{\"value\":[{\"id\":\"c\"}],\"nextLink\":\"\"}" },
                 { 0 } }),
        0);
    assert_string_equal(run.ids, "a,b,||c,|");
    assert_string_equal(url(&run, 0), "https://arm.test/things?api-version=1");
    assert_string_equal(url(&run, 1), "https://arm.test/x?y=%20z");
    assert_string_equal(url(&run, 2), "https://ARM.test:443/last");
    end(&run);
}

TEST(an_empty_body_is_a_list_of_nothing)
{
    struct run run = { 0 };
    assert_int_equal(list(&run, (const struct fake_answer[]){ { .status = 200 }, { 0 } }),
                     0);
    assert_string_equal(run.ids, "");
    assert_int_equal(fake_transport_count(run.fake.transport), 1);
    end(&run);
}

#define GROUP "/subscriptions/s/resourceGroups/g"
TEST(an_object_without_an_id_has_the_lists_and_its_own_name)
{
    struct run run = { 0 };
    assert_int_equal(
        list_of(
            &run, GROUP "/providers/N/a/p/b",
            (const struct fake_answer[]){
                { 200, .body =
                           "{\"value\":[{\"name\":\"p/X\"},{\"name\":\"y\",\"id\":\"\"},"
                           "{\"name\":\"z\",\"id\":\"own\"}]}" },
                { 0 } }),
        0);
    assert_string_equal(run.ids,
                        GROUP "/providers/N/a/p/b/X," GROUP "/providers/N/a/p/b/y,own,|");
    end(&run);
}

/* It may be in any resource group. */
TEST(an_object_of_a_list_of_a_subscription_cannot_be_named_so)
{
    struct run run = { 0 };
    assert_int_equal(
        list_of(&run, "/subscriptions/s/providers/N/a",
                (const struct fake_answer[]){
                    { 200, .body = "{\"value\":[{\"name\":\"x\"}]}" }, { 0 } }),
        -1);
    assert_int_equal(run.err.kind, ERR_SHAPE);
    end(&run);
}

TEST(what_the_service_said_when_it_refused_is_kept)
{
    struct run run = { 0 };
    assert_int_equal(
        list(&run,
             (const struct fake_answer[]){
                 { 403, .body = "{\"error\":{\"code\":\"AuthorizationFailed\","
                                "\"message\":\"no\"}}" },
                 { 0 } }),
        -1);
    assert_int_equal(run.failure.status, 403);
    assert_string_equal(run.failure.code, "AuthorizationFailed");
    assert_string_equal(run.failure.message, "no");
    end(&run);
}

TEST(the_same_page_under_another_address_is_a_circle)
{
    struct run run = { 0 };
    assert_int_equal(list(&run,
                          (const struct fake_answer[]){
                              { 200, .body = "{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
                                             "\"nextLink\":\"https://arm.test/1\"}" },
                              { 200, .body = "{\"value\":[{\"id\":\"c\"}],"
                                             "\"nextLink\":\"https://arm.test/2\"}" },
                              { 200, .body = "{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
                                             "\"nextLink\":\"https://arm.test/3\"}" },
                              { 0 } }),
                     -1);
    assert_int_equal(run.err.kind, ERR_SHAPE);
    assert_string_equal(run.ids, "a,b,|c,|");
    end(&run);
}

TEST(who_has_enough_gets_no_further_page)
{
    struct run run = { .enough = 1 };
    assert_int_equal(list(&run,
                          (const struct fake_answer[]){
                              { 200, .body = "{\"value\":[{\"id\":\"a\"}],"
                                             "\"nextLink\":\"https://arm.test/x\"}" },
                              { 0 } }),
                     0);
    assert_string_equal(run.ids, "a,|");
    assert_int_equal(fake_transport_count(run.fake.transport), 1);
    end(&run);
}

TEST(what_is_no_list_is_an_error)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
        size_t sent;
    } rows[] = {
        { 200, "{}", ERR_SHAPE, 1 },
        { 200, "{\"value\":{}}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{}]}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{\"id\":1}]}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{\"id\":\"\",\"name\":\"\"}]}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{\"name\":\"x/\"}]}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{\"name\":\"x\"}]}", ERR_SHAPE, 1 }, /* of no known parent */
        { 200, "{\"value\":[3]}", ERR_SHAPE, 1 },
        { 200, "{\"value\":[{\"id\":\"a\"},", ERR_SHAPE, 3 },
        { 200, "<html>", ERR_SHAPE, 3 },
        { 204, NULL, ERR_REFUSED, 1 },
        { 403, "{\"error\":{\"code\":\"AuthorizationFailed\"}}", ERR_REFUSED, 1 },
        { 404, NULL, ERR_REFUSED, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run = { 0 };
        int result =
            list(&run, (const struct fake_answer[]){ { .status = rows[i].status,
                                                       .body = rows[i].body,
                                                       .is_last_again = true } });
        if (result != -1 || run.err.kind != rows[i].kind)
            fail_msg("row %zu: %d, %s", i, result, run.err.text);
        assert_string_equal(run.ids, "");
        assert_int_equal(fake_transport_count(run.fake.transport), rows[i].sent);
        end(&run);
    }
}

TEST(a_list_that_goes_on_at_another_host_is_refused_before_anything_is_sent)
{
    static const char *const links[] = {
        "https://evil.test/things",
        "http://arm.test/things",
        "https://arm.test:444/things",
        "//evil.test/things",
        "https://arm.test@evil.test/",
        "https://arm.test.evil.test/",
        "/things?page=2",
        "things",
        "https://arm.test\\\\@evil.test/",
    };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        char body[200];
        snprintf(body, sizeof body, "{\"value\":[{\"id\":\"a\"}],\"nextLink\":\"%s\"}",
                 links[i]);
        struct run run = { 0 };
        if (list(&run, (const struct fake_answer[]){
                           { 200, .body = body, .is_last_again = true } }) != -1)
            fail_msg("\"%s\" is followed", links[i]);
        assert_int_equal(run.err.kind, ERR_REFUSED);
        assert_int_equal(fake_transport_count(run.fake.transport), 1);
        end(&run);
    }
}

TEST(a_circle_ends)
{
    struct run run = { 0 };
    assert_int_equal(
        list(&run,
             (const struct fake_answer[]){
                 { 200, .body = "{\"value\":[],\"nextLink\":\"https://arm.test/2\"}" },
                 { 200, .body = "{\"value\":[],\"nextLink\":\"https://arm.test/3\"}" },
                 { 200, .body = "{\"value\":[],\"nextLink\":\"https://arm.test/2\"}",
                   .is_last_again = true } }),
        -1);
    assert_int_equal(run.err.kind, ERR_SHAPE);
    assert_int_equal(fake_transport_count(run.fake.transport), 3);
    end(&run);
}

TEST(a_page_that_was_throttled_is_asked_for_again)
{
    struct run run = { 0 };
    assert_int_equal(list(&run,
                          (const struct fake_answer[]){
                              { 200, .body = "{\"value\":[{\"id\":\"a\"}],"
                                             "\"nextLink\":\"https://arm.test/2\"}" },
                              { 429, .headers = "Retry-After: 7" },
                              { 200, .body = "{\"value\":[{\"id\":\"b\"}]}" },
                              { 0 } }),
                     0);
    assert_string_equal(run.ids, "a,|b,|");
    const struct fake_request *first = fake_transport_request(run.fake.transport, 1);
    const struct fake_request *again = fake_transport_request(run.fake.transport, 2);
    assert_string_equal(again->url, "https://arm.test/2");
    assert_true(again->at_ms - first->at_ms >= 7000);
    end(&run);
}

TEST(an_optional_list_is_given_up_after_three_failures_but_not_for_a_throttle)
{
    static const struct fake_answer rows[] = {
        { .fault = ERR_LOST, .is_last_again = true },
        { .status = 500, .is_last_again = true },
        { .status = 504, .is_last_again = true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run = { .is_optional = true };
        assert_int_equal(list(&run, (const struct fake_answer[]){ rows[i], { 0 } }), -1);
        assert_int_equal(fake_transport_count(run.fake.transport), 3);
        end(&run);
        /* Who has nothing else goes on until time is over. */
        run = (struct run){ .is_optional = false };
        assert_int_equal(list(&run, (const struct fake_answer[]){ rows[i], { 0 } }), -1);
        assert_true(fake_transport_count(run.fake.transport) > 3);
        end(&run);
    }
    struct run run = { .is_optional = true };
    assert_int_equal(list(&run,
                          (const struct fake_answer[]){
                              { .status = 500 },
                              { 429, .headers = "Retry-After: 1" },
                              { .status = 429 },
                              { 503, .headers = "Retry-After: 1" },
                              { 429, .headers = "Retry-After: 1" },
                              { .fault = ERR_LOST },
                              { 200, .body = "{\"value\":[{\"id\":\"a\"}]}" },
                              { 0 } }),
                     0);
    assert_string_equal(run.ids, "a,|");
    end(&run);
}

TEST_GROUP(fake_clock, true_clock)
