/* Plays folders of cases against a decoder; included once by each runner. A case is a folder:
 *     type                 the wanted type, as JSON
 *     input or input.hex   the bytes; hex may have blanks and # comments
 *     want or error        the value as show() writes it, or a fragment of the error's text
 *     lenient              if there: as value_decode_json()'s is_lenient
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CASES_RUNNER_H
#define CASES_RUNNER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "value/value.h"

struct codec {
    int (*decode)(struct arena *arena, struct bytes bytes, const struct type *type,
                  bool is_lenient, const struct value **out, struct error *err);
    struct bytes (*encode)(struct arena *arena, const struct value *value);
    int least; /* how many cases there are at least; raise it with each new one */
};

/* --- how a value is written in `want` --------------------------------------------------- */

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

/* --- files ------------------------------------------------------------------------------ */

/* NULL if there is no such file. */
static char *read_file(struct arena *arena, const char *folder, const char *name,
                       size_t *length)
{
    enum { FILE_BYTES_MAX = 1024 * 1024 };
    FILE *stream = fopen(arena_print(arena, "%s/%s", folder, name), "rb");
    if (stream == NULL)
        return NULL;
    char *data = arena_take(arena, FILE_BYTES_MAX + 1);
    *length = fread(data, 1, FILE_BYTES_MAX, stream);
    fclose(stream);
    return data;
}

/* Without the newline at its end. */
static char *read_line(struct arena *arena, const char *folder, const char *name)
{
    size_t length;
    char *text = read_file(arena, folder, name, &length);
    if (text != NULL && length != 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    return text;
}

static bool from_hex(const char *text, char *out, size_t *length)
{
    *length = 0;
    for (;;) {
        text += strspn(text, " \t\r\n");
        if (*text == '#') {
            text += strcspn(text, "\n");
        } else if (*text == '\0') {
            return true;
        } else {
            unsigned byte;
            int taken = 0;
            if (strspn(text, "0123456789abcdefABCDEF") < 2 ||
                sscanf(text, "%2x%n", &byte, &taken) != 1 || taken != 2)
                return false;
            out[(*length)++] = (char)byte;
            text += 2;
        }
    }
}

static bool read_input(struct arena *arena, const char *folder, struct bytes *out)
{
    size_t length;
    char *data = read_file(arena, folder, "input", &length);
    if (data == NULL) {
        char *text = read_file(arena, folder, "input.hex", &length);
        if (text == NULL)
            return false;
        data = arena_take(arena, length);
        if (!from_hex(text, data, &length))
            return false;
    }
    /* A piece of exactly that size, so that the sanitizer sees a byte too far. */
    *out = BYTES(arena_copy(arena, data, length), length);
    return true;
}

/* --- playing ------------------------------------------------------------------------------ */

/* NULL, or what is wrong. */
static const char *play(const struct codec *codec, struct arena *arena,
                        const char *folder)
{
    const char *type_json = read_line(arena, folder, "type");
    const char *want = read_line(arena, folder, "want");
    const char *fragment = read_line(arena, folder, "error");
    size_t unused;
    bool is_lenient = read_file(arena, folder, "lenient", &unused) != NULL;
    struct bytes input;
    const struct type *type;
    const struct value *value = NULL, *again;
    struct error err = NO_ERROR;
    if (type_json == NULL || (want == NULL) == (fragment == NULL) ||
        (fragment != NULL && *fragment == '\0') || !read_input(arena, folder, &input))
        return "the folder is not complete";
    if (type_parse_json(arena, BYTES(type_json, strlen(type_json)), &type, &err) < 0)
        return arena_print(arena, "type: %s", err.text);

    if (codec->decode(arena, input, type, is_lenient, &value, &err) < 0) {
        if (fragment == NULL || strstr(err.text, fragment) == NULL || value != NULL ||
            err.kind == ERR_NONE)
            return arena_print(arena, "the error is: %s", err.text);
        return NULL;
    }
    auto_buf shown;
    buf_init(&shown, 1024 * 1024);
    show(&shown, arena, value);
    if (want == NULL || strcmp(buf_text(&shown), want) != 0)
        return arena_print(arena, "the value is %s", buf_text(&shown));

    struct bytes bytes = codec->encode(arena, value);
    if (codec->decode(arena, bytes, type, false, &again, &err) < 0 ||
        !value_equal(value, again))
        return "the value does not survive being written and read";
    return NULL;
}

static int run_cases(const struct codec *codec, int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER-OF-CASES\n", argv[0]);
        return 2;
    }
    int played = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        auto_arena arena = arena_new();
        const char *fault =
            play(codec, arena, arena_print(arena, "%s/%s", argv[1], entry->d_name));
        played++;
        failed += fault != NULL;
        if (fault != NULL)
            printf("%s: %s\n", entry->d_name, fault);
    }
    closedir(folder);
    printf("%d cases, %d failed, at least %d expected\n", played, failed, codec->least);
    return failed != 0 || played < codec->least;
}

#endif
