/* Lines about what must come out of an act.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/reader.h"

#include <errno.h>
#include <string.h>

static int read_planned(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nothing was planned yet");
    act->planned = reader_json(reader, rest);
    return act->planned != NULL ? 0 : -1;
}

static int read_listed(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nothing was listed yet");
    act->listed = reader_json(reader, rest);
    return act->listed != NULL ? 0 : -1;
}

/* What is looked up is listed alone. */
static int read_found(struct reader *reader, const char *rest)
{
    return read_listed(reader, arena_print(reader->script->arena, "[%s]", rest));
}

static int read_diag(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL || act->diag_count == SCRIPT_FRAGMENTS_MAX)
        return reader_complain(reader,
                               "a diagnostic that belongs to no act, or one too many");
    struct script_diag *diag = &act->diags[act->diag_count++];
    diag->line = reader->line;
    diag->path = "";
    const char *severity = reader_word(reader->script->arena, &rest);
    if (strcmp(severity, "error") != 0 && strcmp(severity, "warning") != 0)
        return reader_complain(reader, "a diagnostic is an `error` or a `warning`");
    diag->severity = *severity == 'e' ? SEVERITY_ERROR : SEVERITY_WARNING;
    while (*rest == '"') {
        if (diag->fragment_count == SCRIPT_FRAGMENTS_MAX)
            return reader_complain(reader, "too many fragments");
        const char *fragment = reader_string(reader, &rest);
        if (fragment == NULL)
            return reader_complain(reader, "a fragment is a string");
        diag->fragments[diag->fragment_count++] = fragment;
    }
    if (strncmp(rest, "at ", 3) == 0)
        diag->path = rest + 3;
    else if (*rest != '\0')
        return reader_complain(reader,
                               "behind the fragments there is only `at attribute.path`");
    return diag->fragment_count > 0 ? 0 : reader_complain(reader, "it says nothing");
}

static int read_configured(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nothing was configured yet");
    act->configured = reader_json(reader, rest);
    return act->configured != NULL ? 0 : -1;
}

static int read_routes(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nothing was routed yet");
    act->routes = reader_json(reader, rest);
    return act->routes != NULL ? 0 : -1;
}

static int read_source(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nobody has signed in yet");
    act->source = rest;
    return 0;
}

static int read_token(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nobody has signed in yet");
    act->token = reader_word(reader->script->arena, &rest);
    act->lifetime = *rest != '\0' ? rest : NULL;
    return 0;
}

static int read_refused(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nobody has signed in yet");
    act->refusal = reader_word(reader->script->arena, &rest);
    bool is_hidden = false;
    while (*rest != '\0' && act->refused_count < SCRIPT_FRAGMENTS_MAX) {
        if (strncmp(rest, "no ", 3) == 0) {
            is_hidden = true;
            rest += 3;
        }
        const char *fragment = reader_string(reader, &rest);
        if (fragment == NULL)
            return reader_complain(
                reader, "a refusal is a kind and strings, `no` before the last");
        act->refused[act->refused_count++] = fragment;
        act->says_count += !is_hidden;
    }
    return 0;
}

static int read_replaces(struct reader *reader, const char *rest)
{
    struct script_act *act = reader_act(reader);
    if (act == NULL)
        return reader_complain(reader, "nothing was planned yet");
    act->asks_replaces = true;
    while (*rest != '\0' && act->replace_count < SCRIPT_FRAGMENTS_MAX)
        act->replaces[act->replace_count++] = reader_word(reader->script->arena, &rest);
    return 0;
}

const struct script_line script_result_lines[] = {
    { "diag", read_diag },
    { "replaces", read_replaces },
    { "planned", read_planned },
    { "listed", read_listed },
    { "found", read_found },
    { "source", read_source },
    { "token", read_token },
    { "refused", read_refused },
    { "configured", read_configured },
    { "routes", read_routes },
    { NULL, NULL },
};
