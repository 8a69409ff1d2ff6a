/* A LIST, page by page: where the next one may be, when there are enough. What is no list, or
 * goes on elsewhere, is in tests/exchanges/registration.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

struct run {
    struct rest_fake *fake;
    char ids[200];        /* of the objects, a comma behind each; '|' behind a page */
    size_t enough, pages; /* enough 0: all */
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

static int list(struct run *run, const char *id, bool is_optional, size_t enough,
                const struct fake_answer *answers)
{
    *run = (struct run){ .enough = enough };
    run->fake = rest_fake_new(answers);
    const struct rest_list things = { .id = id != NULL ? id : "/things",
                                      .api_version = "1",
                                      .is_optional = is_optional,
                                      .failure = &run->failure };
    return rest_list(&run->fake->call, &run->fake->client, &things, take_ids, run, &run->fake->err);
}

static void end(struct run *run)
{
    rest_failure_clear(&run->failure);
    rest_fake_free(run->fake);
}

#define GROUP "/subscriptions/s/resourceGroups/g"
#define PAGE(objects, next) 200, .body = "{\"value\":[" objects "],\"nextLink\":\"" next "\"}"
#define A "{\"id\":\"a\"}"
#define AGAIN .is_last_again = true
#define ARM "https://arm.test"

static const struct {
    const char *what, *ids;
    size_t sent;
    enum error_kind kind; /* ERR_NONE: it is a list */
    struct fake_answer answers[8];
    const char *id; /* NULL: /things */
    size_t enough;
    bool is_optional;
} lists[] = {
    { "pages come in order, and an empty one is not the last", "a,b,||c,|", 3,
      .answers = { { PAGE(A ",{\"id\":\"b\"}", ARM "/x?y=%20z eq 'ä'") },
                   { PAGE("", "https://ARM.test:443/last") },
                   { PAGE("{\"id\":\"c\"}", "") } } },
    { "an object without an ID has the list's and its own name",
      GROUP "/providers/N/a/p/b/X," GROUP "/providers/N/a/p/b/y,own,|", 1,
      .answers = { { 200, .body = "{\"value\":[{\"name\":\"p/X\"},{\"name\":\"y\",\"id\":\"\"},"
                                  "{\"name\":\"z\",\"id\":\"own\"}]}" } },
      .id = GROUP "/providers/N/a/p/b" },
    { "who has enough gets no further page", "a,|", 1, .answers = { { PAGE(A, ARM "/x") } },
      .enough = 1 },
    /* An optional one is given up after three failures, but not for a throttle. */
    { "lost", "", 3, ERR_LOST, { { .fault = ERR_LOST, AGAIN } }, .is_optional = true },
    { "500", "", 3, ERR_REFUSED, { { 500, AGAIN } }, .is_optional = true },
    { "504", "", 3, ERR_REFUSED, { { 504, AGAIN } }, .is_optional = true },
    { "throttled between failures", "a,|", 7,
      .answers = { { 500 },
                   { 429, "Retry-After: 1" },
                   { 429 },
                   { 503, "Retry-After: 1" },
                   { 429, "Retry-After: 1" },
                   { .fault = ERR_LOST },
                   { PAGE(A, "") } },
      .is_optional = true },
};

TEST(a_list_is_all_of_its_pages_or_an_error)
{
    EACH (row, lists) {
        struct run run;
        int result = list(&run, row->id, row->is_optional, row->enough, row->answers);
        if (result != (row->kind != ERR_NONE ? -1 : 0) || run.fake->err.kind != row->kind ||
            strcmp(run.ids, row->ids) != 0 || rest_fake_sent(run.fake) != row->sent)
            fail_msg("%s: %d of kind %d after %zu requests, with %s: %s", row->what, result,
                     run.fake->err.kind, rest_fake_sent(run.fake), run.ids, run.fake->err.text);
        end(&run);
    }
}

TEST(each_page_is_asked_for_where_the_last_one_says_and_again_when_throttled)
{
    struct run run;
    assert_int_equal(list(&run, NULL, false, 0,
                          ANSWERS({ PAGE(A, ARM "/x?y=%20z eq 'ä'") }, { 429, "Retry-After: 7" },
                                  { PAGE("", "https://ARM.test:443/last") }, { PAGE("", "") })),
                     0);
    static const char *const urls[] = { ARM "/things?api-version=1",
                                        ARM "/x?y=%20z%20eq%20'%C3%A4'",
                                        ARM "/x?y=%20z%20eq%20'%C3%A4'",
                                        "https://ARM.test:443/last" };
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(rest_fake_request(run.fake, i)->url, urls[i]);
    assert_true(rest_fake_request(run.fake, 2)->at_ms - rest_fake_request(run.fake, 1)->at_ms >=
                7000);
    end(&run);
}

TEST(what_the_service_said_when_it_refused_is_kept)
{
    struct run run;
    assert_int_equal(list(&run, NULL, false, 0,
                          ANSWERS({ 403, .body = "{\"error\":{\"code\":\"AuthorizationFailed\","
                                                 "\"message\":\"no\"}}" })),
                     -1);
    assert_int_equal(run.fake->err.kind, ERR_REFUSED);
    assert_int_equal(run.failure.status, 403);
    assert_string_equal(run.failure.code, "AuthorizationFailed");
    assert_string_equal(run.failure.message, "no");
    end(&run);
}

TEST(a_list_without_an_alternative_is_retried_until_the_deadline)
{
    static const struct fake_answer failures[] = { { .fault = ERR_LOST, AGAIN },
                                                   { 500, AGAIN },
                                                   { 504, AGAIN } };
    EACH (failure, failures) {
        struct run run;
        assert_int_equal(list(&run, NULL, false, 0, ANSWERS(*failure)), -1);
        assert_true(rest_fake_sent(run.fake) > 3);
        end(&run);
    }
}

TEST_GROUP(fake_clock, true_clock)
