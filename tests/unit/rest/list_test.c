/* A LIST, page by page: what is a page, where the next one may be, when there are enough.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

struct run {
    struct rest_fake fake;
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
    rest_fake_begin(&run->fake, answers);
    const struct rest_list things = { .id = id != NULL ? id : "/things",
                                      .api_version = "1",
                                      .is_optional = is_optional,
                                      .failure = &run->failure };
    return rest_list(&run->fake.call, &run->fake.client, &things, take_ids, run, &run->fake.err);
}

static void end(struct run *run)
{
    rest_failure_clear(&run->failure);
    rest_fake_end(&run->fake);
}

#define GROUP "/subscriptions/s/resourceGroups/g"
#define PAGE(objects, next) 200, .body = "{\"value\":[" objects "],\"nextLink\":\"" next "\"}"
#define A "{\"id\":\"a\"}"
#define AGAIN .is_last_again = true
#define ARM "https://arm.test"

static const struct {
    const char *what;
    struct fake_answer answers[8];
    const char *ids;
    size_t sent;
    enum error_kind kind; /* ERR_NONE: it is a list */
    const char *id;       /* NULL: /things */
    size_t enough;
    bool is_optional;
} lists[] = {
    { "pages come in order, and an empty one is not the last",
      { { PAGE(A ",{\"id\":\"b\"}", ARM "/x?y=%20z eq 'ä'") },
        { PAGE("", "https://ARM.test:443/last") },
        { PAGE("{\"id\":\"c\"}", "") } },
      "a,b,||c,|",
      3 },
    { "an empty body is a list of nothing", { { 200 } }, "", 1 },
    { "an object without an ID has the list's and its own name",
      { { 200, .body = "{\"value\":[{\"name\":\"p/X\"},{\"name\":\"y\",\"id\":\"\"},"
                       "{\"name\":\"z\",\"id\":\"own\"}]}" } },
      GROUP "/providers/N/a/p/b/X," GROUP "/providers/N/a/p/b/y,own,|",
      1,
      .id = GROUP "/providers/N/a/p/b" },
    { "an object of a subscription's list may be in any resource group",
      { { 200, .body = "{\"value\":[{\"name\":\"x\"}]}" } },
      "",
      1,
      ERR_SHAPE,
      .id = "/subscriptions/s/providers/N/a" },
    { "the same page under another address is a circle",
      { { PAGE(A, ARM "/1") }, { PAGE("{\"id\":\"c\"}", ARM "/2") }, { PAGE(A, ARM "/3") } },
      "a,|c,|",
      3,
      ERR_SHAPE },
    { "an address that comes again is a circle",
      { { PAGE("", ARM "/2") }, { PAGE("", ARM "/3") }, { PAGE("", ARM "/2"), AGAIN } },
      "||",
      3,
      ERR_SHAPE },
    { "who has enough gets no further page", { { PAGE(A, ARM "/x") } }, "a,|", 1, .enough = 1 },
    /* What is no list. */
    { "no value", { { 200, .body = "{}", AGAIN } }, "", 1, ERR_SHAPE },
    { "no array", { { 200, .body = "{\"value\":{}}", AGAIN } }, "", 1, ERR_SHAPE },
    { "no ID", { { PAGE("{}", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "no text", { { PAGE("{\"id\":1}", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "empty", { { PAGE("{\"id\":\"\",\"name\":\"\"}", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "half a name", { { PAGE("{\"name\":\"x/\"}", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "of no parent", { { PAGE("{\"name\":\"x\"}", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "no object", { { PAGE("3", ""), AGAIN } }, "", 1, ERR_SHAPE },
    { "cut", { { 200, .body = "{\"value\":[{\"id\":\"a\"},", AGAIN } }, "", 3, ERR_SHAPE },
    { "HTML", { { 200, .body = "<html>", AGAIN } }, "", 3, ERR_SHAPE },
    { "204", { { 204, AGAIN } }, "", 1, ERR_REFUSED },
    { "404", { { 404, AGAIN } }, "", 1, ERR_REFUSED },
/* One that goes on elsewhere is refused before anything is sent there. */
#define LINK(url)                                                                                  \
    {                                                                                              \
        url, { { PAGE(A, url), AGAIN } }, "", 1, ERR_REFUSED                                       \
    }
    LINK("https://evil.test/things"),
    LINK("http://arm.test/things"),
    LINK("https://arm.test:444/things"),
    LINK("//evil.test/things"),
    LINK("https://arm.test@evil.test/"),
    LINK("https://arm.test.evil.test/"),
    LINK("/things?page=2"),
    LINK("things"),
    LINK("https://arm.test\\\\@evil.test/"),
    /* An optional one is given up after three failures, but not for a throttle. */
    { "lost", { { .fault = ERR_LOST, AGAIN } }, "", 3, ERR_LOST, .is_optional = true },
    { "500", { { 500, AGAIN } }, "", 3, ERR_REFUSED, .is_optional = true },
    { "504", { { 504, AGAIN } }, "", 3, ERR_REFUSED, .is_optional = true },
    { "throttled between failures",
      { { 500 },
        { 429, "Retry-After: 1" },
        { 429 },
        { 503, "Retry-After: 1" },
        { 429, "Retry-After: 1" },
        { .fault = ERR_LOST },
        { PAGE(A, "") } },
      "a,|",
      7,
      .is_optional = true },
};

TEST(a_list_is_all_of_its_pages_or_an_error)
{
    EACH (row, lists) {
        struct run run;
        int result = list(&run, row->id, row->is_optional, row->enough, row->answers);
        if (result != (row->kind != ERR_NONE ? -1 : 0) || run.fake.err.kind != row->kind ||
            strcmp(run.ids, row->ids) != 0 || rest_fake_sent(&run.fake) != row->sent)
            fail_msg("%s: %d of kind %d after %zu requests, with %s: %s", row->what, result,
                     run.fake.err.kind, rest_fake_sent(&run.fake), run.ids, run.fake.err.text);
        end(&run);
    }
}

TEST(each_page_is_asked_for_where_the_last_one_says)
{
    struct run run;
    assert_int_equal(list(&run, NULL, false, 0, lists[0].answers), 0);
    static const char *const urls[] = { ARM "/things?api-version=1",
                                        ARM "/x?y=%20z%20eq%20'%C3%A4'",
                                        "https://ARM.test:443/last" };
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(rest_fake_request(&run.fake, i)->url, urls[i]);
    end(&run);
}

TEST(what_the_service_said_when_it_refused_is_kept)
{
    struct run run;
    assert_int_equal(list(&run, NULL, false, 0,
                          ANSWERS({ 403, .body = "{\"error\":{\"code\":\"AuthorizationFailed\","
                                                 "\"message\":\"no\"}}" })),
                     -1);
    assert_int_equal(run.fake.err.kind, ERR_REFUSED);
    assert_int_equal(run.failure.status, 403);
    assert_string_equal(run.failure.code, "AuthorizationFailed");
    assert_string_equal(run.failure.message, "no");
    end(&run);
}

TEST(a_page_that_was_throttled_is_asked_for_again)
{
    struct run run;
    assert_int_equal(list(&run, NULL, false, 0,
                          ANSWERS({ PAGE(A, ARM "/2") }, { 429, "Retry-After: 7" },
                                  { PAGE("{\"id\":\"b\"}", "") })),
                     0);
    assert_string_equal(run.ids, "a,|b,|");
    const struct fake_request *first = rest_fake_request(&run.fake, 1);
    const struct fake_request *again = rest_fake_request(&run.fake, 2);
    assert_string_equal(again->url, ARM "/2");
    assert_true(again->at_ms - first->at_ms >= 7000);
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
        assert_true(rest_fake_sent(&run.fake) > 3);
        end(&run);
    }
}

TEST_GROUP(fake_clock, true_clock)
