/* Plans of every configuration from every state that differ in what matters, held against the host's rules.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/player.h"
#include "exchanges/engine_host.h"
#include "support/engine_json.h"

/*
 *   configs  what can stand in each attribute of a configuration; null: nothing
 *   states   what can be in a state; null: there is none
 *   known    what each attribute that is unknown turns out to be
 *   id_of    attributes: a creation knows its ID as soon as these are known
 */
struct plans {
    struct run *run;
    json_t *configs, *states, *known, *id_of;
    unsigned compared; /* plans from unknowns */
};

/* The configuration of this number; false: there are no more. */
static bool choose_config(const struct plans *plans, size_t number, json_t *config)
{
    const char *name;
    json_t *choices;
    json_object_foreach(plans->configs, name, choices)
    {
        size_t count = json_array_size(choices);
        json_object_set(config, name, json_array_get(choices, number % count));
        number /= count;
    }
    return number == 0;
}

/* What is unknown in it is something then. */
static json_t *turn_out(const json_t *config, const json_t *known)
{
    json_t *late = json_deep_copy(config), *member;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)config, name, member)
    {
        json_t *found = json_object_get(known, name);
        const char *text = json_string_value(member);
        if (json_is_object(member))
            json_object_set_new(late, name, turn_out(member, found));
        else if (text != NULL && strcmp(text, ENGINE_JSON_UNKNOWN) == 0)
            json_object_set(late, name, found);
    }
    return late;
}

static struct engine_plan plan(struct plans *plans, const struct value *prior,
                               const struct value *config)
{
    struct run *run = plans->run;
    struct engine_plan planned = { .planned_state = prior };
    run->private = BYTES("p", 1);
    if (run_plan(run, prior, config, &planned) < 0)
        run_fail(run, "no plan of %s: %s", engine_json_show(run->arena, config),
                 run->diags.first->summary);
    else if (planned.planned_private.length != 1)
        run_fail(run, "a plan loses the private data");
    return planned;
}

static void check_same(struct plans *plans, const struct engine_plan *first,
                       const struct engine_plan *again)
{
    const char *const *a = first->requires_replace, *const *b = again->requires_replace;
    while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0)
        a++, b++;
    if (*a != NULL || *b != NULL ||
        !value_equal(first->planned_state, again->planned_state))
        run_fail(plans->run, "a second plan is another than the first");
}

static void check_creation(struct plans *plans, const struct value *config,
                           const struct engine_plan *made)
{
    struct run *run = plans->run;
    bool is_known = true;
    json_t *name;
    size_t i;
    json_array_foreach(plans->id_of, i, name) is_known =
        is_known &&
        !value_is_unknown(value_get(run->arena, config, json_string_value(name)));
    const struct value *id = value_get(run->arena, made->planned_state, "id");
    if (value_is_unknown(id) == is_known || made->requires_replace[0] != NULL)
        run_fail(run, "a creation by %s has the ID %s, or replaces something",
                 engine_json_show(run->arena, config), engine_json_show(run->arena, id));
}

/* A plan from unknowns stays true when they are known. */
static void check_late(struct plans *plans, const struct value *prior,
                       const struct value *config, const struct value *turned_out)
{
    struct arena *arena = plans->run->arena;
    const struct value *none = value_null(arena, plans->run->resource.type);
    struct engine_plan early = plan(plans, prior, config);
    enum engine_host_action action =
        engine_host_choose(arena, prior, early.planned_state, early.requires_replace);
    if (action == HOST_REPLACE) {
        /* It is planned and applied as a creation. */
        prior = none;
        action = HOST_CREATE;
        early = plan(plans, none, config);
    }
    struct engine_plan late = plan(plans, prior, turned_out);
    const char *fault =
        engine_host_check_compatible(arena, early.planned_state, late.planned_state);
    if (fault != NULL || action != engine_host_choose(arena, prior, late.planned_state,
                                                      late.requires_replace))
        run_fail(plans->run, "%s is another action, or not what was planned: %s",
                 engine_json_show(arena, turned_out), fault != NULL ? fault : "");
    plans->compared++;
}

static const struct value *to_value(struct run *run, const json_t *json)
{
    const char *fault = "";
    const struct value *value =
        engine_json_to_value(run->arena, run->resource.type, json, &fault);
    if (value == NULL)
        run_fail(run, "%s", fault);
    return value != NULL ? value : value_null(run->arena, run->resource.type);
}

static void plan_one(struct plans *plans, const json_t *state, json_t *config_json)
{
    struct run *run = plans->run;
    size_t first_call = run->call_count;
    json_t *late_json = turn_out(config_json, plans->known);
    const struct value *prior = to_value(run, state),
                       *config = to_value(run, config_json),
                       *late = to_value(run, late_json);
    json_decref(late_json);
    struct engine_plan first = plan(plans, prior, config);
    struct engine_plan again = plan(plans, prior, config);
    if (*run->failure == '\0')
        check_same(plans, &first, &again);
    if (*run->failure == '\0' && value_is_null(prior))
        check_creation(plans, config, &first);
    if (*run->failure == '\0' && !value_is_wholly_known(config))
        check_late(plans, prior, config, late);
    run_end_calls(run, first_call);
    diags_init(&run->diags, run->arena);
}

void run_plans(struct run *run, const struct script_act *act)
{
    struct plans plans = { .run = run };
    json_t *all = json_loads(act->argument, 0, NULL), *state;
    size_t i;
    if (json_unpack(all, "{s:o,s:o,s:o,s:o}", "configs", &plans.configs, "states",
                    &plans.states, "known", &plans.known, "id_of", &plans.id_of) < 0)
        run_fail(run, "line %d: plans have configs, states, known and id_of", act->line);
    json_array_foreach(plans.states, i, state)
    {
        json_t *config = json_object();
        for (size_t number = 0;
             *run->failure == '\0' && choose_config(&plans, number, config); number++)
            plan_one(&plans, state, config);
        json_decref(config);
    }
    json_decref(all);
    json_array_clear(run->listed);
    json_array_append_new(run->listed,
                          json_pack("{s:i}", "compared", (int)plans.compared));
}
