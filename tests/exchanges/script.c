/* Reads exchange files. What it does not understand it refuses, with the line.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
            reader_complain(reader, arena_print(arena, "there is no $%s", name));
            return NULL;
        }
        out = arena_print(arena, "%s%s", out, found);
        text += length;
    }
}

static int read_let(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    if (script->name_count == SCRIPT_NAMES_MAX)
        return reader_complain(reader, "too many names");
    const char *name = reader_word(script->arena, &rest);
    if (strncmp(rest, "many ", 5) == 0 &&
        (rest = reader_repeat(script->arena, rest)) == NULL)
        return reader_complain(reader, "repeated text is `many 1..100 TEXT`");
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

/* The act to come, to which what precedes it belongs. */
static struct script_act *next_act(struct reader *reader)
{
    return &reader->script->acts[reader->script->act_count];
}

static int read_config(struct reader *reader, const char *rest)
{
    next_act(reader)->config = reader_json(reader, rest);
    return next_act(reader)->config != NULL ? 0 : -1;
}

static int read_session(struct reader *reader, const char *rest)
{
    next_act(reader)->session = reader_json(reader, rest);
    return next_act(reader)->session != NULL ? 0 : -1;
}

static int read_variables(struct reader *reader, const char *rest)
{
    next_act(reader)->variables = reader_json(reader, rest);
    return next_act(reader)->variables != NULL ? 0 : -1;
}

static int read_file_line(struct reader *reader, const char *rest)
{
    struct arena *arena = reader->script->arena;
    struct script_file **end = &next_act(reader)->files;
    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_take(arena, sizeof **end);
    (*end)->name = reader_word(arena, &rest);
    (*end)->form = *rest == '"' ? "text" : reader_word(arena, &rest);
    (*end)->text = *rest == '"' ? reader_string(reader, &rest) : rest;
    return (*end)->text != NULL
               ? 0
               : reader_complain(reader, "a file is a string, or of a form");
}

static int read_within(struct reader *reader, const char *rest)
{
    return reader_ms(rest, &next_act(reader)->within_ms) == 0
               ? 0
               : reader_complain(reader, "a time is `within 10m`");
}

static int read_later(struct reader *reader, const char *rest)
{
    return reader_ms(rest, &next_act(reader)->later_ms) == 0
               ? 0
               : reader_complain(reader, "a time is `later 10m`");
}

static int read_stored(struct reader *reader, const char *rest)
{
    next_act(reader)->stored = rest;
    return 0;
}

static int read_state(struct reader *reader, const char *rest)
{
    const json_t *json = reader_json(reader, rest);
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        reader->script->state = json;
    else
        act->state = json;
    return json != NULL ? 0 : -1;
}

static int read_busy(struct reader *reader, const char *rest)
{
    next_act(reader)->is_busy = true;
    return *rest == '\0' ? 0 : reader_complain(reader, "busy stands alone");
}

static int read_private(struct reader *reader, const char *rest)
{
    if (strcmp(rest, "imported") != 0 && strcmp(rest, "moved") != 0)
        return reader_complain(reader, "private data can only be `imported` or `moved`");
    reader->script->is_imported = true;
    reader->script->is_moved = *rest == 'm';
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
        return reader_complain(reader, "the service can only `compares case`");
    reader->script->is_case_sensitive = true;
    return 0;
}

/* What the provider block says besides. */
static int read_provider(struct reader *reader, const char *rest)
{
    struct script *script = reader->script;
    if (*rest == '{') {
        next_act(reader)->provider = reader_json(reader, rest);
        return next_act(reader)->provider != NULL ? 0 : -1;
    }
    const char *word = reader_word(script->arena, &rest);
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
        return reader_complain(reader, "there is no such argument of the provider");
    for (size_t i = 0; i < 3 && *rest != '\0'; i++)
        script->auxiliary[i] = reader_word(script->arena, &rest);
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
        [DO_DOCTOR] = "doctor",       [DO_REFRESH] = "refresh",
        [DO_REMOVE] = "remove",       [DO_CHANGE] = "change",
    };
    struct script *script = reader->script;
    if (script->act_count + 1 == SCRIPT_ACTS_MAX)
        return reader_complain(reader, "too many acts");
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
    const char *verb = reader_word(script->arena, &rest);
    act->argument = rest;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i], verb) == 0) {
            act->verb = (enum script_verb)i;
            return 0;
        }
    }
    return reader_complain(reader, "there is no such act");
}

static const struct script_line own_lines[] = {
    { "let", read_let },
    { "table", read_table },
    { "config", read_config },
    { "state", read_state },
    { "stored", read_stored },
    { "private", read_private },
    { "service", read_service },
    { "do", read_do },
    { "base", read_base },
    { "provider", read_provider },
    { "session", read_session },
    { "within", read_within },
    { "later", read_later },
    { "busy", read_busy },
    { "variables", read_variables },
    { "file", read_file_line },
    { "forged", read_forged },
    { NULL, NULL },
};

static int read_line(struct reader *reader, const char *text)
{
    text = substitute(reader, text);
    if (text == NULL)
        return -1;
    const char *word = reader_word(reader->script->arena, &text);
    const struct script_line *const tables[] = { own_lines, script_exchange_lines,
                                                 script_result_lines };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct script_line *line = tables[i]; line->word != NULL; line++) {
            if (strcmp(line->word, word) == 0)
                return line->read(reader, text);
        }
    }
    return reader_complain(reader,
                           arena_print(reader->script->arena, "what is `%s`?", word));
}

/* What was said about an exchange to come, and none came: it is about the act's end. */
static void close_act(struct reader *reader)
{
    struct script *script = reader->script;
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return;
    act->after = script->gathered.before;
    act->waited_least_ms = script->gathered.waited_least_ms;
    act->waited_most_ms = script->gathered.waited_most_ms;
    script->gathered = reader_fresh_exchange();
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
                return reader_complain(&reader, "it goes on with nothing");
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
    return reader_exchange(&reader) == NULL
               ? 0
               : reader_complain(&reader, "the last answer is missing");
}

int script_read(struct script *script, const char *path)
{
    *script = (struct script){ .arena = arena_new(),
                               .keep = json_array(),
                               .path = path,
                               .base = "https://management.azure.com",
                               .gathered = reader_fresh_exchange() };
    const char *slash = strrchr(path, '/');
    const char *names = arena_print(script->arena, "%.*snames",
                                    slash != NULL ? (int)(slash - path) + 1 : 0, path);
    const char *text = reader_file(script->arena, names);
    if (text != NULL && read_text(script, names, text) < 0)
        return -1;
    text = reader_file(script->arena, path);
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
