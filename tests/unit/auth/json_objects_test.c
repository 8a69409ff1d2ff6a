/* Objects among other text: which ones are found, and that it takes no longer than the text.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/json_objects.h"
#include "support/linear.h"
#include "support/test.h"

TEST(objects_are_found_among_other_text)
{
    static const struct {
        const char *text, *found; /* with a bar between them */
    } rows[] = {
        { "", "" },
        { "{}", "{}" },
        { "a {} b {\"c\":1} d", "{}|{\"c\":1}" },
        { "{\"a\":{\"b\":{}},\"c\":[{},{}]}", "{\"a\":{\"b\":{}},\"c\":[{},{}]}" },
        { "{ \"a\" : [ -1.5e+3 , true , null , \"x\" ] }",
          "{ \"a\" : [ -1.5e+3 , true , null , \"x\" ] }" },
        { "[{\"a\":1},{\"b\":2}]", "{\"a\":1}|{\"b\":2}" },
        /* Braces and quotes in strings. */
        { "{\"a\":\"}{\"}", "{\"a\":\"}{\"}" },
        { "{\"a\":\"\\\"}{}\"}", "{\"a\":\"\\\"}{}\"}" },
        { "{\"a\":\"\\\\\"}{}", "{\"a\":\"\\\\\"}|{}" },
        /* What only looks like one. */
        { "{'a': 'b'} {}", "{}" },
        { "{a: {}} {\"b\":2}", "{}|{\"b\":2}" },
        { "{\"a\":1,} {\"a\" 1} {\"a\":} {\"a\":1 2} {,} {:} {1} {]", "" },
        { "{\"a\":[1}] {\"a\":[1]]", "" },
        { "{\"a\":[,]} {\"a\":[1,]} {\"a\":tru} {\"a\":truex} {\"a\":\\}", "" },
        { "{\"a\nb\":1} {\"a\":\"b\n\"} {\"a\":\"b\\\n\"}", "" },
        /* One that is never closed hides no other one. */
        { "{\"a\": {\"b\":1}", "{\"b\":1}" },
        { "{\"a\": {\"b\":{\"c\":{}}}, oops {\"d\":1}", "{\"b\":{\"c\":{}}}|{\"d\":1}" },
        { "{\"a {\"b\":1}", "{\"b\":1}" },
        { "{\"a\":\"{\"b\":\"{\"c\":1}", "{\"c\":1}" },
        { "\" {} \" {\"a\":\"", "{}" },
        { "{", "" },
        { "{\"a\":\"\\", "" },
        { "}}]]{}", "{}" },
    };
    EACH (row, rows) {
        auto_arena arena = arena_new();
        /* No byte behind it may be read. */
        size_t length = strlen(row->text);
        const char *text = arena_copy(arena, row->text, length);
        struct bytes *found;
        size_t count = json_objects_find(arena, BYTES(text, length), &found);
        const char *have = "";
        for (size_t k = 0; k < count; k++)
            have = arena_print(arena, "%s%s%.*s", have, k != 0 ? "|" : "", (int)found[k].length,
                               (const char *)found[k].data);
        if (strcmp(have, row->found) != 0)
            fail_msg("%s: %s and not %s", row->text, have, row->found);
    }
}

static void find(const char *text, size_t length)
{
    auto_arena arena = arena_new();
    struct bytes *found;
    json_objects_find(arena, BYTES(text, length), &found);
}

/* A scan that starts again at each brace takes minutes for each of these. */
TEST(no_text_takes_longer_than_its_length)
{
    EACH_TEXT (pattern, "{", "{\"a\":", "{\"a\":{},", "{\"", "{\"a\":[", "{\"{\":\"{",
               "{\"a\":\"{\\\"", "{\"a\":{\"b\":\"{\",\"c\":", "{\"{\":{ ", "{\"a\":\"{ ",
               "{\"a\":1,\"b\":\"{\",\"c\":")
        linear_check(find, "", pattern);
}
