/* Messages and values, both ways.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"
#include "support/test.h"

TEST(a_path_has_its_steps_in_their_order_as_bytes_of_the_protocol)
{
    auto_arena arena = arena_new();
    const struct path *path = path_index(arena, path_attribute(arena, PATH_NONE, "ab"), 3);
    path = path_key(arena, path_attribute(arena, path, "c"), "k.1");
    struct bytes packed = rpc_pack(arena, &rpc_put_path(arena, path)->base);
    /* steps = 1 (message) of attribute_name = 1, element_key_string = 2, element_key_int = 3 */
    static const char want[] = "\x0A\x04\x0A\x02"
                               "ab\x0A\x02\x18\x03\x0A\x03\x0A\x01"
                               "c\x0A\x05\x12\x03k.1";
    assert_int_equal(packed.length, sizeof want - 1);
    assert_memory_equal(packed.data, want, packed.length);
}

TEST(diagnostics_become_messages_in_their_order)
{
    auto_arena arena = arena_new();
    struct diags diags;
    diags_init(&diags, arena);
    size_t count = 99;
    Tfplugin6__Diagnostic **out = NULL;
    rpc_put_diags(&diags, &count, &out);
    assert_int_equal(count, 0);

    diags_warning(&diags, PATH_NONE, "First", "one");
    diags_error(&diags, path_attribute(arena, PATH_NONE, "name"), "Second", "two");
    rpc_put_diags(&diags, &count, &out);
    assert_int_equal(count, 2);
    assert_int_equal(out[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
    assert_string_equal(out[0]->summary, "First");
    assert_string_equal(out[0]->detail, "one");
    assert_null(out[0]->attribute);
    assert_int_equal(out[1]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_string_equal(out[1]->summary, "Second");
    assert_int_equal(out[1]->attribute->n_steps, 1);
    assert_string_equal(out[1]->attribute->steps[0]->attribute_name, "name");
}

static ProtobufCBinaryData bytes_of(const char *text, size_t length)
{
    return rpc_put_bytes(BYTES(text, length));
}

static const struct {
    const char *msgpack, *json;
    enum error_kind kind;
    const char *text; /* of the value; NULL: it is null */
} values[] = {
    { "\xA2hi", "", ERR_NONE, "hi" },
    { "\xA2hi", "\"ho\"", ERR_NONE, "hi" }, /* msgpack comes first */
    { "", "\"ho\"", ERR_NONE, "ho" },
    { "", "", ERR_NONE, NULL },
    { "\xC3", "", ERR_SHAPE },     /* true */
    { "\xA5hi", "", ERR_TOO_BIG }, /* promises more than there is */
    { "\xC1", "", ERR_SHAPE },     /* never used */
    { "\x91\xC0", "", ERR_SHAPE }, /* a list */
    { "", "{", ERR_SHAPE },        /* cut */
    { "", "[]", ERR_SHAPE },       /* a list */
    { "", "\"a\" x", ERR_SHAPE },  /* more */
};

TEST(a_value_comes_as_msgpack_or_as_json_or_is_refused_by_its_name)
{
    auto_call call;
    call_init(&call, NULL);
    EACH (row, values) {
        Tfplugin6__DynamicValue dynamic = TFPLUGIN6__DYNAMIC_VALUE__INIT;
        dynamic.msgpack = bytes_of(row->msgpack, strlen(row->msgpack));
        dynamic.json = bytes_of(row->json, strlen(row->json));
        struct error err = NO_ERROR;
        const struct value *value = NULL;
        int result = rpc_decode(&call, &dynamic, &type_string, "prior_state", &value, &err);
        assert_int_equal(result, row->kind == ERR_NONE ? 0 : -1);
        assert_int_equal(err.kind, row->kind);
        assert_int_equal(value != NULL, result == 0);
        assert_same_text(value_text(value), row->text);
        if (result < 0)
            assert_memory_equal(err.text, "prior_state: ", 13);
    }
    struct error err = NO_ERROR;
    const struct value *value = NULL;
    assert_int_equal(rpc_decode(&call, NULL, &type_string, "config", &value, &err), 0);
    assert_true(value_is_null(value) && type_equal(value->type, &type_string));
}

TEST(a_value_goes_as_msgpack)
{
    auto_arena arena = arena_new();
    Tfplugin6__DynamicValue *dynamic = rpc_encode(arena, value_string(arena, "hi"));
    assert_int_equal(dynamic->msgpack.len, 3);
    assert_memory_equal(dynamic->msgpack.data, "\xA2hi", 3);
    assert_int_equal(dynamic->json.len, 0);
    dynamic = rpc_encode(arena, value_null(arena, &type_string));
    assert_int_equal(dynamic->msgpack.len, 1);
    assert_int_equal(dynamic->msgpack.data[0], 0xC0);
}

TEST(bytes_that_are_no_message_are_refused)
{
    static const struct {
        const char *data;
        size_t length;
    } cases[] = {
        { "\x0A", 1 }, /* a length is missing */
        { "\x0A\x05"
          "ab",
          4 },                                                  /* a text is cut */
        { "\x0A\xFF\xFF\xFF\xFF\x0F", 6 },                      /* 4 GB are promised */
        { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11 }, /* no tag ends so late */
        { "\x12\x02\x0A\x09", 4 },                              /* a message inside is cut */
        { "\x0F", 1 },                                          /* wire type 7 */
    };
    EACH (row, cases) {
        auto_call call;
        call_init(&call, NULL);
        struct error err = NO_ERROR;
        if (rpc_unpack(&call, &tfplugin6__read_resource__request__descriptor,
                       BYTES(row->data, row->length), &err) != NULL)
            fail_msg("case %zu is accepted", (size_t)(row - cases));
        assert_int_equal(err.kind, ERR_SHAPE);
        assert_has(err.text, "ReadResource");
    }
}

TEST(fields_of_a_younger_protocol_are_skipped)
{
    auto_call call;
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    /* type_name "a", then field 200 (text "xyz"), field 201 (number 7) */
    static const char data[] = "\x0A\x01"
                               "a\xC2\x0C\x03xyz\xC8\x0C\x07";
    Tfplugin6__ReadResource__Request *in = rpc_unpack(
        &call, &tfplugin6__read_resource__request__descriptor, BYTES(data, sizeof data - 1), &err);
    assert_non_null(in);
    assert_string_equal(in->type_name, "a");
    assert_null(in->current_state);
}
