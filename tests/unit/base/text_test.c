/* Small questions about text.
 * SPDX-License-Identifier: MPL-2.0 */
#include <locale.h>
#include <wchar.h>

#include "base/text.h"
#include "support/linear.h"
#include "support/test.h"

#define REPLACED "\xEF\xBF\xBD"
#define DOTS "\xE2\x80\xA6"

TEST(comparing_knows_only_ascii)
{
    static const struct {
        const char *one, *other;
        bool is_equal, is_equal_ignoring_case;
    } rows[] = {
        { "a", "a", true, true },
        { "a", "A", false, true },
        { "ResourceGroups", "resourcegroups", false, true },
        { "a", "ab", false, false },
        { "[@", "{`", false, false },          /* one bit apart, and no letters */
        { "k", "\xE2\x84\xAA", false, false }, /* U+212A, which some locales take for a K */
        { "\xC3\x84", "\xC3\xA4", false, false },
        { NULL, NULL, true, true },
        { NULL, "", false, false },
    };
    EACH (row, rows) {
        assert_int_equal(text_equal(row->one, row->other), row->is_equal);
        assert_int_equal(text_equal(row->other, row->one), row->is_equal);
        assert_int_equal(text_equal_ignoring_case(row->one, row->other),
                         row->is_equal_ignoring_case);
        assert_int_equal(text_equal_ignoring_case(row->other, row->one),
                         row->is_equal_ignoring_case);
    }
    assert_true(text_starts_ignoring_case("Bearer abc", "bearer "));
    assert_true(text_starts_ignoring_case("abc", "ABC"));
    assert_true(text_starts_ignoring_case("abc", ""));
    assert_false(text_starts_ignoring_case("ab", "abc"));
    assert_true(text_ends_ignoring_case("WidgetNotFound", "notfound"));
    assert_false(text_ends_ignoring_case("Found", "NotFound"));
    static const char *const list[] = { "a", "Bc", NULL };
    assert_true(text_is_one_of("bC", list));
    assert_false(text_is_one_of("b", list) || text_is_one_of(NULL, list) ||
                 text_is_one_of("a", NULL));
}

TEST(lowering_leaves_everything_but_letters)
{
    auto_arena arena = arena_new();
    assert_string_equal(text_lower(arena, "A-Z[@_\xC3\x84"), "a-z[@_\xC3\x84");
    assert_true(text_is_lower("a-z09\xC3\x84"));
    assert_false(text_is_lower("abC"));
    assert_true(text_is_lower(""));
}

TEST(a_sentence_begins_with_a_capital_letter_and_ends_with_a_full_stop)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        { "the name x does not resolve", "The name x does not resolve." },
        { "registration \"a\": no.", "Registration \"a\": no." },
        { "partner's subscription", "Partner's subscription." },
        { "client_id is not set", "client_id is not set." },
        { "proxy.url is wrong.", "proxy.url is wrong." },
        { "https://a.b: no", "https://a.b: no." },
        { "/a/b is gone", "/a/b is gone." },
        { "\"x\" is no ID", "\"x\" is no ID." },
        { "Azure says no", "Azure says no." },
        { "\xC3\xA4 is", "\xC3\xA4 is." },
        { "he says: \"no.\"", "He says: \"no.\"" },
        { "", "." },
    };
    auto_arena arena = arena_new();
    EACH (row, rows)
        assert_string_equal(text_sentence(arena, row->text), row->sentence);
}

TEST(guid_is_of_one_form_only)
{
    assert_true(text_is_guid("00000000-0000-0000-0000-000000000000"));
    assert_true(text_is_guid("DeadBeef-0123-4567-89ab-CDEF01234567"));
    static const char *const wrong[] = {
        "",
        "deadbeef",
        "deadbeef-0123-4567-89ab-cdef0123456",
        "gggggggg-0123-4567-89ab-cdef01234567",
        "deadbeef-0123-4567-89ab-cdef012345678",
        "{deadbeef-0123-4567-89ab-cdef01234567}",
        "deadbeef00123-4567-89ab-cdef01234567",
        "deadbeef-0123-4567-89ab-cdef01234567 ",
        " deadbeef-0123-4567-89ab-cdef0123456",
        "deadbeef-01-23-4567-89ab-cdef0123456",
    };
    EACH (text, wrong)
        if (text_is_guid(*text))
            fail_msg("taken for a guid: %s", *text);
    assert_false(text_is_guid(NULL));
}

TEST(guid_new_is_random_and_of_version_4)
{
    char one[TEXT_GUID_BYTES], other[TEXT_GUID_BYTES];
    text_new_guid(one);
    text_new_guid(other);
    assert_true(text_is_guid(one));
    assert_true(text_is_lower(one));
    assert_string_not_equal(one, other);
    for (int i = 0; i < 100; i++) {
        text_new_guid(one);
        assert_int_equal(one[14], '4');
        assert_non_null(strchr("89ab", one[19]));
    }
}

TEST(utf8_ill_formed_sequences_are_found)
{
    /* Unicode 15, table 3-7: the borders of what is well formed, and what lies behind. */
    /* clang-format off */
    static const char *const good[] = {
        "", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
    };
    static const char *const bad[] = {
        "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2" "a", "\xE0\x9F\xBF", "\xE1\x80",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xE1\x80" "a", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xC3", "\xC3\xA4\xA4",
    };
    /* clang-format on */
    EACH (text, good)
        if (!text_is_utf8(*text, strlen(*text)))
            fail_msg("good text %td is refused", text - good);
    EACH (text, bad)
        if (text_is_utf8(*text, strlen(*text)))
            fail_msg("bad text %td is taken", text - bad);
    assert_true(text_is_utf8("a\0b", 3));
}

static void assert_clean(const char *text, size_t length, size_t most, const char *want)
{
    auto_arena arena = arena_new();
    assert_string_equal(text_clean(arena, text, length, most), want);
}
#define CLEAN(text, most, want) assert_clean(text, sizeof text - 1, most, want)

TEST(text_clean_replaces_what_a_diagnostic_must_not_hold)
{
    CLEAN("", 10, "");
    CLEAN("two\nlines\tand a tab", 100, "two\nlines\tand a tab");
    CLEAN("a\x1B[31mred\r\x7F\0z", 100, "a [31mred   z");
    CLEAN("\xC2\x9B"
          "31m \xC2\xA0",
          100, " 31m \xC2\xA0"); /* CSI as one character; NBSP stays */
    CLEAN("M\xC3\xA4\xFFr\xC3", 100, "M\xC3\xA4" REPLACED "r" REPLACED);
    CLEAN("\xE2\x82", 100, REPLACED REPLACED); /* each broken byte */
    CLEAN("\xF0\x9F\x98\x80", 100, "\xF0\x9F\x98\x80");
}

static void assert_hidden(unsigned point, bool is_hidden)
{
    char text[8];
    wchar_t wide[2] = { (wchar_t)point };
    size_t bytes = wcstombs(text, wide, sizeof text);
    assert_int_equal(text_utf8_next(text, bytes), bytes);
    assert_int_equal(text_utf8_point(text, bytes), point);
    if (text_is_hidden(point) != is_hidden)
        fail_msg("U+%04X", point);
    assert_clean(text, bytes, 100, is_hidden ? REPLACED : text);
}

TEST(text_clean_shows_what_hides_or_moves_text)
{
    /* The first and the last of each kind, and their neighbours. */
    /* clang-format off */
    static const unsigned hidden[] = {
        0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060,
        0x2066, 0x2069, 0x206F, 0x3164, 0xE000, 0xF8FF, 0xFDD0, 0xFDEF, 0xFE00, 0xFE0F, 0xFEFF,
        0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFE, 0xDFFFF, 0xE0001, 0xE0041, 0xE01EF, 0xF0000, 0x10FFFF,
    };
    static const unsigned shown[] = {
        0xAC, 0xAE, 0x200A, 0x2010, 0x2027, 0x202F, 0x2070, 0xD7FF, 0xF900, 0xFFFC, 0xFFFD,
        0x1F600,
    };
    /* clang-format on */
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    EACH (point, hidden)
        assert_hidden(*point, true);
    EACH (point, shown)
        assert_hidden(*point, false);
    for (unsigned point = 0; point < 0x80; point++)
        assert_false(text_is_hidden(point));
    setlocale(LC_CTYPE, "C");
}

TEST(text_clean_ends_a_flood_of_marks)
{
#define MARK "\xCC\x81"
    CLEAN("a" MARK MARK MARK MARK MARK MARK "b" MARK, 100, "a" MARK MARK MARK MARK "b" MARK);
    CLEAN(MARK MARK MARK MARK MARK, 100, MARK MARK MARK MARK);
}

TEST(text_clean_of_one_line_has_one)
{
    auto_arena arena = arena_new();
    static const char text[] = "a\r\n\nb\tc\xE2\x80\xA8"
                               "d";
    assert_string_equal(text_clean_line(arena, text, sizeof text - 1, 100), "a   b c" REPLACED "d");
    assert_string_equal(text_clean_line(arena, text, sizeof text - 1, 5), "a " DOTS);
}

TEST(text_clean_of_a_quote_has_no_paragraphs)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "", "" },
        { "\n\n", "" },
        { "a", "a" },
        { "a\n\nWhat to do: b", "a\n  What to do: b" },
        { "\n \t\na\r\n\r\n  b\n", "a \n    b" },
    };
    auto_arena arena = arena_new();
    EACH (row, rows)
        assert_string_equal(text_clean_quote(arena, row->text, strlen(row->text), 100), row->want);
}

static void clean(const char *text, size_t length)
{
    auto_arena arena = arena_new();
    text_clean(arena, text, length, SIZE_MAX);
    text_clean_line(arena, text, length, 100);
    text_clean_quote(arena, text, length, SIZE_MAX);
}

TEST(text_clean_takes_time_in_proportion_to_the_text)
{
    static const char *const patterns[] = { "\n",       "a\n", "\xFF",         "\xCC\x81",
                                            "\xE2\x80", "\r",  "\xE2\x80\xAE", "a" };
    EACH (pattern, patterns)
        linear_check(clean, "", *pattern);
}

TEST(text_clean_cuts_between_characters)
{
    CLEAN("abcdef", 6, "abcdef");
    CLEAN("abcdefg", 6, "abc" DOTS);
    CLEAN("ab\xC3\xA4"
          "cd",
          5, "ab" DOTS);
    CLEAN("\xC3\xA4\xC3\xA4\xC3\xA4", 5, "\xC3\xA4" DOTS);
    CLEAN("\xFF\xFF\xFF", 6, REPLACED DOTS);
    CLEAN("\xFF\xFF\xFF", 5, DOTS);
    CLEAN("abcdef", 3, DOTS);
    CLEAN("abcdef", 2, "");
    CLEAN("abcdef", 0, "");
    CLEAN("ab", SIZE_MAX, "ab");
}

TEST(percent_encoding_spares_the_unreserved)
{
    auto_arena arena = arena_new();
    assert_string_equal(text_encode_percent(arena, "aZ09-._~"), "aZ09-._~");
    assert_string_equal(text_encode_percent(arena, "a b/c?d=%&+\xC3\xA4"),
                        "a%20b%2Fc%3Fd%3D%25%26%2B%C3%A4");
    assert_string_equal(text_encode_percent(arena, ""), "");
}

TEST(json_characters_are_escaped)
{
    static const struct {
        const char *text, *want;
        size_t length, taken;
    } rows[] = {
        { "\"", "\\\"", 1, 1 },
        { "\\", "\\\\", 1, 1 },
        { "\n", "\\n", 1, 1 },
        { "\0", "\\u0000", 1, 1 },
        { "\x1F", "\\u001f", 1, 1 },
        { "a\"", "a", 2, 1 },
        { "\xC3\xA4x", "\xC3\xA4", 3, 2 },
        { "\xC3x", REPLACED, 2, 1 },
        { "\xC3\xA4", REPLACED, 1, 1 },
    };
    EACH (row, rows) {
        char out[TEXT_JSON_CHAR_BYTES];
        size_t taken, bytes = text_json_char(row->text, row->length, out, &taken);
        assert_int_equal(bytes, strlen(row->want));
        assert_memory_equal(out, row->want, bytes);
        assert_int_equal(taken, row->taken);
    }
}

TEST(durations_are_read_as_go_reads_them)
{
    static const struct {
        const char *text;
        long long ms;
    } rows[] = {
        { "1h30m", 5400000 }, { "90s", 90000 },
        { "1.5h", 5400000 },  { "500ms", 500 },
        { "30m", 1800000 },   { "+5s", 5000 },
        { "1m0s", 60000 },    { ".5s", 500 },
        { "5.s", 5000 },      { "1us", 1 },
        { "1\xC2\xB5s", 1 },  { "1\xCE\xBCs", 1 },
        { "1500us", 2 },      { "1ns", 1 },
        { "1s1s", 2000 },     { "2562047h47m16.854s", 9223372036854 },
        { "0.0001s", 1 },     { "1h0.100000000000000000000000001s", 3600100 },
    };
    EACH (row, rows) {
        long long ms = -1;
        if (text_parse_duration_ms(row->text, &ms) != 0 || ms != row->ms)
            fail_msg("%s is read as %lld ms", row->text, ms);
    }
    /* Those that Go refuses, and those that are none. */
    /* clang-format off */
    static const char *const wrong[] = {
        "", "0", "0s", "0h0m", "-5s", "5", "5x", "s", ".s", "1h 30m", " 1h", "1h ", "1d", "1H",
        "1.2.3s", "+", "1e3s", "0x1s", "2562047h47m17s", "99999999999999999999h",
        "9223372036854775807h", "1m-5s", "++1s",
    };
    /* clang-format on */
    long long ms = 77;
    EACH (text, wrong)
        if (text_parse_duration_ms(*text, &ms) != -1 || ms != 77)
            fail_msg("%s is taken", *text);
    assert_int_equal(text_parse_duration_ms(NULL, &ms), -1);
}
