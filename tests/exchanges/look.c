/* What a configuration looks up: a data source, or an ephemeral resource that is opened; and an
 * object of another table in the same run, whose refresh comes first; and a refresh that comes while
 * another call goes on.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "exchanges/player.h"
#include "exchanges/reader.h"
#include "exchanges/sample.h"
#include "registry.h"
#include "support/engine_json.h"

static const struct engine_reader *find_reader(const char *name, size_t length)
{
    const struct engine_reader *const lists[] = { registry_data_sources,
                                                  registry_ephemeral,
                                                  sample_data_sources };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const struct engine_reader *one = lists[i]; one->table != NULL; one++) {
            if (strlen(one->table->name) == length &&
                strncmp(one->table->name, name, length) == 0)
                return one;
        }
    }
    return NULL;
}

void run_look(struct run *run, const struct script_act *act)
{
    size_t length = strcspn(act->argument, " ");
    const struct engine_reader *reader = find_reader(act->argument, length);
    json_t *json = json_loads(act->argument + length, 0, NULL);
    json_array_clear(run->listed);
    if (reader == NULL || json == NULL) {
        run_fail(run, "line %d: a look has the name of a data source and its arguments",
                 act->line);
        json_decref(json);
        return;
    }
    struct call *call = run_call(run);
    if (act->within_ms != 0)
        call->deadline_ms = clock_monotonic_ms() + act->within_ms;
    struct data_source source;
    engine_data_source_init(&source, run->arena, reader->table);
    const char *fault = "";
    const struct value *found,
        *config = engine_json_to_value(run->arena, source.type, json, &fault);
    json_decref(json);
    if (config == NULL)
        run_fail(run, "line %d: %s", act->line, fault);
    if (config != NULL && engine_validate_data(call, &source, config, &run->diags) == 0 &&
        value_is_wholly_known(config) &&
        (reader->read != NULL ? reader->read : engine_read_data)(
            call, &source, run->session, config, &found, &run->diags) == 0)
        json_array_append_new(run->listed, engine_json_from_value(found));
}

/* An object of another table; NULL: the script is wrong. If it is a list, `config` has its second
 * member. */
static const struct value *read_other(struct run *run, const struct script_act *act,
                                      struct resource *other, const struct value **config)
{
    const char *json_text = act->argument, *fault = "there is no such table";
    const struct resource_table *table =
        run_find_table(reader_word(run->arena, &json_text));
    const struct value *state = NULL;
    json_t *json = json_loads(json_text, 0, NULL);
    if (table != NULL && json != NULL) {
        engine_resource_init(other, run->arena, table);
        *config = value_null(run->arena, other->type);
        if (json_is_array(json))
            *config = engine_json_to_value(run->arena, other->type,
                                           json_array_get(json, 1), &fault);
        if (*config != NULL)
            state = engine_json_to_value(
                run->arena, other->type,
                json_is_array(json) ? json_array_get(json, 0) : json, &fault);
    }
    json_decref(json);
    json_array_clear(run->listed);
    if (state == NULL)
        run_fail(run, "line %d: %s", act->line, fault);
    return state;
}

void run_refresh(struct run *run, const struct script_act *act)
{
    struct resource other;
    struct engine_read read = { .private = NO_BYTES };
    const struct value *ignored;
    read.current_state = read_other(run, act, &other, &ignored);
    if (read.current_state == NULL)
        return;
    struct call *call = run_call(run);
    engine_record_state(call, &other, run->session, read.current_state);
    if (engine_read(call, &other, run->session, &read, &run->diags) == 0)
        json_array_append_new(run->listed, engine_json_from_value(read.new_state));
}

void run_plan_other(struct run *run, const struct script_act *act)
{
    struct resource other;
    const struct value *config, *state = read_other(run, act, &other, &config);
    if (state == NULL)
        return;
    struct engine_plan plan = { .prior_state = state,
                                .proposed_new_state = config,
                                .config = config,
                                .prior_private = NO_BYTES,
                                .session = run->session };
    struct call *call = run_call(run);
    if (engine_plan(call, &other, &plan, &run->diags) == 0)
        engine_check_plan(call, &other, run->session, &plan, &run->diags);
}

void run_read_meanwhile(struct run *run)
{
    const struct diags diags = run->diags; /* of the call that goes on */
    struct engine_read read = { .current_state = run->state, .private = run->private };
    if (engine_read(run_call(run), &run->resource, run->session, &read, &run->diags) < 0)
        run_fail(run, "the read during the request fails: %s", run->diags.first->summary);
    run->diags = diags;
}
