/* Msgpack as the protocol wants it. The bytes are written by hand from the specifications of
 * msgpack and of DynamicValue; many decoder cases are in tests/cases/msgpack.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "support/fixture.h"
#include "value/codec.h"

static const struct value *decode(const char *data, size_t length,
                                  const struct type *type)
{
    const struct value *value = NULL;
    struct error err = NO_ERROR;
    /* A copy of exactly that size, so that the sanitizer sees a byte too far. */
    if (value_decode_msgpack(arena, BYTES(arena_copy(arena, data, length), length), type,
                             &value, &err) < 0)
        fail_msg("%s", err.text);
    return value;
}
#define DECODE(bytes, type) decode(bytes, sizeof bytes - 1, type)

static enum error_kind refuse(const char *data, size_t length, const struct type *type)
{
    const struct value *value = NULL;
    struct error err = NO_ERROR;
    if (value_decode_msgpack(arena, BYTES(arena_copy(arena, data, length), length), type,
                             &value, &err) == 0)
        return ERR_NONE;
    assert_null(value);
    assert_true(err.text[0] != '\0');
    return err.kind;
}
#define REFUSE(bytes, type) refuse(bytes, sizeof bytes - 1, type)

static void assert_encoded(const struct value *value, const char *want, size_t length)
{
    struct bytes bytes = value_encode_msgpack(arena, value);
    assert_int_equal(bytes.length, length);
    assert_memory_equal(bytes.data, want, length);
    /* What we write, we read. */
    assert_true(
        value_equal(decode((const char *)bytes.data, bytes.length, value->type), value));
}
#define ENCODED(value, want) assert_encoded(value, want, sizeof want - 1)

static const struct type *offer_type(void)
{
    const struct type_field fields[] = { { "name", &type_string },
                                         { "id", &type_string },
                                         { "tags", &type_map_of_string } };
    return type_object(arena, fields, 3);
}

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

CASE(value_null_and_unknown_of_any_type)
{
    const struct type *const types[] = { &type_string,         &type_number,
                                         &type_bool,           &type_dynamic,
                                         &type_list_of_string, &type_set_of_string,
                                         &type_map_of_string,  offer_type() };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        ENCODED(value_null(arena, types[i]), "\xC0");
        ENCODED(value_unknown(arena, types[i]), "\xD4\0\0");
        assert_ptr_equal(DECODE("\xC0", types[i])->type, types[i]);
        assert_ptr_equal(DECODE("\xD4\0\0", types[i])->type, types[i]);
    }
}

CASE(value_refined_unknown_is_an_unknown)
{
    /* "pre-${other.id}", as Terraform sends it: not null, with a prefix. */
    assert_true(
        value_is_unknown(DECODE("\xC7\x09\x0C\x82\x01\xC2\x02\xA4pre-", &type_string)));
    assert_true(value_is_unknown(DECODE("\xC7\x03\x0C\x81\x01\xC2", &type_number)));
    /* Another type of extension is unknown while it says nothing. */
    assert_true(value_is_unknown(DECODE("\xD4\x05\x07", &type_bool)));
    assert_true(value_is_unknown(DECODE("\xC7\x00\x05", &type_bool)));
    assert_int_equal(REFUSE("\xD5\x05\x00\x00", &type_bool), ERR_SHAPE);
    assert_int_equal(REFUSE("\xC7\x02\x00\x00\x00", &type_bool), ERR_SHAPE);
}

CASE(unknown_inside_a_list_keeps_its_type)
{
    const struct value *list = DECODE("\x93\xA1"
                                      "a\xD4\0\0\xC7\x03\x0C\x81\x01\xC2",
                                      &type_list_of_string);
    assert_int_equal(list->many.count, 3);
    assert_true(value_is_unknown(list->many.items[1]));
    assert_ptr_equal(list->many.items[1]->type, &type_string);
    assert_ptr_equal(list->many.items[2]->type, &type_string);
    ENCODED(list, "\x93\xA1"
                  "a\xD4\0\0\xD4\0\0");
}

CASE(value_strings_of_every_length_form)
{
    ENCODED(value_string(arena, ""), "\xA0");
    ENCODED(value_string(arena, "h\xC3\xA4"), "\xA3h\xC3\xA4");
    ENCODED(value_string_bytes(arena, "a\0b", 3), "\xA3"
                                                  "a\0b");
    static const struct {
        size_t length, head;
        const char *bytes;
    } rows[] = {
        { 31, 1, "\xBF" },        { 32, 2, "\xD9\x20" },          { 255, 2, "\xD9\xFF" },
        { 256, 3, "\xDA\x01\0" }, { 65536, 5, "\xDB\0\x01\0\0" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t total = rows[i].head + rows[i].length;
        auto_char want = memory_new(total);
        memset(want, 'x', total);
        memcpy(want, rows[i].bytes, rows[i].head);
        assert_encoded(value_string_bytes(arena, want + rows[i].head, rows[i].length),
                       want, total);
    }
    /* bin is taken as well */
    assert_string_equal(value_text(DECODE("\xC4\x02hi", &type_string)), "hi");
    assert_string_equal(value_text(DECODE("\xC5\0\x02hi", &type_string)), "hi");
    assert_string_equal(value_text(DECODE("\xC6\0\0\0\x02hi", &type_string)), "hi");
    assert_string_equal(value_text(DECODE("\xDB\0\0\0\x02hi", &type_string)), "hi");
}

CASE(value_bools)
{
    ENCODED(value_bool(arena, true), "\xC3");
    ENCODED(value_bool(arena, false), "\xC2");
    assert_int_equal(REFUSE("\x01", &type_bool), ERR_SHAPE);
}

CASE(value_integers_are_sent_as_the_host_sends_them)
{
    static const struct {
        const char *text;
        size_t length;
        const char *bytes;
    } rows[] = {
        { "0", 1, "\0" },
        { "-0", 1, "\0" },
        { "127", 1, "\x7F" },
        { "128", 2, "\xCC\x80" },
        { "300", 3, "\xCD\x01\x2C" },
        { "1e2", 1, "\x64" },
        { "3.00", 1, "\x03" },
        { "65536", 5, "\xCE\0\x01\0\0" },
        { "4294967296", 9, "\xCF\0\0\0\x01\0\0\0\0" },
        { "9223372036854775807", 9, "\xCF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF" },
        { "-1", 1, "\xFF" },
        { "-32", 1, "\xE0" },
        { "-33", 2, "\xD0\xDF" },
        { "-129", 3, "\xD1\xFF\x7F" },
        { "-32769", 5, "\xD2\xFF\xFF\x7F\xFF" },
        { "-9223372036854775808", 9, "\xD3\x80\0\0\0\0\0\0\0" },
        { "9223372036854775808", 20,
          "\xB3"
          "9223372036854775808" },
        { "18446744073709551615", 21,
          "\xB4"
          "18446744073709551615" },
        { "-9223372036854775809", 21, "\xB4-9223372036854775809" },
        { "1e20", 5,
          "\xA4"
          "1e20" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_encoded(value_number_text(arena, rows[i].text), rows[i].bytes,
                       rows[i].length);
}

CASE(value_fractions_are_sent_as_the_host_sends_them)
{
    ENCODED(value_number_text(arena, "0.25"), "\xCB\x3F\xD0\0\0\0\0\0\0");
    ENCODED(value_number_text(arena, "-1.50"), "\xCB\xBF\xF8\0\0\0\0\0\0");
    ENCODED(value_number_text(arena, "0.1"), "\xA3"
                                             "0.1");
    ENCODED(value_number_text(arena, "3.14"), "\xA4"
                                              "3.14");
    ENCODED(value_number_text(arena, "1e-400"), "\xA6"
                                                "1e-400");
    ENCODED(value_number_text(arena, "9007199254740992.5"), "\xB2"
                                                            "9007199254740992.5");
}

CASE(value_numbers_come_in_every_form)
{
    static const struct {
        size_t length;
        const char *bytes, *text;
    } rows[] = {
        { 2, "\xCC\xFF", "255" },
        { 2, "\xCC\x05", "5" }, /* longer than need be */
        { 3, "\xCD\xFF\xFF", "65535" },
        { 5, "\xCE\xFF\xFF\xFF\xFF", "4294967295" },
        { 9, "\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615" },
        { 9, "\xCF\x80\0\0\0\0\0\0\0", "9223372036854775808" }, /* 2^63 */
        { 2, "\xD0\x80", "-128" },
        { 2, "\xD0\x7F", "127" },
        { 3, "\xD1\x80\0", "-32768" },
        { 5, "\xD2\xFF\xFF\xFF\xFE", "-2" },
        { 9, "\xD3\x80\0\0\0\0\0\0\0", "-9223372036854775808" },
        { 9, "\xCB\x3F\xB9\x99\x99\x99\x99\x99\x9A", "0.1" },
        { 9, "\xCB\x40\x59\0\0\0\0\0\0", "100" },
        { 5, "\xCA\x3E\x80\0\0", "0.25" },
        { 4,
          "\xA3"
          "0.1",
          "0.1" },
        { 8,
          "\xA7"
          "1.50e+1",
          "1.50e+1" },
        { 42,
          "\xD9\x28"
          "1234567890123456789012345678901234567890",
          "1234567890123456789012345678901234567890" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(decode(rows[i].bytes, rows[i].length, &type_number)->number,
                            rows[i].text);
    assert_int_equal(REFUSE("\xCB\x7F\xF8\0\0\0\0\0\0", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xCB\xFF\xF0\0\0\0\0\0\0", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xCA\x7F\xC0\0\0", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xA3NaN", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xA0", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xC3", &type_number), ERR_SHAPE);
}

CASE(a_number_has_a_ceiling)
{
    char bytes[3 + VALUE_NUMBER_BYTES_MAX + 1] = { '\xDA' };
    memset(bytes + 3, '7', VALUE_NUMBER_BYTES_MAX + 1);
    bytes[1] = (char)(VALUE_NUMBER_BYTES_MAX >> 8);
    bytes[2] = (char)(VALUE_NUMBER_BYTES_MAX & 0xFF);
    assert_int_equal(refuse(bytes, sizeof bytes - 1, &type_number), ERR_NONE);
    bytes[2]++;
    assert_int_equal(refuse(bytes, sizeof bytes, &type_number), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xAC"
                            "1e1000000000",
                            &type_number),
                     ERR_TOO_BIG);
}

CASE(value_objects_have_every_attribute_sorted)
{
    const struct type *type = offer_type();
    const struct value *object = value_object_of_nulls(arena, type);
    object = value_with(arena, object, "name", value_string(arena, "gold"));
    object = value_with(arena, object, "id", value_unknown(arena, &type_string));
    ENCODED(object, "\x83\xA2"
                    "id\xD4\0\0\xA4name\xA4gold\xA4tags\xC0");
    /* In any order, and with names as bin. */
    const struct value *other = DECODE("\x83\xA4tags\xC0\xC4\x04name\xA4gold\xA2"
                                       "id\xD4\0\0",
                                       type);
    assert_true(value_equal(object, other));
}

CASE(value_objects_have_no_other_attributes)
{
    const struct type *type = offer_type();
    assert_int_equal(REFUSE("\x80", type), ERR_SHAPE);
    assert_int_equal(REFUSE("\x82\xA2"
                            "id\xC0\xA4name\xC0",
                            type),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("\x83\xA2"
                            "id\xC0\xA4name\xC0\xA4nope\xC0",
                            type),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("\x83\xA2"
                            "id\xC0\xA4name\xC0\xA4name\xC0",
                            type),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("\x83\x01\xC0\xA4name\xC0\xA4tags\xC0", type), ERR_SHAPE);
    assert_int_equal(REFUSE("\x93\xC0\xC0\xC0", type), ERR_SHAPE);
}

CASE(value_maps_are_sorted_and_have_no_key_twice)
{
    const struct value *map = DECODE("\x82\xA1"
                                     "b\xA1"
                                     "2\xA1"
                                     "a\xA1"
                                     "1",
                                     &type_map_of_string);
    ENCODED(map, "\x82\xA1"
                 "a\xA1"
                 "1\xA1"
                 "b\xA1"
                 "2");
    ENCODED(value_map(arena, &type_map_of_string, NULL, NULL, 0), "\x80");
    assert_int_equal(REFUSE("\x82\xA1"
                            "a\xC0\xA1"
                            "a\xC0",
                            &type_map_of_string),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("\x81\xA3"
                            "a\0b\xC0",
                            &type_map_of_string),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("\x81\xA1\xFF\xC0", &type_map_of_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\x81\xC0\xC0", &type_map_of_string), ERR_SHAPE);
}

CASE(value_sets_do_not_depend_on_order)
{
    const struct value *one = DECODE("\x93\xA1"
                                     "b\xA1"
                                     "a\xA1"
                                     "b",
                                     &type_set_of_string);
    const struct value *other = DECODE("\x92\xA1"
                                       "a\xA1"
                                       "b",
                                       &type_set_of_string);
    assert_true(value_equal(one, other));
    ENCODED(one, "\x92\xA1"
                 "a\xA1"
                 "b");
}

CASE(value_tuples_have_their_length)
{
    const struct type_field fields[] = { { NULL, &type_string }, { NULL, &type_bool } };
    const struct type tuple = { .kind = TYPE_TUPLE, .fields = fields, .field_count = 2 };
    const struct value *value = DECODE("\x92\xA1x\xC3", &tuple);
    assert_true(value_is_true(value->many.items[1], false));
    ENCODED(value, "\x92\xA1x\xC3");
    assert_int_equal(REFUSE("\x91\xA1x", &tuple), ERR_SHAPE);
    assert_int_equal(REFUSE("\x93\xA1x\xC3\xC3", &tuple), ERR_SHAPE);
}

CASE(value_dynamic_brings_its_type)
{
    const struct value *value = DECODE("\x92\xC4\x08\"string\"\xA2hi", &type_dynamic);
    assert_string_equal(value_text(value), "hi");
    ENCODED(value, "\x92\xC4\x08\"string\"\xA2hi");
    ENCODED(value_dynamic(arena, value_null(arena, &type_list_of_string)),
            "\x92\xC4\x11[\"list\",\"string\"]\xC0");
    ENCODED(value_dynamic(arena, value_unknown(arena, &type_bool)),
            "\x92\xC4\x06\"bool\"\xD4\0\0");
    assert_int_equal(REFUSE("\xA2hi", &type_dynamic), ERR_SHAPE);
    assert_int_equal(REFUSE("\x91\xC4\x06\"bool\"", &type_dynamic), ERR_SHAPE);
    assert_int_equal(REFUSE("\x92\xC4\x06\"bowl\"\xC3", &type_dynamic), ERR_SHAPE);
    assert_int_equal(REFUSE("\x92\xC4\x06\"bool\"\xA1x", &type_dynamic), ERR_SHAPE);
    assert_int_equal(REFUSE("\x92\xC3\xC3", &type_dynamic), ERR_SHAPE);
}

CASE(bytes_behind_the_value_are_ignored)
{
    assert_string_equal(value_text(DECODE("\xA2hi\xC1\xFF", &type_string)), "hi");
}

CASE(msgpack_length_lies)
{
    const struct type *lists = type_collection(arena, TYPE_LIST, &type_list_of_string);
    assert_int_equal(REFUSE("\xDD\xFF\xFF\xFF\xFF", &type_list_of_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xDF\xFF\xFF\xFF\xFF", &type_map_of_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xDB\xFF\xFF\xFF\xFF", &type_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xC6\xFF\xFF\xFF\xFF", &type_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xC9\xFF\xFF\xFF\xFF\x0C", &type_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\x93\xC0\xC0", &type_list_of_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("\xA5hi", &type_string), ERR_TOO_BIG);
    /* A pair is two values. */
    assert_int_equal(REFUSE("\x82\xA1"
                            "a\xC0",
                            &type_map_of_string),
                     ERR_TOO_BIG);
    /* Each could be true, both together cannot. */
    assert_int_equal(REFUSE("\x93\x93\xC0\xC0\xC0", lists), ERR_TOO_BIG);
    /* Not of the type either, and still not believed. */
    assert_int_equal(REFUSE("\xDD\xFF\xFF\xFF\xFF\xC0", &type_string), ERR_TOO_BIG);
    assert_int_equal(REFUSE("", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\xDC\x01", &type_list_of_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\xCB\0\0\0", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xC7\x01", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("\xC1", &type_string), ERR_SHAPE);
}

/* Whatever prefix of a good value arrives is refused and read no further. */
CASE(every_cut_is_refused)
{
    static const char whole[] = "\x83\xA2"
                                "id\xD4\0\0\xA4name\xD9\x04gold\xA4tags\x81\xA1k\xA1v";
    const struct type *type = offer_type();
    for (size_t length = 0; length < sizeof whole - 1; length++)
        if (refuse(whole, length, type) == ERR_NONE)
            fail_msg("cut after %zu bytes", length);
    assert_int_equal(refuse(whole, sizeof whole - 1, type), ERR_NONE);
}

CASE(msgpack_depth)
{
    char bytes[VALUE_DEPTH_MAX + 2];
    memset(bytes, 0x91, sizeof bytes);
    const struct type *type = &type_string;
    for (int i = 0; i < VALUE_DEPTH_MAX; i++)
        type = type_collection(arena, TYPE_LIST, type);
    bytes[VALUE_DEPTH_MAX] = '\xC0';
    const struct value *value = decode(bytes, VALUE_DEPTH_MAX + 1, type);
    for (int i = 0; i < VALUE_DEPTH_MAX; i++)
        value = value->many.items[0];
    assert_true(value_is_null(value));
    bytes[VALUE_DEPTH_MAX] = '\x91';
    bytes[VALUE_DEPTH_MAX + 1] = '\xC0';
    assert_int_equal(refuse(bytes, sizeof bytes, type_collection(arena, TYPE_LIST, type)),
                     ERR_TOO_BIG);
    /* Wide is not deep. */
    char wide[3 + 1000] = "\xDC\x03\xE8";
    memset(wide + 3, 0x90, 1000);
    const struct type *lists = type_collection(arena, TYPE_LIST, &type_list_of_string);
    assert_int_equal(refuse(wide, sizeof wide, lists), ERR_NONE);
    enum { MANY = 1000000 };
    auto_char deep = memory_new(MANY);
    memset(deep, 0x91, MANY);
    assert_int_equal(refuse(deep, MANY, lists), ERR_TOO_BIG);
    memset(deep, 0x81, MANY);
    assert_int_equal(refuse(deep, MANY, lists), ERR_TOO_BIG);
}

CASE(errors_say_where_and_what)
{
    const struct value *value;
    struct error err;
    const struct type_field field = { "tags", &type_map_of_string };
    const struct type *type = type_object(arena, &field, 1);
    static const char bytes[] = "\x81\xA4tags\x81\xA1"
                                "a\x80";
    assert_int_equal(
        value_decode_msgpack(arena, BYTES(bytes, sizeof bytes - 1), type, &value, &err),
        -1);
    assert_string_equal(err.text, "tags[\"a\"]: expected a string, found a map");
    static const char no_number[] = "\x92\x01\xA6secret";
    const struct type *numbers = type_collection(arena, TYPE_LIST, &type_number);
    assert_int_equal(value_decode_msgpack(arena, BYTES(no_number, sizeof no_number - 1),
                                          numbers, &value, &err),
                     -1);
    assert_string_equal(err.text, "[1]: expected a number, found a string that is none");
}

CASE(msgpack_strings_are_valid_utf8)
{
    assert_int_equal(REFUSE("\xA1\xFF", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\xA3\xED\xA0\x80", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\xC4\x01\xC3", &type_string), ERR_SHAPE);
}
