/* Parses JSON with jansson, but without losing digits, and with a limit for the depth.
 * SPDX-License-Identifier: MPL-2.0 */

#include "value/internal.h"

static int not_json(struct error *err, size_t line, const char *why)
{
    return error_set(err, ERR_SHAPE, "this is not JSON: line %zu: %s", line, why);
}

static bool is_number_char(char one)
{
    return (one >= '0' && one <= '9') || one == '-' || one == '+' || one == '.' ||
           one == 'e' || one == 'E';
}

static bool is_blank(char one)
{
    return one == ' ' || one == '\t' || one == '\n' || one == '\r';
}

/* Copies the number at the beginning of the text, in quotes. */
static int quote_number(const char *text, size_t length, size_t line, struct buf *out,
                        size_t *taken, struct error *err)
{
    size_t run = 1;
    while (run < length && is_number_char(text[run]))
        run++;
    if (number_span(text, run) != run)
        return not_json(err, line, "a number is not well formed");
    if (!value_is_number_text(text, run))
        return error_set(
            err, ERR_TOO_BIG,
            "line %zu: a number has more than %d characters, or an exponent of "
            "more than %d digits",
            line, VALUE_NUMBER_BYTES_MAX, NUMBER_EXPONENT_DIGITS_MAX);
    /* In quotes, it would be accepted as a key. */
    size_t next = run;
    while (next < length && is_blank(text[next]))
        next++;
    if (next < length && text[next] == ':')
        return not_json(err, line, "a number instead of a key");
    buf_add_char(out, '"');
    buf_add(out, text, run);
    buf_add_char(out, '"');
    *taken = run;
    return 0;
}

/* The length of the string at the beginning of the text, with its closing quote. Jansson checks
 * later whether it is well formed. */
static size_t span_string(const char *text, size_t length)
{
    size_t at = 1;
    while (at < length && text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    return at < length ? at + 1 : length;
}

static int quote_numbers(struct bytes json, struct buf *out, struct error *err)
{
    const char *text = (const char *)json.data;
    size_t length = json.length, line = 1, objects = 0;
    int depth = 0;
    while (length != 0) {
        size_t taken = 1;
        if ((*text >= '0' && *text <= '9') || *text == '-') {
            if (quote_number(text, length, line, out, &taken, err) < 0)
                return -1;
        } else {
            if (*text == '"')
                taken = span_string(text, length);
            else if (*text == '[' || *text == '{')
                depth++;
            else if (*text == ']' || *text == '}')
                depth--;
            line += *text == '\n';
            objects += *text == '{';
            if (depth < 0)
                return not_json(err, line, "a closing bracket has no opening bracket");
            if (depth > VALUE_DEPTH_MAX)
                return error_set(err, ERR_TOO_BIG, "the JSON is more than %d levels deep",
                                 VALUE_DEPTH_MAX);
            if (objects > JSON_OBJECTS_MAX)
                return error_set(err, ERR_TOO_BIG, "the JSON has more than %d objects",
                                 JSON_OBJECTS_MAX);
            buf_add(out, text, taken);
        }
        text += taken;
        length -= taken;
    }
    return 0;
}

static const char *explain(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return "an object has the same key twice";
    case json_error_null_byte_in_key:
        return "a key contains a NUL character";
    case json_error_invalid_utf8:
        return "a text is not valid UTF-8";
    case json_error_premature_end_of_input:
        return "the JSON ends too early";
    case json_error_end_of_input_expected:
        return "there is text after the end";
    default:
        return "the syntax is wrong";
    }
}

int json_parse_exactly(struct bytes json, json_t **out, struct error *err)
{
    auto_buf quoted;
    buf_init(&quoted, SIZE_MAX / 2);
    if (quote_numbers(json, &quoted, err) < 0)
        return -1;
    json_error_t error;
    json_t *document =
        json_loadb(buf_text(&quoted), quoted.length,
                   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (document == NULL)
        return not_json(err, error.line > 0 ? (size_t)error.line : 1, explain(&error));
    *out = document;
    return 0;
}
