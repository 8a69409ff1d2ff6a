/* Plays exchange files: `play [--once] FILE…`. Each is played as it is written, and when it ends
 * well it is tortured (torture.c), but not with --once, which ends with the first failure.
 * README.md has the language.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchanges/player.h"
#include "support/engine_json.h"

static bool matches(const struct script_diag *want, const struct diagnostic *have,
                    struct arena *arena)
{
    if (want->severity != have->severity ||
        strstr(have->summary, want->fragments[0]) == NULL ||
        strcmp(path_format(arena, have->path), want->path) != 0)
        return false;
    for (size_t i = 1; i < want->fragment_count; i++) {
        if (strstr(have->detail, want->fragments[i]) == NULL)
            return false;
    }
    return true;
}

static void check_diags(struct run *run, const struct script_act *act)
{
    size_t i = 0;
    for (const struct diagnostic *diag = run->diags.first; diag != NULL;
         diag = diag->next) {
        if (i < act->diag_count && matches(&act->diags[i], diag, run->arena)) {
            i++;
            continue;
        }
        const char *path = path_format(run->arena, diag->path);
        if (i < act->diag_count)
            run_fail(run, "line %d: the diagnostic is another: \"%s\" at \"%s\"\n%s",
                     act->diags[i].line, diag->summary, path, diag->detail);
        else
            run_fail(run, "line %d: unexpected diagnostic \"%s\" at \"%s\"\n%s",
                     act->line, diag->summary, path, diag->detail);
        return;
    }
    if (i < act->diag_count)
        run_fail(run, "line %d: the diagnostic did not come", act->diags[i].line);
}

static void check_value(struct run *run, const char *what, const json_t *json,
                        const struct value *have)
{
    const char *fault = "";
    if (json == NULL)
        return;
    const struct value *want =
        engine_json_to_value(run->arena, run->resource.type, json, &fault);
    if (want == NULL)
        run_fail(run, "%s of the script does not fit the table: %s", what, fault);
    else if (have == NULL || !value_equal(want, have))
        run_fail(run, "%s is %s\n  and not  %s", what,
                 have == NULL ? "not there" : engine_json_show(run->arena, have),
                 engine_json_show(run->arena, want));
}

static void check_listed(struct run *run, const struct script_act *act)
{
    if (act->listed != NULL && !json_equal(act->listed, run->listed))
        run_fail(run, "line %d: listed is %s\n  and not  %s", act->line,
                 model_show(run->arena, json_incref(run->listed)),
                 model_show(run->arena, json_incref((json_t *)(uintptr_t)act->listed)));
}

static void check_replaces(struct run *run, const struct script_act *act)
{
    if (!act->asks_replaces)
        return;
    size_t count = 0;
    while (run->replaces != NULL && run->replaces[count] != NULL)
        count++;
    bool is_same = count == act->replace_count;
    for (size_t i = 0; is_same && i < count; i++)
        is_same = strcmp(run->replaces[i], act->replaces[i]) == 0;
    if (!is_same)
        run_fail(run, "line %d: other attributes than expected force a replacement (%zu)",
                 act->line, count);
}

/* An act that ends well has to say what the state is then, else it would test nothing. */
static bool says_enough(const struct script_act *act)
{
    switch (act->verb) {
    case DO_VALIDATE:
    case DO_CHECK:
    case DO_CHECK_DESTROY:
    case DO_REMOVE:
    case DO_CHANGE:
        return true;
    case DO_PLAN:
        return act->planned != NULL || !script_act_succeeds(act);
    case DO_SHARED:
    case DO_OLD_HOST:
        return true;
    case DO_LIST:
    case DO_LOOK:
    case DO_REFRESH:
    case DO_REQUEST:
    case DO_OPERATION:
    case DO_PAGES:
    case DO_PLANS:
    case DO_SEND:
    case DO_SEND_CHANGE:
    case DO_TAKE:
        return act->listed != NULL || !script_act_succeeds(act);
    default:
        return act->state != NULL;
    }
}

static int play_once(const struct script *script, unsigned *steps, unsigned *by_chance,
                     bool *is_good)
{
    struct run run;
    run_begin(&run, script, NULL);
    *is_good = true;
    for (size_t i = 0; i < script->act_count && *run.failure == '\0'; i++) {
        const struct script_act *act = &script->acts[i];
        run_act(&run, act);
        if (*run.failure == '\0')
            check_diags(&run, act);
        if (*run.failure == '\0')
            wire_close_act(&run);
        check_listed(&run, act);
        if (script->table == NULL) {
            *is_good = false;
            continue;
        }
        check_value(&run, "state", act->state, run.state);
        check_value(&run, "planned", act->planned, run.planned);
        check_replaces(&run, act);
        if (!says_enough(act))
            run_fail(&run, "line %d: it does not say what the result is", act->line);
        /* What is looked up changes nothing, and no model knows all that there is to look up. */
        *is_good = *is_good && script_act_succeeds(act) && !script_act_is_lookup(act) &&
                   !act->is_joined;
    }
    int result = *run.failure == '\0' ? 0 : -1;
    if (result < 0)
        fprintf(stderr, "%s: %s\n", script->path, run.failure);
    *steps = run.requests;
    *by_chance = run.by_chance;
    run_end(&run);
    return result;
}

int main(int argc, char **argv)
{
    unsigned exchanges = 0, runs = 0, failed = 0;
    bool is_once = argc > 1 && strcmp(argv[1], "--once") == 0;
    for (int i = is_once ? 2 : 1; i < argc && !(is_once && failed > 0); i++) {
        static struct script script;
        unsigned steps, by_chance;
        bool is_good;
        if (script_read(&script, argv[i]) < 0 ||
            play_once(&script, &steps, &by_chance, &is_good) < 0 ||
            (script.is_forged && forged_play(&script) < 0) ||
            (is_good && !is_once && torture_play(&script, steps, by_chance, &runs) < 0))
            failed++;
        exchanges++;
        script_clear(&script);
    }
    printf("%u exchanges, %u torture runs, %u failed\n", exchanges, runs, failed);
    return exchanges > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
