/* One run: the acts of a script, as the host would call for them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exchanges/player.h"
#include "exchanges/sample.h"
#include "engine/internal.h"
#include "registry.h"
#include "exchanges/engine_host.h"
#include "support/engine_json.h"
#include "support/linear.h"
#include "support/toy.h"

void run_fail(struct run *run, const char *format, ...)
{
    if (*run->failure != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->failure, sizeof run->failure, format, arguments);
    va_end(arguments);
    stop_abort(run->stop);
}

const struct resource_table *run_find_table(const char *name)
{
    const struct resource_table *const *const lists[] = { registry_resources, toy_tables,
                                                          sample_tables };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const struct resource_table *const *table = lists[i]; *table != NULL;
             table++) {
            if (strcmp((*table)->name, name) == 0)
                return *table;
        }
    }
    return NULL;
}

static const struct value *from_json(struct run *run, const json_t *json)
{
    const char *fault;
    const struct value *value =
        json == NULL ? value_null(run->arena, run->resource.type)
                     : engine_json_to_value(run->arena, run->resource.type, json, &fault);
    if (value != NULL)
        return value;
    run_fail(run, "a value of the script does not fit the table: %s", fault);
    return value_null(run->arena, run->resource.type);
}

void run_begin(struct run *run, const struct script *script,
               const struct torture *torture)
{
    *run = (struct run){
        .transport = { .send = wire_send, .free = wire_free },
        .script = script,
        .stop = stop_new(),
        .arena = arena_new(),
        .texts = "",
        .tokens_for = json_object(),
        .listed = json_array(),
        .late = json_array(),
    };
    clock_fake_start(1700000000000);
    run->last_ms = clock_monotonic_ms();
    if (torture != NULL)
        run->torture = *torture;
    run->has_own_session = script->table == NULL;
    if (script->table == NULL)
        return;
    const struct resource_table *table = run_find_table(script->table);
    if (table == NULL) {
        run_fail(run, "there is no table %s", script->table);
        return;
    }
    engine_resource_init(&run->resource, run->arena, table);
    run_new_session(run, NULL);
    run->state = from_json(run, script->state);
    if (script->is_imported)
        run->private = script->is_moved ? private_moved() : private_imported();
    const struct model_service *service =
        model_find_service(table->service->name, table->name);
    if (service == NULL) {
        run_fail(run, "there is no model of the service %s", table->service->name);
        return;
    }
    model_init(&run->model, service, table->name, script->is_case_sensitive);
    model_fill(run);
    if (run->torture.step == 1 && (run->torture.hurt == HURT_STOP_BEFORE ||
                                   run->torture.hurt == HURT_ABORT_BEFORE)) {
        run->is_hurt = run->goes_on_plain = true;
        if (run->torture.hurt == HURT_STOP_BEFORE)
            stop_request(run->stop);
        else
            stop_abort(run->stop);
    }
}

void run_end_calls(struct run *run, size_t first)
{
    while (run->call_count > first) {
        struct call *call = run->calls[--run->call_count];
        call_clear(call);
        free(call);
    }
}

void run_end(struct run *run)
{
    run_end_calls(run, 0);
    secret_free(run->signed_in.text);
    credential_free(run->credential);
    session_free(run->session);
    model_clear(&run->model);
    json_decref(run->tokens_for);
    json_decref(run->listed);
    json_decref(run->late);
    arena_free(run->arena);
    stop_free(run->stop);
    clock_fake_end();
}

struct call *run_call(struct run *run)
{
    struct call *call = calloc(1, sizeof *call);
    call_init(call, run->stop);
    run->calls[run->call_count++] = call;
    diags_init(&run->diags, call->arena);
    return call;
}

int run_plan(struct run *run, const struct value *prior, const struct value *config,
             struct engine_plan *out)
{
    struct call *call = run_call(run);
    if (!value_is_null(config) &&
        engine_validate(call, &run->resource, config, &run->diags) < 0)
        return -1;
    *out = (struct engine_plan){
        .prior_state = prior,
        .config = config,
        .proposed_new_state =
            engine_host_propose(run->arena, &run->resource, prior, config),
        .prior_private = run->private,
        .session = run->session,
    };
    if (engine_plan(call, &run->resource, out, &run->diags) < 0)
        return -1;
    const char *fault = engine_host_check_plan(run->arena, &run->resource, prior, config,
                                               out->planned_state, out->requires_replace);
    if (fault != NULL)
        run_fail(run, "the host refuses the plan: %s", fault);
    return 0;
}

static void act_plan(struct run *run, const struct value *config)
{
    struct engine_plan first, second;
    if (run_plan(run, run->state, config, &first) < 0)
        return;
    run->planned = first.planned_state;
    run->replaces = first.requires_replace;
    if (engine_host_choose(run->arena, run->state, run->planned, run->replaces) !=
        HOST_REPLACE)
        return;
    /* What the user sees of a replacement is planned as a creation. */
    if (run_plan(run, value_null(run->arena, run->resource.type), config, &second) == 0)
        run->planned = second.planned_state;
}

/* What a plan asks the service; the planned state itself is `do plan`'s to show. */
static void act_check(struct run *run, const struct value *config)
{
    struct engine_plan planned;
    if (run_plan(run, run->state, config, &planned) < 0)
        return;
    struct call *call = run_call(run);
    int result =
        engine_check_plan(call, &run->resource, run->session, &planned, &run->diags);
    if ((result < 0) != diags_have_error(&run->diags))
        run_fail(run, "check returned %d, which is not what its diagnostics say", result);
}

static void act_apply(struct run *run, const struct value *prior,
                      const struct value *config)
{
    struct engine_plan planned;
    if (run_plan(run, prior, config, &planned) < 0)
        return;
    run->planned = planned.planned_state;
    run->replaces = planned.requires_replace;
    struct engine_apply apply = { .prior_state = prior,
                                  .planned_state = planned.planned_state,
                                  .config = config,
                                  .planned_private = planned.planned_private };
    struct call *call = run_call(run);
    int result = engine_apply(call, &run->resource, run->session, &apply, &run->diags);
    if ((result < 0) != diags_have_error(&run->diags))
        run_fail(run, "apply returned %d, which is not what its diagnostics say", result);
    const char *fault = engine_host_check_result(run->arena, planned.planned_state,
                                                 apply.new_state, result < 0);
    if (fault != NULL)
        run_fail(run, "the host refuses the result: %s", fault);
    run->state = apply.new_state;
    run->private = apply.private;
}

static void act_read(struct run *run)
{
    struct engine_read read = { .current_state = run->state, .private = run->private };
    struct call *call = run_call(run);
    engine_record_state(call, &run->resource, run->session, run->state);
    int result = engine_read(call, &run->resource, run->session, &read, &run->diags);
    if ((result < 0) != diags_have_error(&run->diags))
        run_fail(run, "read returned %d, which is not what its diagnostics say", result);
    if (!value_is_wholly_known(read.new_state))
        run_fail(run, "the host refuses the result: unknown values after a read");
    run->state = read.new_state;
    run->private = read.new_private;
}

static void act_import(struct run *run, const char *id)
{
    struct call *call = run_call(run);
    const struct value *state;
    if (engine_find_import_id(call, &run->resource, run->session, &id, &run->diags) < 0 ||
        engine_import(call, &run->resource, id, &state, &run->private, &run->diags) < 0)
        return;
    run->state = state;
    act_read(run);
    /* The host keeps nothing of an import that failed. */
    if (diags_have_error(&run->diags))
        run->state = value_null(run->arena, run->resource.type);
    else if (value_is_null(run->state))
        run_fail(run, "an import reads null without an error");
    else
        run_check_generated(run, run->state);
}

/* An import by the identity finds the same object. */
static void check_identity(struct run *run, const struct engine_listed *listed)
{
    const char *id = value_text(value_get(run->arena, listed->state, "id"));
    const char *found = NULL;
    struct diags diags;
    diags_init(&diags, run->arena);
    if (run->resource.identity_type == NULL)
        return;
    if (listed->identity == NULL ||
        engine_identity_to_id(run->calls[run->call_count - 1], &run->resource,
                              listed->identity, &found, &diags) < 0 ||
        !text_equal_ignoring_case(found, id))
        run_fail(run, "the identity of %s leads to %s", listed->name,
                 found != NULL ? found : "nothing");
}

static int take_listed(void *state, const struct engine_listed *listed)
{
    struct run *run = state;
    check_identity(run, listed);
    run_check_generated(run, listed->state);
    json_array_append_new(run->listed, engine_json_from_value(listed->state));
    return 0;
}

static void act_list(struct run *run, const struct script_act *act)
{
    const struct type *type = run->resource.list_type;
    const char *fault = "there is no list of this table";
    json_t *json = json_loads(act->argument, 0, NULL);
    const struct value *config =
        type != NULL && json != NULL
            ? engine_json_to_value(run->arena, type, json, &fault)
            : NULL;
    json_decref(json);
    json_array_clear(run->listed);
    if (config == NULL)
        run_fail(run, "line %d: %s", act->line, fault);
    else
        engine_list(run_call(run), &run->resource, run->session, config, 0, take_listed,
                    run, &run->diags);
}

static void act_upgrade(struct run *run, const struct script_act *act)
{
    struct call *call = run_call(run);
    const struct value *state;
    int64_t version = strtoll(act->argument, NULL, 10);
    if (act->stored == NULL)
        run_fail(run, "line %d: nothing is stored", act->line);
    else if (engine_upgrade(call, &run->resource, version,
                            BYTES(act->stored, strlen(act->stored)), &state,
                            &run->diags) == 0)
        run->state = state;
}

static void do_act(struct run *run, const struct script_act *act)
{
    static void (*const others[])(struct run *, const struct script_act *) = {
        [DO_LIST] = act_list,          [DO_UPGRADE] = act_upgrade,
        [DO_SIGN_IN] = run_sign_in,    [DO_CONFIGURE] = run_configure,
        [DO_ROUTE] = run_route,        [DO_DOCTOR] = run_doctor,
        [DO_LOOK] = run_look,          [DO_REFRESH] = run_refresh,
        [DO_REMOVE] = run_plan_other,  [DO_CHANGE] = run_plan_other,
        [DO_PLANS] = run_plans,        [DO_SEND] = run_sample,
        [DO_SEND_CHANGE] = run_sample, [DO_TAKE] = run_sample,
        [DO_REQUEST] = run_rest,       [DO_OPERATION] = run_rest,
        [DO_PAGES] = run_rest,         [DO_SHARED] = run_rest,
    };
    const struct type *type = run->resource.type;
    const struct value *null = type != NULL ? value_null(run->arena, type) : NULL;
    const struct value *config = type != NULL ? from_json(run, act->config) : NULL;
    switch (act->verb) {
    case DO_VALIDATE:
        engine_validate(run_call(run), &run->resource, config, &run->diags);
        break;
    case DO_OLD_HOST:
        engine_refuse_write_only(run_call(run), &run->resource, config, &run->diags);
        break;
    case DO_PLAN:
        act_plan(run, config);
        break;
    case DO_CREATE:
        act_apply(run, null, config);
        break;
    case DO_UPDATE:
        act_apply(run, run->state, config);
        break;
    case DO_READ:
        act_read(run);
        break;
    case DO_DELETE:
        act_apply(run, run->state, null);
        break;
    case DO_IMPORT:
        act_import(run, act->argument);
        break;
    case DO_CHECK:
        act_check(run, config);
        break;
    case DO_CHECK_DESTROY:
        act_check(run, null);
        break;
    default:
        others[act->verb](run, act);
    }
}

void run_act(struct run *run, const struct script_act *act)
{
    run->act = act;
    run->next = run->repeated = 0;
    diags_init(&run->diags, run->arena);
    if (act->session != NULL)
        run_new_session(run, act->session);
    clock_fake_advance(act->later_ms);
    if (act->exchange_count > 0 && *run->failure == '\0' && run->torture.step == 0) {
        if (act->exchanges[0].before == SIGNAL_STOP)
            stop_request(run->stop);
        if (act->exchanges[0].before == SIGNAL_ABORT)
            stop_abort(run->stop);
    } else if (act->exchange_count == 0 && act->after == SIGNAL_STOP) {
        stop_request(run->stop);
    }
    /* Each call has a reference: this one, and another one. */
    for (int i = 0; act->is_busy && i < 2; i++)
        session_ref(run->session);
    linear_begin("an act of an exchange");
    do_act(run, act);
    linear_end();
    for (int i = 0; act->is_busy && i < 2; i++)
        session_free(run->session);
    for (const struct diagnostic *diag = run->diags.first; diag != NULL;
         diag = diag->next)
        run->texts = arena_print(run->arena, "%s%s\n%s\n", run->texts, diag->summary,
                                 diag->detail);
    if (strstr(run->texts, "(null)") != NULL || strstr(run->texts, "(unknown)") != NULL)
        run_fail(run, "a diagnostic has a hole: %s", run->texts);
    if (strstr(run->texts, "canary") != NULL || strstr(run->texts, "c4nary") != NULL)
        run_fail(run, "a diagnostic shows a secret: %s", run->texts);
}
