/* Reads exchange files. What it does not understand it refuses, with the line.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/script.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include <unistd.h>

struct reader {
    struct script *script;
    const char *path;
    int line;
};

static int complain(const struct reader *reader, const char *fault)
{
    fprintf(stderr, "%s:%d: %s\n", reader->path, reader->line, fault);
    return -1;
}

static char *read_file(struct arena *arena, const char *path)
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

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\n");
}

/* The word at *text, which moves behind it and the white space there. */
static const char *next_word(struct arena *arena, const char **text)
{
    size_t length = strcspn(*text, " \t\n");
    const char *word = arena_copy_bytes_as_text(arena, *text, length);
    *text = skip_space(*text + length);
    return word;
}

const char *script_folder(struct script *script)
{
    if (script->folder == NULL)
        script->folder =
            mkdtemp(arena_copy_text(script->arena, "/tmp/azurestack-XXXXXX"));
    return script->folder;
}

/* `$name` is replaced by what `let name` said, `$folder` by the path of the script's folder. */
static const char *substitute(struct reader *reader, const char *text)
{
    struct script *script = reader->script;
    struct arena *arena = script->arena;
    const char *out = "";
    for (;;) {
        size_t literal = strcspn(text, "$");
        out = arena_print(arena, "%s%.*s", out, (int)literal, text);
        text += literal;
        if (*text == '\0')
            return out;
        size_t length = 1;
        if (text[1] == '$') {
            out = arena_print(arena, "%s$", out);
            text += 2;
            continue;
        }
        while (islower((unsigned char)text[length]) || text[length] == '_')
            length++;
        const char *name = arena_copy_bytes_as_text(arena, text + 1, length - 1);
        const char *found = strcmp(name, "folder") == 0 ? script_folder(script) : NULL;
        for (size_t i = 0; i < script->name_count; i++) {
            if (strcmp(script->names[i].name, name) == 0)
                found = script->names[i].text;
        }
        if (found == NULL) {
            complain(reader, arena_print(arena, "there is no $%s", name));
            return NULL;
        }
        out = arena_print(arena, "%s%s", out, found);
        text += length;
    }
}

static const json_t *parse_json(struct reader *reader, const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        complain(reader, error.text);
        return NULL;
    }
    json_array_append_new(reader->script->keep, json);
    return json;
}

/* The string literal at *text, which moves behind it. NULL if there is none. */
static const char *next_string(struct reader *reader, const char **text)
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
    const json_t *json = parse_json(
        reader, arena_copy_bytes_as_text(reader->script->arena, *text, length));
    *text = skip_space(*text + length);
    return json != NULL ? json_string_value(json) : NULL;
}

static int parse_ms(const char *text, int64_t *ms)
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
static bool split_range(struct arena *arena, const char *text, const char **least,
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

static struct script_act *current_act(struct reader *reader)
{
    struct script *script = reader->script;
    return script->act_count > 0 ? &script->acts[script->act_count - 1] : NULL;
}

/* The exchange whose answer is still to come, or NULL. */
static struct script_exchange *open_exchange(struct reader *reader)
{
    struct script_act *act = current_act(reader);
    if (act == NULL || act->exchange_count == 0)
        return NULL;
    struct script_exchange *last = &act->exchanges[act->exchange_count - 1];
    return last->is_answered ? NULL : last;
}

static struct script_exchange fresh_exchange(void)
{
    return (struct script_exchange){ .waited_most_ms = -1,
                                     .repeat_least = 1,
                                     .repeat_most = 1 };
}

/* `many FIRST..LAST TEXT`: the text for each number, of five digits in place of `%`, with commas between. */
static const char *repeat_text(struct arena *arena, const char *rest)
{
    const char *least, *most;
    next_word(arena, &rest);
    if (!split_range(arena, next_word(arena, &rest), &least, &most))
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

static int read_let(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    if (script->name_count == SCRIPT_NAMES_MAX)
        return complain(reader, "too many names");
    const char *name = next_word(script->arena, &rest);
    if (strncmp(rest, "many ", 5) == 0 &&
        (rest = repeat_text(script->arena, rest)) == NULL)
        return complain(reader, "repeated text is `many 1..100 TEXT`");
    script->names[script->name_count].name = name;
    script->names[script->name_count++].text = rest;
    return 0;
}

static int read_table(struct reader *reader, const char *rest)
{
    reader->script->table = rest;
    return 0;
}

static int read_base(struct reader *reader, const char *rest)
{
    reader->script->base = rest;
    return 0;
}

static int read_config(struct reader *reader, const char *rest)
{
    const json_t *json = parse_json(reader, rest);
    struct script_act *next = &reader->script->acts[reader->script->act_count];
    next->config = json;
    return json != NULL ? 0 : -1;
}

static int read_session(struct reader *reader, const char *rest)
{
    const json_t *json = parse_json(reader, rest);
    reader->script->acts[reader->script->act_count].session = json;
    return json != NULL ? 0 : -1;
}

/* The act to come, to which what precedes it belongs. */
static struct script_act *next_act(struct reader *reader)
{
    return &reader->script->acts[reader->script->act_count];
}

static int read_variables(struct reader *reader, const char *rest)
{
    next_act(reader)->variables = parse_json(reader, rest);
    return next_act(reader)->variables != NULL ? 0 : -1;
}

static int read_file_line(struct reader *reader, const char *rest)
{
    struct arena *arena = reader->script->arena;
    struct script_file **end = &next_act(reader)->files;
    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_take(arena, sizeof **end);
    (*end)->name = next_word(arena, &rest);
    (*end)->form = *rest == '"' ? "text" : next_word(arena, &rest);
    (*end)->text = *rest == '"' ? next_string(reader, &rest) : rest;
    return (*end)->text != NULL ? 0
                                : complain(reader, "a file is a string, or of a form");
}

static int read_within(struct reader *reader, const char *rest)
{
    return parse_ms(rest, &next_act(reader)->within_ms) == 0
               ? 0
               : complain(reader, "a time is `within 10m`");
}

static int read_later(struct reader *reader, const char *rest)
{
    return parse_ms(rest, &next_act(reader)->later_ms) == 0
               ? 0
               : complain(reader, "a time is `later 10m`");
}

static int read_stored(struct reader *reader, const char *rest)
{
    reader->script->acts[reader->script->act_count].stored = rest;
    return 0;
}

static int read_state(struct reader *reader, const char *rest)
{
    const json_t *json = parse_json(reader, rest);
    struct script_act *act = current_act(reader);
    if (act == NULL)
        reader->script->state = json;
    else
        act->state = json;
    return json != NULL ? 0 : -1;
}

static int read_planned(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nothing was planned yet");
    act->planned = parse_json(reader, rest);
    return act->planned != NULL ? 0 : -1;
}

static int read_listed(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nothing was listed yet");
    act->listed = parse_json(reader, rest);
    return act->listed != NULL ? 0 : -1;
}

/* What is looked up is listed alone. */
static int read_found(struct reader *reader, const char *rest)
{
    return read_listed(reader, arena_print(reader->script->arena, "[%s]", rest));
}

static int read_private(struct reader *reader, const char *rest)
{
    if (strcmp(rest, "imported") != 0)
        return complain(reader, "private data can only be `imported`");
    reader->script->is_imported = true;
    return 0;
}

static int read_forged(struct reader *reader, const char *rest)
{
    (void)rest;
    reader->script->is_forged = true;
    return 0;
}

static int read_service(struct reader *reader, const char *rest)
{
    if (strcmp(rest, "compares case") != 0)
        return complain(reader, "the service can only `compares case`");
    reader->script->is_case_sensitive = true;
    return 0;
}

/* What the provider block says besides. */
static int read_provider(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    if (*rest == '{') {
        next_act(reader)->provider = parse_json(reader, rest);
        return next_act(reader)->provider != NULL ? 0 : -1;
    }
    const char *word = next_word(script->arena, &rest);
    if (strcmp(word, "disable_correlation_request_id") == 0) {
        script->has_no_correlation_id = true;
        return 0;
    }
    if (strcmp(word, "plan_checks_required") == 0) {
        script->requires_plan_checks = true;
        return 0;
    }
    if (strcmp(word, "destroy_lock_check_enabled") == 0) {
        script->checks_locks = true;
        return 0;
    }
    if (strcmp(word, "hub") == 0) {
        script->has_hub = true;
        return 0;
    }
    if (strcmp(word, "auxiliary_tenant_ids") != 0)
        return complain(reader, "there is no such argument of the provider");
    for (size_t i = 0; i < 3 && *rest != '\0'; i++)
        script->auxiliary[i] = next_word(script->arena, &rest);
    return 0;
}

static int read_do(struct reader *reader, const char *rest)
{
    static const char *const verbs[] = {
        [DO_VALIDATE] = "validate",   [DO_PLAN] = "plan",
        [DO_CREATE] = "create",       [DO_UPDATE] = "update",
        [DO_READ] = "read",           [DO_DELETE] = "delete",
        [DO_IMPORT] = "import",       [DO_UPGRADE] = "upgrade",
        [DO_CHECK] = "check",         [DO_CHECK_DESTROY] = "check_destroy",
        [DO_LIST] = "list",           [DO_LOOK] = "look",
        [DO_REQUEST] = "request",     [DO_OPERATION] = "operation",
        [DO_PAGES] = "pages",         [DO_SHARED] = "shared",
        [DO_PLANS] = "plans",         [DO_OLD_HOST] = "old_host",
        [DO_SEND] = "send",           [DO_SEND_CHANGE] = "send_change",
        [DO_TAKE] = "take",           [DO_SIGN_IN] = "sign_in",
        [DO_CONFIGURE] = "configure", [DO_ROUTE] = "route",
    };
    struct script *script = reader->script;
    if (script->act_count + 1 == SCRIPT_ACTS_MAX)
        return complain(reader, "too many acts");
    struct script_act *act = &script->acts[script->act_count++];
    /* What the last act was configured with still holds. */
    if (act->config == NULL && act > script->acts)
        act->config = act[-1].config;
    if (act->provider == NULL && act > script->acts)
        act->provider = act[-1].provider;
    if (act->variables == NULL && act > script->acts)
        act->variables = act[-1].variables;
    act->line = reader->line;
    act->waited_most_ms = -1;
    const char *verb = next_word(script->arena, &rest);
    act->argument = rest;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i], verb) == 0) {
            act->verb = (enum script_verb)i;
            return 0;
        }
    }
    return complain(reader, "there is no such act");
}

static int read_request(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    struct script_act *act = current_act(reader);
    if (act == NULL || open_exchange(reader) != NULL)
        return complain(reader, "a request stands between `do` or `<` and its own `<`");
    if (act->exchange_count == SCRIPT_PARTS_MAX)
        return complain(reader, "too many exchanges");
    struct script_exchange *exchange = &act->exchanges[act->exchange_count++];
    *exchange = script->gathered;
    script->gathered = fresh_exchange();
    exchange->line = reader->line;
    exchange->method = next_word(script->arena, &rest);
    exchange->url = next_word(script->arena, &rest);
    if (*exchange->url == '/')
        exchange->url = arena_print(script->arena, "%s%s", script->base, exchange->url);
    if (*rest != '\0' && (exchange->body = parse_json(reader, rest)) == NULL)
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
    return complain(reader, "there is no such fault");
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
            return complain(reader, "a header is `Name: value`, `; ` between two");
        exchange->headers[exchange->header_count++] = (struct http_header){
            .name = arena_copy_bytes_as_text(arena, header, (size_t)(colon - header)),
            .value = colon + 2,
        };
        *rest = skip_space(*rest + length + ((*rest)[length] == ';'));
    }
    return 0;
}

static int read_sends(struct reader *reader, const char *rest)
{
    struct script_exchange *open = open_exchange(reader);
    struct arena *arena = reader->script->arena;
    bool is_there = strncmp(rest, "no ", 3) != 0;
    const char *colon = strstr(rest, ": ");
    if (open == NULL || open->sent_count == SCRIPT_HEADERS_MAX ||
        (is_there && colon == NULL))
        return complain(reader,
                        "`sends Name: value` or `sends no Name` follows a request");
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
            return complain(reader, "behind a \\ there is x and two digits, n, r or \\");
        }
    }
    exchange->reply = BYTES(bytes, length);
    return 0;
}

static int read_form(struct reader *reader, const char *rest)
{
    struct script_exchange *open = open_exchange(reader);
    const char *equals = strchr(rest, '=');
    if (open == NULL || open->form_count == SCRIPT_HEADERS_MAX || equals == NULL)
        return complain(reader, "`form name=value` follows a request");
    open->form[open->form_count++] = (struct http_header){
        .name = arena_copy_bytes_as_text(reader->script->arena, rest,
                                         (size_t)(equals - rest)),
        .value = equals + 1,
    };
    return 0;
}

static int read_direct(struct reader *reader, const char *rest)
{
    struct script_exchange *open = open_exchange(reader);
    if (open == NULL)
        return complain(reader, "`direct` and `pinned` follow a request");
    open->is_direct = true;
    open->pin = *rest != '\0' ? rest : NULL;
    return 0;
}

static int read_answer(struct reader *reader, const char *rest)
{
    struct script_exchange *exchange = open_exchange(reader);
    if (exchange == NULL)
        return complain(reader, "an answer without a request");
    exchange->is_answered = true;
    const char *word = next_word(reader->script->arena, &rest);
    if (strcmp(word, "fault") == 0)
        return read_fault(reader, exchange, rest);
    exchange->status = (int)strtol(word, NULL, 10);
    if (exchange->status < 100 || exchange->status > 599)
        return complain(reader, "an answer is a status or a fault");
    if (strncmp(rest, "raw ", 4) == 0)
        return read_raw(reader, exchange, rest + 4);
    if (read_headers(reader, exchange, &rest) < 0)
        return -1;
    if (*rest == '"') {
        const char *raw = next_string(reader, &rest);
        if (raw == NULL || *rest != '\0')
            return complain(reader, "a raw body is one string");
        exchange->reply = BYTES(raw, strlen(raw));
        return 0;
    }
    /* A slip in a file shall not pass for a garbled answer. */
    if (*rest != '\0' && parse_json(reader, rest) == NULL)
        return -1;
    exchange->reply = BYTES(rest, strlen(rest));
    return 0;
}

static int read_signal(struct reader *reader, enum script_signal signal)
{
    struct script_exchange *open = open_exchange(reader);
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
    if (!split_range(reader->script->arena, rest, &least, &most) ||
        parse_ms(least, &next->waited_least_ms) < 0 ||
        parse_ms(most, &next->waited_most_ms) < 0)
        return complain(reader, "a wait is `waited 2s..5s`");
    return 0;
}

static int read_repeat(struct reader *reader, const char *rest)
{
    const char *least, *most;
    struct script_exchange *next = &reader->script->gathered;
    if (!split_range(reader->script->arena, rest, &least, &most))
        return complain(reader, "a repetition is `repeat 2..5`");
    next->repeat_least = (unsigned)strtoul(least, NULL, 10);
    next->repeat_most = (unsigned)strtoul(most, NULL, 10);
    return next->repeat_most >= next->repeat_least && next->repeat_most > 0
               ? 0
               : complain(reader, "a repetition is `repeat 2..5`");
}

static int read_takes(struct reader *reader, const char *rest)
{
    struct script_exchange *open = open_exchange(reader);
    if (open == NULL || parse_ms(rest, &open->takes_ms) < 0)
        return complain(reader, "`takes 5s` stands between a request and its answer");
    return 0;
}

static int read_diag(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL || act->diag_count == SCRIPT_FRAGMENTS_MAX)
        return complain(reader, "a diagnostic that belongs to no act, or one too many");
    struct script_diag *diag = &act->diags[act->diag_count++];
    diag->line = reader->line;
    diag->path = "";
    const char *severity = next_word(reader->script->arena, &rest);
    if (strcmp(severity, "error") != 0 && strcmp(severity, "warning") != 0)
        return complain(reader, "a diagnostic is an `error` or a `warning`");
    diag->severity = *severity == 'e' ? SEVERITY_ERROR : SEVERITY_WARNING;
    while (*rest == '"') {
        if (diag->fragment_count == SCRIPT_FRAGMENTS_MAX)
            return complain(reader, "too many fragments");
        const char *fragment = next_string(reader, &rest);
        if (fragment == NULL)
            return complain(reader, "a fragment is a string");
        diag->fragments[diag->fragment_count++] = fragment;
    }
    if (strncmp(rest, "at ", 3) == 0)
        diag->path = rest + 3;
    else if (*rest != '\0')
        return complain(reader, "behind the fragments there is only `at attribute.path`");
    return diag->fragment_count > 0 ? 0 : complain(reader, "it says nothing");
}

static int read_configured(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nothing was configured yet");
    act->configured = parse_json(reader, rest);
    return act->configured != NULL ? 0 : -1;
}

static int read_routes(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nothing was routed yet");
    act->routes = parse_json(reader, rest);
    return act->routes != NULL ? 0 : -1;
}

static int read_source(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nobody has signed in yet");
    act->source = rest;
    return 0;
}

static int read_token(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nobody has signed in yet");
    act->token = next_word(reader->script->arena, &rest);
    act->lifetime = *rest != '\0' ? rest : NULL;
    return 0;
}

static int read_refused(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nobody has signed in yet");
    act->refusal = next_word(reader->script->arena, &rest);
    bool is_hidden = false;
    while (*rest != '\0' && act->refused_count < SCRIPT_FRAGMENTS_MAX) {
        if (strncmp(rest, "no ", 3) == 0) {
            is_hidden = true;
            rest += 3;
        }
        const char *fragment = next_string(reader, &rest);
        if (fragment == NULL)
            return complain(reader,
                            "a refusal is a kind and strings, `no` before the last");
        act->refused[act->refused_count++] = fragment;
        act->says_count += !is_hidden;
    }
    return 0;
}

static int read_replaces(struct reader *reader, const char *rest)
{
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return complain(reader, "nothing was planned yet");
    act->asks_replaces = true;
    while (*rest != '\0' && act->replace_count < SCRIPT_FRAGMENTS_MAX)
        act->replaces[act->replace_count++] = next_word(reader->script->arena, &rest);
    return 0;
}

static const struct {
    const char *word;
    int (*read)(struct reader *reader, const char *rest);
} lines[] = {
    { "let", read_let },           { "table", read_table },
    { "config", read_config },     { "state", read_state },
    { "stored", read_stored },     { "private", read_private },
    { "service", read_service },   { "do", read_do },
    { ">", read_request },         { "<", read_answer },
    { "stop", read_stop },         { "abort", read_abort },
    { "waited", read_waited },     { "repeat", read_repeat },
    { "takes", read_takes },       { "diag", read_diag },
    { "replaces", read_replaces }, { "planned", read_planned },
    { "listed", read_listed },     { "base", read_base },
    { "found", read_found },       { "sends", read_sends },
    { "provider", read_provider }, { "session", read_session },
    { "within", read_within },     { "later", read_later },
    { "form", read_form },         { "variables", read_variables },
    { "file", read_file_line },    { "direct", read_direct },
    { "source", read_source },     { "token", read_token },
    { "refused", read_refused },   { "configured", read_configured },
    { "routes", read_routes },     { "forged", read_forged },
};

static int read_line(struct reader *reader, const char *text)
{
    text = substitute(reader, text);
    if (text == NULL)
        return -1;
    const char *word = next_word(reader->script->arena, &text);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (strcmp(lines[i].word, word) == 0)
            return lines[i].read(reader, text);
    }
    return complain(reader, arena_print(reader->script->arena, "what is `%s`?", word));
}

/* What was said about an exchange to come, and none came: it is about the act's end. */
static void close_act(struct reader *reader)
{
    struct script *script = reader->script;
    struct script_act *act = current_act(reader);
    if (act == NULL)
        return;
    act->after = script->gathered.before;
    act->waited_least_ms = script->gathered.waited_least_ms;
    act->waited_most_ms = script->gathered.waited_most_ms;
    script->gathered = fresh_exchange();
}

/* An indented line and one that begins with a bracket or a quote goes on with the line
 * before it. */
static int read_text(struct script *script, const char *path, const char *text)
{
    struct reader reader = { .script = script, .path = path };
    const char *pending = NULL;
    int number = 0;
    for (bool is_end = false; !is_end;) {
        size_t length = strcspn(text, "\n");
        const char *line = arena_copy_bytes_as_text(script->arena, text, length);
        is_end = text[length] == '\0';
        text += length + !is_end;
        number++;
        if (*line == '#' || line[strspn(line, " \t")] == '\0') {
            if (!is_end)
                continue;
        } else if (strchr(" \t{}[]\"", *line) != NULL) {
            if (pending == NULL) {
                reader.line = number;
                return complain(&reader, "it goes on with nothing");
            }
            pending = arena_print(script->arena, "%s\n%s", pending, line);
            if (!is_end)
                continue;
            line = NULL;
        }
        if (pending != NULL) {
            if (strncmp(pending, "do ", 3) == 0)
                close_act(&reader);
            if (read_line(&reader, pending) < 0)
                return -1;
        }
        pending = line;
        reader.line = number;
    }
    if (pending != NULL && *pending != '#' && pending[strspn(pending, " \t")] != '\0' &&
        read_line(&reader, pending) < 0)
        return -1;
    close_act(&reader);
    return open_exchange(&reader) == NULL
               ? 0
               : complain(&reader, "the last answer is missing");
}

int script_read(struct script *script, const char *path)
{
    *script = (struct script){ .arena = arena_new(),
                               .keep = json_array(),
                               .path = path,
                               .base = "https://management.azure.com",
                               .gathered = fresh_exchange() };
    const char *slash = strrchr(path, '/');
    const char *names = arena_print(script->arena, "%.*snames",
                                    slash != NULL ? (int)(slash - path) + 1 : 0, path);
    const char *text = read_file(script->arena, names);
    if (text != NULL && read_text(script, names, text) < 0)
        return -1;
    text = read_file(script->arena, path);
    if (text == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    if (read_text(script, path, text) < 0)
        return -1;
    bool is_without = script->acts[0].verb >= DO_SIGN_IN;
    if (is_without == (script->table == NULL) && script->act_count > 0)
        return 0;
    fprintf(stderr, "%s: it has no table, or does nothing\n", path);
    return -1;
}

void script_clear(struct script *script)
{
    if (script->folder != NULL)
        system(arena_print(script->arena, "/bin/rm -r %s", script->folder));
    json_decref(script->keep);
    arena_free(script->arena);
}

bool script_act_succeeds(const struct script_act *act)
{
    for (size_t i = 0; i < act->diag_count; i++) {
        if (act->diags[i].severity == SEVERITY_ERROR)
            return false;
    }
    return act->refusal == NULL;
}

bool script_act_is_lookup(const struct script_act *act)
{
    return act->verb >= DO_LOOK;
}
