/* What ARM's refusals become where they are huge; tests/exchanges/rest has their shapes.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/failure.h"
#include "base/text.h"
#include "rest/json.h"
#include "support/fixture.h"
#include "support/fake_transport.h"

static struct rest_failure parse(const char *body)
{
    auto_http_reply reply = fake_reply(400, NULL, body);
    json_t *json = rest_json_parse_object(reply->body);
    struct rest_failure failure;
    rest_failure_read(&failure, &dialect_arm, reply, json);
    json_decref(json);
    return failure;
}

TEST(error_text_that_is_too_deep_is_shown_as_text)
{
    enum { DEEP = 100 * 1000 }; /* no JSON for us, and no stack overflow */
    auto_arena texts = arena_new();
    char *deep = arena_take_many(texts, DEEP + 1, 1);
    memset(deep, '[', DEEP);
    struct rest_failure failure = parse(deep);
    assert_string_equal(failure.code, "");
    assert_in_range(strlen(failure.message), 250, 300);
    rest_failure_clear(&failure);
}

TEST(error_text_that_is_very_long_is_cut_and_not_lost)
{
    static const size_t lengths[] = { 7000, 30 * 1000, 100 * 1000, 1000 * 1000 };
    EACH (length, lengths) {
        auto_arena texts = arena_new();
        char *text = arena_take_many(texts, *length + 1, 1);
        for (size_t k = 0; k + 3 <= *length; k += 3)
            memcpy(text + k, "\xe2\x82\xac", 4);
        struct rest_failure failure =
            parse(arena_print(texts, "{\"error\":{\"code\":\"C\",\"message\":\"%s\"}}", text));
        assert_string_equal(failure.code, "C");
        assert_in_range(strlen(failure.message), 6000, 6 * 1024);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        assert_memory_equal(failure.message, text, 3000);
        rest_failure_clear(&failure);
        /* And as a code, and in a detail behind which there is another. */
        failure = parse(arena_print(texts,
                                    "{\"error\":{\"code\":\"%s\",\"message\":\"m.\",\"details\":[{"
                                    "\"code\":\"D\",\"message\":\"%s\"}]}}",
                                    text, text));
        assert_in_range(strlen(failure.code), 190, 200);
        assert_memory_equal(failure.message, "m.\n- D: \xe2\x82\xac", 11);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        rest_failure_clear(&failure);
    }
}

TEST_GROUP(fake_clock, true_clock)
