/* Torture: a script is played again and again, each time with another step hurt in another
 * way. Whatever happens, what exists is in state or named, and nothing leaves state that
 * exists.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "exchanges/player.h"
#include "support/engine_json.h"

static const char *const hurts[HURT_COUNT] = {
    [HURT_REFUSED] = "refused",
    [HURT_NAME] = "name",
    [HURT_LOST_BEFORE] = "lost before effect",
    [HURT_LOST_AFTER] = "lost after effect",
    [HURT_LOST_LATE] = "lost, effect later",
    [HURT_202_LATE] = "202, effect later",
    [HURT_202_SAYS_DONE] = "202 that says it is done, effect later",
    [HURT_CUT] = "cut 200",
    [HURT_HTML] = "HTML 200",
    [HURT_NOT_HTTP] = "not HTTP",
    [HURT_BIG] = "too large",
    [HURT_429] = "429",
    [HURT_500_BEFORE] = "500 before effect",
    [HURT_500_AFTER] = "500 after effect",
    [HURT_503_BEFORE] = "503 before effect",
    [HURT_503_AFTER] = "503 after effect",
    [HURT_503_LATER] = "503 with Retry-After",
    [HURT_504_AFTER] = "504 after effect",
    [HURT_401] = "401",
    [HURT_403] = "403",
    [HURT_404_HTML] = "HTML 404",
    [HURT_302] = "302",
    [HURT_STOP_BEFORE] = "stop before",
    [HURT_STOP_AT] = "stop at",
    [HURT_STOP_DURING] = "stop during",
    [HURT_ABORT_BEFORE] = "abort before",
    [HURT_ABORT_DURING] = "abort during",
};

static const char *const afters[AFTER_COUNT] = { "well", "no listener", "no answers",
                                                 "500 forever" };

const char *torture_name(struct arena *arena, const struct torture *torture)
{
    return arena_print(arena, "step %u: %s, then %s", torture->step, hurts[torture->hurt],
                       afters[torture->after]);
}

static bool is_named(const struct run *run, const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "id"));
    const struct model_service *service = run->model.service;
    const char *name =
        service->name_of != NULL ? service->name_of(run->arena, object) : NULL;
    return strcasestr(run->texts, id) != NULL ||
           (name != NULL && strstr(run->texts, name) != NULL);
}

static const char *state_text(struct run *run, const char *attribute)
{
    return value_is_null(run->state)
               ? NULL
               : value_text(value_get(run->arena, run->state, attribute));
}

/* What exists because of this run is in state, or its ID was reported. */
static void check_nothing_is_lost(struct run *run)
{
    const char *key, *state_id = state_text(run, "id");
    json_t *object;
    json_object_foreach(run->model.objects, key, object)
    {
        const char *id = json_string_value(json_object_get(object, "id"));
        bool is_in_state = state_id != NULL && strcasecmp(state_id, id) == 0;
        if (json_is_true(json_object_get(object, "is_new")) && !is_in_state &&
            !is_named(run, object))
            run_fail(run, "%s was created, is not in state and not named", id);
    }
    if (run->model.overwritten > 0)
        run_fail(run, "a write met an object that was there before");
    if (run->model.twice > 0)
        run_fail(run, "a second object was created");
}

static const json_t *find_place(const json_t *body, const char *place)
{
    char name[64];
    for (;; place++) {
        size_t length = strcspn(place, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, place);
        body = json_object_get(body, name);
        place += length;
        if (*place == '\0')
            return body;
    }
}

static bool is_empty(const json_t *json)
{
    return json == NULL || json_is_null(json) ||
           (json_is_object(json) && json_object_size(json) == 0);
}

/* What the state says is what the service has. Numbers may be texts in a state. */
static bool is_same(const struct attribute *row, const json_t *have, const json_t *state)
{
    if (row->nesting == NESTING_SINGLE && json_is_object(have) && json_is_object(state)) {
        for (row = row->rows; row->name != NULL; row++) {
            if (row->body != NULL && !is_same(row, find_place(have, row->body),
                                              json_object_get(state, row->name)))
                return false;
        }
        return true;
    }
    if (row->between != NULL && json_is_string(have) && json_is_string(state))
        return strstr(json_string_value(have), json_string_value(state)) != NULL;
    if (is_empty(have))
        return is_empty(state) || (row->flags & (MAY_BE_OMITTED | RETURNED_ONCE)) != 0;
    if (row->texts != NULL && json_is_string(have))
        return json_is_true(state) ==
               (strcmp(json_string_value(have), row->texts->when_false) != 0);
    if (json_is_number(have) && json_is_number(state))
        return json_number_value(have) == json_number_value(state);
    if (json_is_integer(have) && json_is_string(state))
        return json_integer_value(have) == atoll(json_string_value(state));
    if (json_is_string(have) && json_is_string(state) &&
        row->compare == COMPARE_IGNORING_CASE)
        return strcasecmp(json_string_value(have), json_string_value(state)) == 0;
    return json_equal(have, state);
}

static void check_attributes(struct run *run, json_t *object)
{
    json_t *state = engine_json_from_value(run->state);
    for (const struct attribute *row = run->resource.table->attributes; row->name != NULL;
         row++) {
        /* A read takes it no second time, and the next apply finds it done; an ID may be given in
         * a form that is none. */
        if ((row->flags & RETURNED_ONCE) != 0 &&
            (run->act->verb == DO_READ || row->id_type != NULL))
            continue;
        const json_t *state_has = json_object_get(state, row->name);
        /* A read sees no secret, and what the state does not hold cannot be compared. */
        if ((row->flags & (WRITE_ONLY | NEVER_RETURNED)) != 0 &&
            (is_empty(state_has) || run->act->verb == DO_READ))
            continue;
        if (row->body != NULL &&
            !is_same(row, find_place(model_body(object), row->body), state_has))
            run_fail(run, "it says that all is well, and %s is another one than in %s",
                     row->name, model_show(run->arena, json_incref(object)));
    }
    json_decref(state);
}

/* Without an error the state is the truth. */
static void check_state_is_true(struct run *run)
{
    const char *key;
    json_t *one;
    if (value_is_null(run->state)) {
        json_object_foreach(run->model.objects, key, one)
        {
            if (model_is_of_run(one))
                run_fail(run,
                         "it says that all is well, and what exists is not in state");
        }
        return;
    }
    const char *id = state_text(run, "id");
    json_t *object = id != NULL ? model_find(&run->model, id) : NULL;
    if (object == NULL)
        run_fail(run, "it says that all is well, and %s does not exist", id);
    else
        check_attributes(run, object);
}

static void check_list_is_whole(struct run *run)
{
    if (json_array_size(run->listed) != json_object_size(run->model.objects))
        run_fail(run, "it says that all is well, and lists %zu objects of %zu",
                 json_array_size(run->listed), json_object_size(run->model.objects));
}

static void check_end(struct run *run, const struct value *before)
{
    bool is_error = diags_have_error(&run->diags);
    if (!run->is_hurt) {
        if (!run->torture.may_not_come)
            run_fail(run, "the fault never came");
        return;
    }
    if (!value_is_wholly_known(run->state))
        run_fail(run, "the state holds an unknown");
    model_catch_up(run, CLOCK_NEVER);
    check_nothing_is_lost(run);
    if (!is_error && run->act->verb == DO_LIST)
        check_list_is_whole(run);
    else if (!is_error)
        check_state_is_true(run);
    const char *id =
        value_is_null(before) ? NULL : value_text(value_get(run->arena, before, "id"));
    bool exists = id != NULL && model_find(&run->model, id) != NULL;
    bool is_import = run->act->verb == DO_IMPORT;
    if (value_is_null(run->state) && exists && !is_import)
        run_fail(run, "%s left the state, and it exists", id);
    if (is_error && run->act->verb == DO_READ && !value_equal(before, run->state))
        run_fail(run, "a read that failed changed the state");
}

/* The next run, with everything well again, has to find out. */
static void recover(struct run *run)
{
    if (*run->failure != '\0' || value_is_null(run->state) ||
        !diags_have_error(&run->diags))
        return;
    static const struct script_act read = { .verb = DO_READ, .waited_most_ms = -1 };
    /* An abort ends a process; a stop ends with the next Configure. */
    struct stop *old = run->stop;
    run->stop = stop_new();
    run->torture = (struct torture){ .after = AFTER_WELL };
    run->goes_on_plain = true;
    const struct script_act *act = run->act;
    run_act(run, &read);
    if (diags_have_error(&run->diags))
        run_fail(run, "the next run fails as well: %s", run->diags.first->detail);
    else
        check_state_is_true(run);
    run->act = act;
    stop_free(old);
}

static int play_once(const struct script *script, const struct torture *torture)
{
    struct run run;
    run_begin(&run, script, torture);
    const struct value *before = run.state;
    for (size_t i = 0; i < script->act_count; i++) {
        before = run.state;
        run_act(&run, &script->acts[i]);
        if (diags_have_error(&run.diags) || *run.failure != '\0')
            break;
    }
    if (*run.failure == '\0')
        check_end(&run, before);
    const char *shown = engine_json_show(run.arena, run.state);
    recover(&run);
    int result = *run.failure == '\0' ? 0 : -1;
    if (result < 0)
        fprintf(stderr, "%s: %s: %s\n  state %s\n  %s\n", script->path,
                torture_name(run.arena, torture), run.failure, shown, run.texts);
    run_end(&run);
    return result;
}

/* Signals end a run by themselves, so what comes after them changes nothing; nor does it
 * for an answer that is a clear no. */
static bool is_worth_it(const struct torture *torture)
{
    return torture->after == AFTER_WELL || torture->hurt < HURT_STOP_BEFORE;
}

int torture_play(const struct script *script, unsigned steps, unsigned by_chance,
                 unsigned *runs)
{
    int result = 0;
    for (unsigned step = 1; step <= steps; step++) {
        for (int how = HURT_NOTHING + 1; how < HURT_COUNT; how++) {
            for (int after = 0; after < AFTER_COUNT; after++) {
                const struct torture torture = { step, (enum hurt)how,
                                                 (enum ever_after)after,
                                                 step > steps - by_chance };
                if (!is_worth_it(&torture))
                    continue;
                ++*runs;
                if (play_once(script, &torture) < 0)
                    result = -1;
            }
        }
    }
    return result;
}
