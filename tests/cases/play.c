/* Plays a file of cases against a decoder of values: cases-play msgpack|json FILE.
 *     type TYPE                   of the rows below, as JSON
 *     INPUT -> VALUE              what it is, as show() writes it; * for anything
 *     INPUT -> VALUE -> BYTES     and how that is written; = for INPUT again
 *     INPUT -> ! PART             refused as ERR_SHAPE, with this in the error's text
 *     INPUT -> !! PART            refused as ERR_TOO_BIG
 *     INPUT  INPUT -> ! PART      so is each; two blanks between them
 *     # a comment
 * The input of JSON is its text. Behind "@ ", in TYPE as well, stand bytes, and always where it
 * is msgpack: C4 in hex, 'text', 3*C4 or 3*'text' for three times that. "lenient " precedes
 * an input whose unknown attributes are skipped.
 * SPDX-License-Identifier: MPL-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "value/codec.h"

static bool is_msgpack;

static int decode(struct arena *arena, struct bytes bytes, const struct type *type,
                  bool is_lenient, const struct value **out, struct error *err)
{
    if (is_msgpack)
        return value_decode_msgpack(arena, bytes, type, out, err);
    return value_decode_json(arena, bytes, type, is_lenient, out, err);
}

/* ---- how a value is written in a file of cases --------------------------------------------- */

static void show_text(struct buf *out, const char *text, size_t length)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            buf_print(out, "\\%c", text[i]);
        else if ((unsigned char)text[i] < 0x20)
            buf_print(out, "\\u%04x", (unsigned)text[i]);
        else
            buf_add_char(out, text[i]);
    }
    buf_add_char(out, '"');
}

/* JSON, but <unknown>, set[...] and dynamic(TYPE, VALUE). */
static void show(struct buf *out, struct arena *arena, const struct value *value)
{
    enum type_kind kind = value->type->kind;
    bool has_names = kind == TYPE_OBJECT || kind == TYPE_MAP;
    if (value->state != VALUE_KNOWN) {
        buf_add_text(out, value->state == VALUE_NULL ? "null" : "<unknown>");
    } else if (kind == TYPE_STRING) {
        show_text(out, value->string.data, value->string.length);
    } else if (kind == TYPE_NUMBER) {
        buf_add_text(out, value->number);
    } else if (kind == TYPE_BOOL) {
        buf_add_text(out, value->boolean ? "true" : "false");
    } else if (kind == TYPE_DYNAMIC) {
        struct bytes type = type_format_json(arena, value->dynamic->type);
        buf_print(out, "dynamic(%.*s, ", (int)type.length, (const char *)type.data);
        show(out, arena, value->dynamic);
        buf_add_char(out, ')');
    } else {
        buf_add_text(out, has_names ? "{" : kind == TYPE_SET ? "set[" : "[");
        for (size_t i = 0; i < value->many.count; i++) {
            const char *name = kind == TYPE_MAP      ? value->many.keys[i]
                               : kind == TYPE_OBJECT ? value->type->fields[i].name
                                                     : NULL;
            if (i != 0)
                buf_add_char(out, ',');
            if (name != NULL) {
                show_text(out, name, strlen(name));
                buf_add_char(out, ':');
            }
            show(out, arena, value->many.items[i]);
        }
        buf_add_char(out, has_names ? '}' : ']');
    }
}

/* Each part has the very type that was asked for. */
static bool has_type(const struct value *value, const struct type *type)
{
    bool has_fields = type->kind == TYPE_OBJECT || type->kind == TYPE_TUPLE;
    bool has_parts = has_fields || type->kind == TYPE_LIST || type->kind == TYPE_SET ||
                     type->kind == TYPE_MAP;
    bool fits = value->type == type;
    for (size_t i = 0;
         fits && has_parts && value->state == VALUE_KNOWN && i < value->many.count; i++)
        fits = has_type(value->many.items[i],
                        has_fields ? type->fields[i].type : type->element);
    return fits;
}

/* ---- reading a row ------------------------------------------------------------------------- */

static void add_bytes(struct buf *out, const char *text)
{
    while (*(text += strspn(text, " ")) != '\0') {
        char *end;
        unsigned long times = strtoul(text, &end, 10);
        bool is_repeated = isdigit((unsigned char)*text) && *end == '*';
        if (is_repeated)
            text = end + 1;
        struct bytes one;
        const char byte = (char)strtoul(text, &end, 16);
        if (*text == '\'') {
            one = BYTES(text + 1, strcspn(text + 1, "'"));
            end = (char *)(uintptr_t)text + 2 + one.length;
        } else {
            one = BYTES(&byte, 1);
        }
        if (end == text || (*end != ' ' && *end != '\0')) {
            fprintf(stderr, "no bytes: %s\n", text);
            exit(2);
        }
        for (unsigned long i = 0; i < (is_repeated ? times : 1); i++)
            buf_add(out, one.data, one.length);
        text = end;
    }
}

static struct bytes read_bytes(struct arena *arena, const char *text, bool is_hex)
{
    auto_buf buf;
    buf_init(&buf, 4 * 1024 * 1024);
    if (is_hex || strncmp(text, "@ ", 2) == 0)
        add_bytes(&buf, is_hex ? text : text + 2);
    else
        buf_add_text(&buf, text);
    /* A piece of exactly that size, so that the sanitizer sees a byte too far. */
    return BYTES(arena_copy(arena, buf_text(&buf), buf.length), buf.length);
}

/* ---- playing ------------------------------------------------------------------------------- */

static const char *check_refused(struct arena *arena, const struct error *err,
                                 const struct value *value, const char *want)
{
    enum error_kind kind = strncmp(want, "!!", 2) == 0 ? ERR_TOO_BIG : ERR_SHAPE;
    const char *part = want + strspn(want, "! ");
    /* What it holds may be a secret, and an error goes everywhere. */
    if (*want != '!' || err->kind != kind || strstr(err->text, part) == NULL ||
        err->text[0] == '\0' || value != NULL || strstr(err->text, "secret") != NULL)
        return arena_print(arena, "error %d: %s", err->kind, err->text);
    return NULL;
}

/* NULL, or what is wrong. */
static const char *check_encoded(struct arena *arena, const struct value *value,
                                 const struct bytes *want)
{
    struct bytes bytes =
        is_msgpack ? value_encode_msgpack(arena, value) : value_encode_json(arena, value);
    const struct value *again;
    struct error err = NO_ERROR;
    if (want != NULL && (bytes.length != want->length ||
                         memcmp(bytes.data, want->data, bytes.length) != 0))
        return "it is written in another way";
    if (decode(arena, bytes, value->type, false, &again, &err) < 0 ||
        !value_equal(value, again))
        return "it does not survive being written and read";
    for (size_t length = 0; is_msgpack && length < bytes.length && bytes.length < 1000;
         length++) {
        auto_arena cut = arena_new();
        struct bytes part = BYTES(arena_copy(cut, bytes.data, length), length);
        if (decode(cut, part, value->type, false, &again, &err) == 0)
            return arena_print(arena, "it is taken when cut after %zu bytes", length);
    }
    return NULL;
}

static const char *play_one(struct arena *arena, const struct type *type,
                            const char *text, const char *want, const char *written)
{
    bool is_lenient = strncmp(text, "lenient ", 8) == 0;
    struct bytes input = read_bytes(arena, text + (is_lenient ? 8 : 0), is_msgpack);
    const struct value *value = NULL;
    struct error err = NO_ERROR;
    if (decode(arena, input, type, is_lenient, &value, &err) < 0)
        return check_refused(arena, &err, value, want);
    auto_buf shown;
    buf_init(&shown, 4 * 1024 * 1024);
    show(&shown, arena, value);
    if (strcmp(want, "*") != 0 && strcmp(buf_text(&shown), want) != 0)
        return arena_print(arena, "the value is %s", buf_text(&shown));
    if (!has_type(value, type))
        return "a part of it has another type";
    if (written == NULL)
        return check_encoded(arena, value, NULL);
    struct bytes bytes =
        strcmp(written, "=") == 0 ? input : read_bytes(arena, written, is_msgpack);
    return check_encoded(arena, value, &bytes);
}

/* Cuts it at the mark; what is behind it, or NULL. */
static char *cut(char *text, const char *mark)
{
    char *at = strstr(text, mark);
    if (at == NULL)
        return NULL;
    *at = '\0';
    return at + strlen(mark);
}

static const char *play(struct arena *arena, const struct type *type, char *row)
{
    const char *fault = NULL;
    char *want = cut(row, " -> ");
    if (want == NULL || type == NULL)
        return "that is no row";
    char *written = cut(want, " -> ");
    for (char *next; row != NULL && fault == NULL; row = next) {
        next = *want == '!' ? cut(row, "  ") : NULL;
        fault = play_one(arena, type, row, want, written);
    }
    return fault;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: %s msgpack|json FILE\n", argv[0]);
        return 2;
    }
    is_msgpack = strcmp(argv[1], "msgpack") == 0;
    auto_arena types = arena_new();
    const struct type *type = NULL;
    char *line = NULL;
    size_t room = 0;
    unsigned number = 0, played = 0, failed = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) > 0;) {
        auto_arena arena = arena_new();
        const char *fault = NULL;
        struct error err = NO_ERROR;
        line[length - 1] = '\0';
        number++;
        if (*line == '\0' || *line == '#')
            continue;
        if (strncmp(line, "type ", 5) == 0)
            fault = type_parse_json(types, read_bytes(types, line + 5, false), &type,
                                    &err) < 0
                        ? err.text
                        : NULL;
        else
            fault = play(arena, type, line);
        played++;
        failed += fault != NULL;
        if (fault != NULL)
            printf("%s:%u: %s\n", argv[2], number, fault);
    }
    free(line);
    fclose(file);
    printf("%u lines, %u failed\n", played, failed);
    return failed != 0 || played == 0;
}
