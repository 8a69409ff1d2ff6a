/* Sums of decimal numbers without rounding.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "value/internal.h"

/* Signed digits, one for each power of ten from `bottom` up, with room for the carry. */
struct columns {
    int64_t bottom;
    int digits[NUMBER_DIGITS_MAX + 2];
};

static void add(struct columns *columns, const struct number *number)
{
    for (size_t i = 0; i < number->count; i++) {
        int digit = number->digits[i] - '0';
        columns->digits[number->exponent - 1 - (int64_t)i - columns->bottom] +=
            number->is_negative ? -digit : digit;
    }
}

/* Normalizes each column to a digit from 0 to 9; returns the carry out of the highest. */
static int carry(int *digits, size_t count)
{
    int over = 0;
    for (size_t i = 0; i < count; i++) {
        int value = digits[i] + over;
        over = value >= 0 ? value / 10 : -((9 - value) / 10);
        digits[i] = value - over * 10;
    }
    return over;
}

/* The number with these digits, the lowest first. `point` of them are after the decimal point. */
static const char *format(struct arena *arena, const int *digits, int64_t count,
                          int64_t point, bool is_negative)
{
    char *text = arena_take(arena, (size_t)count + 4), *to = text;
    int64_t last = 0;
    while (last < point && digits[last] == 0)
        last++;
    while (count > point + 1 && digits[count - 1] == 0)
        count--;
    if (is_negative)
        *to++ = '-';
    for (int64_t i = count - 1; i >= last; i--) {
        if (i == point - 1)
            *to++ = '.';
        *to++ = (char)('0' + digits[i]);
    }
    *to = '\0';
    return text;
}

const char *value_add_decimals(struct arena *arena, const char *a, const char *b)
{
    struct number numbers[2];
    struct columns columns = { .bottom = 0 };
    int64_t top = 1;
    const char *const texts[] = { a, b };
    for (size_t i = 0; i < 2; i++) {
        struct number *number = &numbers[i];
        if (number_parse(texts[i], strlen(texts[i]), number) < 0)
            return NULL;
        int64_t bottom = number->exponent - (int64_t)number->count;
        columns.bottom = bottom < columns.bottom ? bottom : columns.bottom;
        top = number->exponent > top ? number->exponent : top;
    }
    int64_t count = top - columns.bottom;
    if (count > NUMBER_DIGITS_MAX)
        return NULL;
    add(&columns, &numbers[0]);
    add(&columns, &numbers[1]);
    count++; /* the carry */
    bool is_negative = carry(columns.digits, (size_t)count) < 0;
    if (is_negative) {
        /* The sum is negative, and the digits are its ten's complement: negate them. */
        for (int64_t i = 0; i < count; i++)
            columns.digits[i] = -columns.digits[i];
        carry(columns.digits, (size_t)count);
    }
    const char *sum = format(arena, columns.digits, count, -columns.bottom, is_negative);
    return strlen(sum) <= VALUE_NUMBER_BYTES_MAX ? sum : NULL;
}
