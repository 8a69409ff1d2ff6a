/* Lines about one exchange: the request, its answer, and what happens around them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int read_request(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    struct script_act *act = reader_act(reader);
    if (act == NULL || reader_exchange(reader) != NULL)
        return reader_complain(reader,
                               "a request stands between `do` or `<` and its own `<`");
    if (act->exchange_count == SCRIPT_PARTS_MAX)
        return reader_complain(reader, "too many exchanges");
    struct script_exchange *exchange = &act->exchanges[act->exchange_count++];
    *exchange = script->gathered;
    script->gathered = reader_fresh_exchange();
    exchange->line = reader->line;
    exchange->method = reader_word(script->arena, &rest);
    exchange->url = reader_word(script->arena, &rest);
    if (*exchange->url == '/')
        exchange->url = arena_print(script->arena, "%s%s", script->base, exchange->url);
    if (*rest != '\0' && (exchange->body = reader_json(reader, rest)) == NULL)
        return -1;
    return 0;
}

static int read_fault(struct reader *reader, struct script_exchange *exchange,
                      const char *rest)
{
    static const char *const faults[] = { "none", "lost",  "cut", "refused", "name",
                                          "tls",  "shape", "big", "stopped" };
    for (size_t i = 1; i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(faults[i], rest) == 0) {
            exchange->fault = (enum script_fault)i;
            return 0;
        }
    }
    return reader_complain(reader, "there is no such fault");
}

static int read_headers(struct reader *reader, struct script_exchange *exchange,
                        const char **rest)
{
    struct arena *arena = reader->script->arena;
    while (isalpha((unsigned char)**rest)) {
        size_t length = strcspn(*rest, ";\n");
        const char *header = arena_copy_bytes_as_text(arena, *rest, length);
        const char *colon = strstr(header, ": ");
        if (colon == NULL || exchange->header_count == SCRIPT_HEADERS_MAX)
            return reader_complain(reader, "a header is `Name: value`, `; ` between two");
        exchange->headers[exchange->header_count++] = (struct http_header){
            .name = arena_copy_bytes_as_text(arena, header, (size_t)(colon - header)),
            .value = colon + 2,
        };
        *rest = reader_skip_space(*rest + length + ((*rest)[length] == ';'));
    }
    return 0;
}

static int read_sends(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    struct arena *arena = reader->script->arena;
    bool is_there = strncmp(rest, "no ", 3) != 0;
    const char *colon = strstr(rest, ": ");
    if (open == NULL || open->sent_count == SCRIPT_HEADERS_MAX ||
        (is_there && colon == NULL))
        return reader_complain(
            reader, "`sends Name: value` or `sends no Name` follows a request");
    open->sent[open->sent_count++] = (struct http_header){
        .name = is_there ? arena_copy_bytes_as_text(arena, rest, (size_t)(colon - rest))
                         : rest + 3,
        .value = is_there ? colon + 2 : NULL,
    };
    return 0;
}

/* Behind `raw`: the body up to the end of its line, with \xHH, \n, \r and \\. */
static int read_raw(struct reader *reader, struct script_exchange *exchange,
                    const char *text)
{
    char *bytes = arena_take_many(reader->script->arena, strlen(text) + 1, 1);
    size_t length = 0;
    for (; *text != '\0'; text++) {
        char hex[3] = "";
        if (*text != '\\') {
            bytes[length++] = *text;
            continue;
        }
        switch (*++text) {
        case 'x':
            memcpy(hex, text + 1, strnlen(text + 1, 2));
            bytes[length++] = (char)strtol(hex, NULL, 16);
            text += strlen(hex);
            break;
        case 'n':
            bytes[length++] = '\n';
            break;
        case 'r':
            bytes[length++] = '\r';
            break;
        case '\\':
            bytes[length++] = '\\';
            break;
        default:
            return reader_complain(reader,
                                   "behind a \\ there is x and two digits, n, r or \\");
        }
    }
    exchange->reply = BYTES(bytes, length);
    return 0;
}

static int read_form(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    const char *equals = strchr(rest, '=');
    if (open == NULL || open->form_count == SCRIPT_HEADERS_MAX || equals == NULL)
        return reader_complain(reader, "`form name=value` follows a request");
    open->form[open->form_count++] = (struct http_header){
        .name = arena_copy_bytes_as_text(reader->script->arena, rest,
                                         (size_t)(equals - rest)),
        .value = equals + 1,
    };
    return 0;
}

static int read_direct(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    if (open == NULL)
        return reader_complain(reader, "`direct` and `pinned` follow a request");
    open->is_direct = true;
    open->pin = *rest != '\0' ? rest : NULL;
    return 0;
}

static int read_answer(struct reader *reader, const char *rest)
{
    struct script_exchange *exchange = reader_exchange(reader);
    if (exchange == NULL)
        return reader_complain(reader, "an answer without a request");
    exchange->is_answered = true;
    const char *word = reader_word(reader->script->arena, &rest);
    if (strcmp(word, "fault") == 0)
        return read_fault(reader, exchange, rest);
    exchange->status = (int)strtol(word, NULL, 10);
    if (exchange->status < 100 || exchange->status > 599)
        return reader_complain(reader, "an answer is a status or a fault");
    if (strncmp(rest, "raw ", 4) == 0)
        return read_raw(reader, exchange, rest + 4);
    if (read_headers(reader, exchange, &rest) < 0)
        return -1;
    if (*rest == '"') {
        const char *raw = reader_string(reader, &rest);
        if (raw == NULL || *rest != '\0')
            return reader_complain(reader, "a raw body is one string");
        exchange->reply = BYTES(raw, strlen(raw));
        return 0;
    }
    /* A slip in a file shall not pass for a garbled answer. */
    if (*rest != '\0' && reader_json(reader, rest) == NULL)
        return -1;
    exchange->reply = BYTES(rest, strlen(rest));
    return 0;
}

static int read_signal(struct reader *reader, enum script_signal signal)
{
    struct script_exchange *open = reader_exchange(reader);
    if (open != NULL)
        open->during = signal;
    else
        reader->script->gathered.before = signal;
    return 0;
}

static int read_stop(struct reader *reader, const char *rest)
{
    (void)rest;
    return read_signal(reader, SIGNAL_STOP);
}

static int read_abort(struct reader *reader, const char *rest)
{
    (void)rest;
    return read_signal(reader, SIGNAL_ABORT);
}

static int read_waited(struct reader *reader, const char *rest)
{
    const char *least, *most;
    struct script_exchange *next = &reader->script->gathered;
    if (!reader_range(reader->script->arena, rest, &least, &most) ||
        reader_ms(least, &next->waited_least_ms) < 0 ||
        reader_ms(most, &next->waited_most_ms) < 0)
        return reader_complain(reader, "a wait is `waited 2s..5s`");
    return 0;
}

static int read_repeat(struct reader *reader, const char *rest)
{
    const char *least, *most;
    struct script_exchange *next = &reader->script->gathered;
    if (!reader_range(reader->script->arena, rest, &least, &most))
        return reader_complain(reader, "a repetition is `repeat 2..5`");
    next->repeat_least = (unsigned)strtoul(least, NULL, 10);
    next->repeat_most = (unsigned)strtoul(most, NULL, 10);
    return next->repeat_most >= next->repeat_least && next->repeat_most > 0
               ? 0
               : reader_complain(reader, "a repetition is `repeat 2..5`");
}

static int read_takes(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    if (open == NULL || reader_ms(rest, &open->takes_ms) < 0)
        return reader_complain(reader,
                               "`takes 5s` stands between a request and its answer");
    return 0;
}

static int read_sleeps(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    if (open == NULL || reader_ms(rest, &open->sleeps_ms) < 0)
        return reader_complain(reader,
                               "`sleeps 8h` stands between a request and its answer");
    return 0;
}

static int read_meanwhile(struct reader *reader, const char *rest)
{
    struct script_exchange *open = reader_exchange(reader);
    if (open == NULL || strcmp(rest, "read") != 0)
        return reader_complain(
            reader, "`meanwhile read` stands between a request and its answer");
    open->is_read_meanwhile = reader_act(reader)->is_joined = true;
    return 0;
}

const struct script_line script_exchange_lines[] = {
    { ">", read_request },
    { "<", read_answer },
    { "stop", read_stop },
    { "abort", read_abort },
    { "waited", read_waited },
    { "repeat", read_repeat },
    { "takes", read_takes },
    { "meanwhile", read_meanwhile },
    { "sleeps", read_sleeps },
    { "sends", read_sends },
    { "form", read_form },
    { "direct", read_direct },
    { NULL, NULL },
};
