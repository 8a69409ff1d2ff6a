/* Small questions about text.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "support/linear.h"
#include "support/test.h"

#define REPLACED "\xEF\xBF\xBD"
#define DOTS "\xE2\x80\xA6"

TEST(comparing_knows_only_ascii)
{
    assert_true(text_equal_ignoring_case("ResourceGroups", "resourcegroups"));
    assert_false(text_equal_ignoring_case("a", "ab"));
    assert_false(text_equal_ignoring_case("ab", "a"));
    /* One bit apart, and no letters: [ and {, @ and `. */
    assert_false(text_equal_ignoring_case("[@", "{`"));
    /* U+212A, which some locales take for a K. */
    assert_false(text_equal_ignoring_case("k", "\xE2\x84\xAA"));
    assert_false(text_equal_ignoring_case("\xC3\x84", "\xC3\xA4"));
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal_ignoring_case("", NULL));
    assert_true(text_equal_ignoring_case(NULL, NULL));
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "A"));
}

TEST(a_start_may_be_the_whole)
{
    assert_true(text_starts_ignoring_case("Bearer abc", "bearer "));
    assert_true(text_starts_ignoring_case("abc", "ABC"));
    assert_true(text_starts_ignoring_case("abc", ""));
    assert_false(text_starts_ignoring_case("ab", "abc"));
}

TEST(lowering_leaves_everything_but_letters)
{
    auto_arena arena = arena_new();
    assert_string_equal(text_lower(arena, "A-Z[@_\xC3\x84"), "a-z[@_\xC3\x84");
    assert_true(text_is_lower("a-z09\xC3\x84"));
    assert_false(text_is_lower("abC"));
    assert_true(text_is_lower(""));
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
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (text_is_guid(wrong[i]))
            fail_msg("taken for a guid: %s", wrong[i]);
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
    static const char *const good[] = {
        "",
        "a",
        "\x7F",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
    };
    static const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC2",
        "\xC2"
        "a",
        "\xE0\x9F\xBF",
        "\xE1\x80",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xE1\x80"
        "a",
        "\xF0\x8F\xBF\xBF",
        "\xF0\x90\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "a\xC3",
        "\xC3\xA4\xA4",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!text_is_utf8(good[i], strlen(good[i])))
            fail_msg("good text %zu is refused", i);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (text_is_utf8(bad[i], strlen(bad[i])))
            fail_msg("bad text %zu is taken", i);
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

TEST(text_clean_shows_what_hides_or_moves_text)
{
    /* The first and the last of each kind, and their neighbours. */
    static const struct {
        unsigned point;
        bool is_hidden;
    } rows[] = {
        { 0xAC, false },    { 0xAD, true },    { 0xAE, false },   { 0x34F, true },
        { 0x61C, true },    { 0x180E, true },  { 0x200A, false }, { 0x200B, true },
        { 0x200F, true },   { 0x2010, false }, { 0x2027, false }, { 0x2028, true },
        { 0x2029, true },   { 0x202A, true },  { 0x202E, true },  { 0x202F, false },
        { 0x2060, true },   { 0x2066, true },  { 0x2069, true },  { 0x206F, true },
        { 0x2070, false },  { 0x3164, true },  { 0xD7FF, false }, { 0xE000, true },
        { 0xF8FF, true },   { 0xF900, false }, { 0xFDD0, true },  { 0xFDEF, true },
        { 0xFE00, true },   { 0xFE0F, true },  { 0xFEFF, true },  { 0xFFF9, true },
        { 0xFFFC, false },  { 0xFFFD, false }, { 0xFFFE, true },  { 0xFFFF, true },
        { 0x1F600, false }, { 0x1FFFE, true }, { 0xDFFFF, true }, { 0xE0001, true },
        { 0xE0041, true },  { 0xE01EF, true }, { 0xF0000, true }, { 0x10FFFF, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned point = rows[i].point;
        char text[8];
        size_t bytes = 0;
        if (point < 0x800) {
            text[bytes++] = (char)(0xC0 | point >> 6);
        } else {
            if (point > 0xFFFF)
                text[bytes++] = (char)(0xF0 | point >> 18);
            text[bytes++] =
                (char)(point > 0xFFFF ? 0x80 | (point >> 12 & 0x3F) : 0xE0 | point >> 12);
            text[bytes++] = (char)(0x80 | (point >> 6 & 0x3F));
        }
        text[bytes++] = (char)(0x80 | (point & 0x3F));
        text[bytes] = '\0';
        assert_int_equal(text_utf8_next(text, bytes), bytes);
        assert_int_equal(text_utf8_point(text, bytes), point);
        if (text_is_hidden(point) != rows[i].is_hidden)
            fail_msg("U+%04X", point);
        assert_clean(text, bytes, 100, rows[i].is_hidden ? REPLACED : text);
    }
    for (unsigned point = 0; point < 0x80; point++)
        assert_false(text_is_hidden(point));
}

TEST(text_clean_ends_a_flood_of_marks)
{
#define MARK "\xCC\x81"
    CLEAN("a" MARK MARK MARK MARK MARK MARK "b" MARK, 100,
          "a" MARK MARK MARK MARK "b" MARK);
    CLEAN(MARK MARK MARK MARK MARK, 100, MARK MARK MARK MARK);
}

TEST(text_clean_of_one_line_has_one)
{
    auto_arena arena = arena_new();
    static const char text[] = "a\r\n\nb\tc\xE2\x80\xA8"
                               "d";
    assert_string_equal(text_clean_line(arena, text, sizeof text - 1, 100),
                        "a   b c" REPLACED "d");
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(
            text_clean_quote(arena, rows[i].text, strlen(rows[i].text), 100),
            rows[i].want);
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
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        linear_check(clean, "", patterns[i]);
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[TEXT_JSON_CHAR_BYTES];
        size_t taken, bytes = text_json_char(rows[i].text, rows[i].length, out, &taken);
        assert_int_equal(bytes, strlen(rows[i].want));
        assert_memory_equal(out, rows[i].want, bytes);
        assert_int_equal(taken, rows[i].taken);
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        long long ms = -1;
        if (text_parse_duration_ms(rows[i].text, &ms) != 0 || ms != rows[i].ms)
            fail_msg("%s is read as %lld ms", rows[i].text, ms);
    }
}

TEST(durations_that_go_refuses_or_that_are_none_are_refused)
{
    static const char *const wrong[] = {
        "",
        "0",
        "0s",
        "0h0m",
        "-5s",
        "5",
        "5x",
        "s",
        ".s",
        "1h 30m",
        " 1h",
        "1h ",
        "1d",
        "1H",
        "1.2.3s",
        "+",
        "1e3s",
        "0x1s",
        "2562047h47m17s",
        "99999999999999999999h",
        "9223372036854775807h",
        "1m-5s",
        "++1s",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        long long ms = 77;
        if (text_parse_duration_ms(wrong[i], &ms) != -1 || ms != 77)
            fail_msg("%s is taken", wrong[i]);
    }
    long long ms;
    assert_int_equal(text_parse_duration_ms(NULL, &ms), -1);
}
