/* Decimal numbers without rounding.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value/internal.h"

static size_t span_digits(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

size_t number_span(const char *text, size_t length)
{
    size_t at = length != 0 && text[0] == '-',
           count = span_digits(text + at, length - at);
    if (count == 0)
        return 0;
    if (text[at] == '0')
        count = 1;
    at += count;
    if (at < length && text[at] == '.') {
        count = span_digits(text + at + 1, length - at - 1);
        if (count == 0)
            return 0;
        at += 1 + count;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < length && (text[at + 1] == '+' || text[at + 1] == '-');
        count = span_digits(text + at + 1 + sign, length - at - 1 - sign);
        if (count == 0)
            return 0;
        at += 1 + sign + count;
    }
    return at;
}

/* The digits of the exponent, at most nine of them. */
static int parse_exponent(const char *text, size_t length, int64_t *out)
{
    bool is_negative = length != 0 && *text == '-';
    if (length != 0 && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    if (length > NUMBER_EXPONENT_DIGITS_MAX)
        return -1;
    int64_t exponent = 0;
    for (; length != 0; text++, length--)
        exponent = exponent * 10 + (*text - '0');
    *out = is_negative ? -exponent : exponent;
    return 0;
}

int number_parse(const char *text, size_t length, struct number *out)
{
    if (length == 0 || number_span(text, length) != length)
        return -1;
    bool is_fraction = false;
    out->is_negative = *text == '-';
    out->exponent = 0;
    out->count = 0;
    for (size_t i = out->is_negative; i < length; i++) {
        if (text[i] == '.') {
            is_fraction = true;
        } else if (text[i] == 'e' || text[i] == 'E') {
            int64_t exponent;
            if (parse_exponent(text + i + 1, length - i - 1, &exponent) < 0)
                return -1;
            out->exponent += exponent;
            break;
        } else if (out->count == 0 && text[i] == '0') {
            out->exponent -= is_fraction;
        } else {
            if (out->count == sizeof out->digits)
                return -1;
            out->digits[out->count++] = text[i];
            out->exponent += !is_fraction;
        }
    }
    while (out->count != 0 && out->digits[out->count - 1] == '0')
        out->count--;
    if (out->count == 0) {
        out->exponent = 0;
        out->is_negative = false;
    }
    return 0;
}

bool value_is_number_text(const char *text, size_t length)
{
    struct number number;
    return length <= VALUE_NUMBER_BYTES_MAX && number_parse(text, length, &number) == 0;
}

static int compare_magnitude(const struct number *a, const struct number *b)
{
    if (a->count == 0 || b->count == 0)
        return (a->count != 0) - (b->count != 0);
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -1 : 1;
    int order = memcmp(a->digits, b->digits, a->count < b->count ? a->count : b->count);
    return order != 0 ? order : (a->count > b->count) - (a->count < b->count);
}

int number_compare(const struct number *a, const struct number *b)
{
    if (a->is_negative != b->is_negative)
        return a->is_negative ? -1 : 1;
    return a->is_negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

void number_format_double(double real, char text[NUMBER_DOUBLE_BYTES])
{
    if (real > -1e15 && real < 1e15 && (double)(int64_t)real == real) {
        snprintf(text, NUMBER_DOUBLE_BYTES, "%lld", (long long)real);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, NUMBER_DOUBLE_BYTES, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            return;
    }
}
