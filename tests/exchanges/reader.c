/* What the readers of exchange files share: words, strings, numbers, and where in the file they are.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

int reader_complain(const struct reader *reader, const char *fault)
{
    fprintf(stderr, "%s:%d: %s\n", reader->path, reader->line, fault);
    return -1;
}

char *reader_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = NULL;
    size_t room = 0;
    ssize_t length = getdelim(&text, &room, EOF, file);
    fclose(file);
    char *copy = arena_copy_bytes_as_text(arena, length > 0 ? text : "",
                                          length > 0 ? (size_t)length : 0);
    free(text);
    return copy;
}

const char *reader_skip_space(const char *text)
{
    return text + strspn(text, " \t\n");
}

/* The word at *text, which moves behind it and the white space there. */
const char *reader_word(struct arena *arena, const char **text)
{
    size_t length = strcspn(*text, " \t\n");
    const char *word = arena_copy_bytes_as_text(arena, *text, length);
    *text = reader_skip_space(*text + length);
    return word;
}

const json_t *reader_json(struct reader *reader, const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        reader_complain(reader, error.text);
        return NULL;
    }
    json_array_append_new(reader->script->keep, json);
    return json;
}

/* The string literal at *text, which moves behind it. NULL if there is none. */
const char *reader_string(struct reader *reader, const char **text)
{
    const char *at = *text;
    if (*at != '"')
        return NULL;
    for (at++; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
    }
    if (*at == '\0')
        return NULL;
    size_t length = (size_t)(at - *text) + 1;
    const json_t *json = reader_json(
        reader, arena_copy_bytes_as_text(reader->script->arena, *text, length));
    *text = reader_skip_space(*text + length);
    return json != NULL ? json_string_value(json) : NULL;
}

int reader_ms(const char *text, int64_t *ms)
{
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    double unit = strcmp(end, "ms") == 0  ? 1
                  : strcmp(end, "s") == 0 ? 1000
                  : strcmp(end, "m") == 0 ? 60 * 1000
                  : strcmp(end, "h") == 0 ? 3600 * 1000
                                          : -1;
    if (end == text || errno != 0 || unit < 0)
        return -1;
    *ms = (int64_t)(number * unit);
    return 0;
}

/* A..B or A alone */
bool reader_range(struct arena *arena, const char *text, const char **least,
                  const char **most)
{
    const char *dots = strstr(text, "..");
    if (dots == NULL) {
        *least = *most = text;
        return true;
    }
    *least = arena_copy_bytes_as_text(arena, text, (size_t)(dots - text));
    *most = dots + 2;
    return **least != '\0' && **most != '\0';
}

struct script_act *reader_act(struct reader *reader)
{
    struct script *script = reader->script;
    return script->act_count > 0 ? &script->acts[script->act_count - 1] : NULL;
}

/* The exchange whose answer is still to come, or NULL. */
struct script_exchange *reader_exchange(struct reader *reader)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL || act->exchange_count == 0)
        return NULL;
    struct script_exchange *last = &act->exchanges[act->exchange_count - 1];
    return last->is_answered ? NULL : last;
}

struct script_exchange reader_fresh_exchange(void)
{
    return (struct script_exchange){ .waited_most_ms = -1,
                                     .repeat_least = 1,
                                     .repeat_most = 1 };
}

const char *reader_repeat(struct arena *arena, const char *rest)
{
    const char *least, *most;
    reader_word(arena, &rest);
    if (!reader_range(arena, reader_word(arena, &rest), &least, &most))
        return NULL;
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    size_t last = strtoul(most, NULL, 10);
    for (size_t number = strtoul(least, NULL, 10); number <= last; number++) {
        for (const char *at = rest; *at != '\0'; at += strcspn(at, "%")) {
            if (*at == '%') {
                buf_print(&buf, "%05zu", number);
                at++;
            }
            buf_print(&buf, "%.*s", (int)strcspn(at, "%"), at);
        }
        buf_add_text(&buf, number < last ? "," : "");
    }
    return arena_copy_text(arena, buf_text(&buf));
}
