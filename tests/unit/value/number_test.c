/* Decimal numbers without rounding.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "value/internal.h"
#include "value/value.h"

static struct number parse(const char *text)
{
    struct number number;
    if (number_parse(text, strlen(text), &number) < 0)
        fail_msg("not taken: %s", text);
    return number;
}

TEST(value_numbers_are_ordered_by_what_they_mean)
{
    /* Ascending; texts in one row mean the same. */
    static const char *const rows[][3] = {
        { "-1e400", "-10e399", NULL },
        { "-9223372036854775809", NULL },
        { "-100", "-1e2", "-100.00" },
        { "-99.9", NULL },
        { "-0.001", "-1e-3", NULL },
        { "0", "-0.0", "0e99" },
        { "1e-400", "0.1e-399", NULL },
        { "0.1", "0.10", "1e-1" },
        { "0.11", NULL },
        { "1.5", "1.50", "15e-1" },
        { "100", "1e2", "1E+2" },
        { "9007199254740993", NULL }, /* 2^53 + 1: no double distinguishes it from its neighbour */
        { "9007199254740994", NULL },
        { "1e400", NULL },
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < ROWS; j++)
            for (size_t k = 0; k < 3 && rows[i][k] != NULL; k++)
                for (size_t l = 0; l < 3 && rows[j][l] != NULL; l++) {
                    struct number a = parse(rows[i][k]), b = parse(rows[j][l]);
                    int order = number_compare(&a, &b);
                    if ((order < 0) != (i < j) || (order == 0) != (i == j))
                        fail_msg("%s and %s", rows[i][k], rows[j][l]);
                }
}

TEST(doubles_are_written_as_short_as_they_read_back)
{
    static const struct {
        double real;
        const char *text;
    } rows[] = {
        { 0.1, "0.1" },
        { 100, "100" },
        { -3, "-3" },
        { 0.25, "0.25" },
        { 1e20, "1e+20" },
        { 1.0 / 3, "0.3333333333333333" },
        { 5e-324, "5e-324" },
        { 2.5e-7, "2.5e-07" },
        { 1.7976931348623157e308, "1.7976931348623157e+308" },
        { 0.1f, "0.10000000149011612" },
        { 0.1 + 0.2, "0.30000000000000004" },
    };
    EACH (row, rows) {
        char text[NUMBER_DOUBLE_BYTES];
        number_format_double(row->real, text);
        assert_string_equal(text, row->text);
        assert_true(value_is_number_text(text, strlen(text)));
    }
}

TEST(decimals_are_added_to_the_last_digit)
{
    char nines[402] = "9", sum[402] = "1", zeros[402] = "0.";
    memset(nines, '9', 400);
    memset(sum + 1, '0', 400);
    memset(zeros + 2, '0', 398);
    zeros[400] = '1';
    const struct {
        const char *a, *b, *sum; /* NULL: there is none */
    } rows[] = {
        { "0.1", "0.2", "0.3" },
        { "0", "-0.0", "0" },
        { "0", "1E-7", "0.0000001" },
        { "0", "12.3400", "12.34" },
        { "0", "1.5e3", "1500" },
        { "-0.25", "0", "-0.25" },
        { "99.9", "0.1", "100" },
        { "-99.9", "-0.1", "-100" },
        { "1", "-0.001", "0.999" },
        { "0.001", "-1", "-0.999" },
        { "-5", "5.0", "0" },
        { "-999", "-999", "-1998" },
        { "1000", "-999.5", "0.5" },
        { "0.10000000000000000555", "0.20000000000000001110", "0.30000000000000001665" },
        { "9007199254740993", "0.0000000000000001", "9007199254740993.0000000000000001" },
        { nines, "1", sum },
        { "0", zeros, zeros },
        { "1e801", "0", NULL },
        { "1e512", "0", NULL }, /* more than a value may have */
        { "1e799", "0.1", NULL },
        { "1e999999999", "0", NULL },
        { "1e-999999999", "0", NULL },
        { "1,5", "0", NULL },
        { "0", "", NULL },
        { "0", "0x10", NULL },
    };
    EACH (row, rows) {
        auto_arena arena = arena_new();
        assert_same_text(value_add_decimals(arena, row->a, row->b), row->sum);
        assert_same_text(value_add_decimals(arena, row->b, row->a), row->sum);
    }
}
