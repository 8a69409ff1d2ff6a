/* Older api-versions, for a service that does not know the newest one.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fixture.h"
#include "support/rest_fake.h"

#define LIST "2018-05-01 2016-06-01 2015-11-01"
#define UNKNOWN "{\"error\":{\"code\":\"NoRegisteredProviderFound\",\"message\":\"No.\"}}"

static int get(struct rest_fake *fake, const char *versions)
{
    const struct rest_request request = { .method = "GET", .id = "/x", .api_version = versions };
    rest_reply_free(take(fake->reply));
    return rest_read(&fake->call, &fake->client, &request, &fake->reply, &fake->err);
}

static void assert_asked(struct rest_fake *fake, size_t number, const char *version)
{
    char end[40];
    snprintf(end, sizeof end, "/x?api-version=%s", version);
    assert_has(rest_fake_request(fake, number)->url, end);
}

TEST(the_next_older_version_is_sent_and_remembered)
{
    auto_rest_fake fake =
        rest_fake_new(ANSWERS({ 400, .body = UNKNOWN }, { 200, .body = "{\"a\":1}" },
                              { 404, .body = "{}" }, { 200, .body = "{}" }));
    fake->client.versions = rest_versions_new();
    assert_int_equal(get(fake, LIST), 0);
    assert_int_equal(fake->reply->status, 200);
    assert_asked(fake, 0, "2018-05-01");
    assert_asked(fake, 1, "2016-06-01");
    assert_int_equal(get(fake, LIST), 0);
    assert_int_equal(fake->reply->status, 404);
    assert_asked(fake, 2, "2016-06-01");
    /* Another list is another question. */
    assert_int_equal(get(fake, "2018-05-01"), 0);
    assert_asked(fake, 3, "2018-05-01");
    rest_versions_free(fake->client.versions);
}

TEST(what_blames_every_version_is_the_answer)
{
    auto_rest_fake fake =
        rest_fake_new(ANSWERS({ 400, .body = UNKNOWN }, { 400, .body = UNKNOWN },
                              { 400, .body = UNKNOWN }, { 400, .body = UNKNOWN }));
    assert_int_equal(get(fake, LIST), 0);
    assert_int_equal(fake->reply->status, 400);
    assert_asked(fake, 2, "2015-11-01");
    assert_int_equal(get(fake, "2018-05-01"), 0);
    assert_int_equal(fake->reply->status, 400);
}
