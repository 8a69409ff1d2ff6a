/* What a destroy does if the table lets the user choose: refuse, forget, DELETE, or another request
 * after which the object may still exist.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

const struct destroy_rule *destroy_rule_of(const struct resource *resource,
                                           struct arena *arena, const struct value *state)
{
    const struct destroy_rule *first = resource->table->destroys, *rule = first;
    if (first == NULL)
        return NULL;
    const char *chosen =
        resource->table->destroy_attribute != NULL
            ? value_text(value_get(arena, state, resource->table->destroy_attribute))
            : NULL;
    while (chosen != NULL && rule->value != NULL && !text_equal(rule->value, chosen))
        rule++;
    return rule->value != NULL ? rule : first;
}

int destroy_expect_allowed(struct call *call, const struct resource *resource,
                           const struct value *state, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct destroy_rule *rule = destroy_rule_of(resource, arena, state);
    if (rule == NULL || rule->act != DESTROY_REFUSE)
        return 0;
    return diags_error(
        diags, path_attribute(arena, PATH_NONE, resource->table->destroy_attribute),
        arena_print(arena, "Destroying this %s is not allowed", resource->table->noun),
        "%s" EXPLAIN_UNTAINT, rule->text);
}

int destroy_expect_person(struct operation *operation, const struct value *state)
{
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    const struct destroy_rule *rule = destroy_rule_of(resource, arena, state);
    if (rule == NULL || !rule->needs_person || service_has_person(operation->service))
        return 0;
    return diags_error(
        operation->diags,
        path_attribute(arena, PATH_NONE, resource->table->destroy_attribute),
        arena_print(arena, "%s requires a user sign-in", resource->table->service->label),
        "%s", resource->table->service->person_missing);
}

bool destroy_only_forgets(const struct resource *resource, struct arena *arena,
                          const struct value *state)
{
    const struct destroy_rule *rule = destroy_rule_of(resource, arena, state);
    return rule != NULL && rule->act == DESTROY_FORGET;
}

bool destroy_leaves(const struct resource *resource, struct arena *arena,
                    const struct value *state)
{
    const struct destroy_rule *rule = destroy_rule_of(resource, arena, state);
    const struct ended_rule *ended = resource->table->ended;
    bool is_ordered_anew =
        ended != NULL && resource_may_allow(arena, state, ended->allow);
    return rule != NULL && rule->act != DESTROY_DELETE &&
           !(rule->act == DESTROY_WRITE && is_ordered_anew);
}

int destroy_explain_stays(struct operation *operation)
{
    struct arena *arena = operation->call->arena;
    const char *noun = operation->resource->table->noun;
    return diags_error(
        operation->diags, PATH_NONE, arena_print(arena, "Cannot replace %s", noun),
        "The plan would replace %s with the same object: the resource is marked as tainted or was "
        "renamed, or -replace or replace_triggered_by asks for it. The create fails, because a "
        "destroy does not delete the %s.\n\nWhat to do: Run `terraform untaint` with the address "
        "above (also before `terraform destroy`, which plans this first), or remove -replace or "
        "replace_triggered_by. If the resource was renamed, use a `moved` block.",
        explain_object(operation), noun);
}

int destroy_explain_cause(struct call *call, const struct resource *resource,
                          const struct engine_plan *plan, struct diags *diags)
{
    const char *noun = resource->table->noun, *attribute = plan->requires_replace[0];
    return diags_error(
        diags, path_attribute(call->arena, PATH_NONE, attribute),
        arena_print(call->arena, "Cannot replace %s", noun),
        "%s differs from the state, which forces a replacement: the %s would be "
        "destroyed.\n\nWhat to do: To keep the %s, undo the change of %s.",
        attribute, noun, noun, attribute);
}

/* The new object has the place and the natural key of the old one. */
static bool meets(const struct resource *resource, struct arena *arena,
                  const struct value *old, const struct value *new)
{
    const struct resource_table *table = resource->table;
    const char *place = resource_fill(arena, table->list_id, new);
    if (place == NULL ||
        !text_equal_ignoring_case(place, resource_fill(arena, table->list_id, old)))
        return false;
    const char *const *name = table->natural_key;
    while (*name != NULL &&
           compare_attribute(schema_find(table->attributes, *name),
                             value_get(arena, old, *name), value_get(arena, new, *name)))
        name++;
    return *name == NULL;
}

int destroy_expect_room(struct call *call, const struct resource *resource,
                        const struct engine_plan *plan, struct diags *diags)
{
    struct arena *arena = call->arena;
    const char *noun = resource->table->noun, *attribute = plan->requires_replace[0];
    const char *service = resource->table->service->label;
    if (!destroy_leaves(resource, arena, plan->prior_state) ||
        !meets(resource, arena, plan->prior_state, plan->planned_state))
        return 0;
    return diags_error(
        diags, path_attribute(arena, PATH_NONE, attribute),
        arena_print(arena, "Cannot replace %s", noun),
        "%s differs from the state, and %s cannot change it in place. A replacement fails: the "
        "%s still exists after the destroy, so the new one cannot be created.\n\nWhat to do: Undo the change of %s. If the %s was changed outside "
        "Terraform, set the configuration to the values in the plan.",
        attribute, service, noun, attribute, noun);
}

/* The service only accepted the request, or its answer does not show that it took effect. */
static bool is_open(struct operation *operation, const struct write *write,
                    const struct effect *effect)
{
    const struct rest_reply *reply = write->seen.reply == NULL ? write->reply : NULL;
    return reply != NULL && (reply->status == 202 || write->was_followed ||
                             probe_contradicts(operation, reply) ||
                             !post_action_shows(reply->body, effect));
}

/* 0: a GET shows the effect; 1: it shows no object, and `out` has it; -1 with an error. */
static int expect_effect(struct operation *operation, const struct effect *effect,
                         struct write *out)
{
    auto_probe probe = { 0 };
    enum effect_state state = probe_wait(operation, effect, &probe);
    if (state == EFFECT_DONE)
        return 0;
    if (state == EFFECT_IMPOSSIBLE) {
        out->end = WRITE_MOOT;
        out->seen = probe;
        probe = (struct probe){ 0 };
        return 1;
    }
    return explain_probe(
        operation, &probe,
        arena_print(operation->call->arena,
                    "%s accepted the request, but does not show that it took effect. The "
                    "object stays in the state." EXPLAIN_ACTION
                    "Run `terraform plan` later. It shows the state of the object.",
                    explain_service(operation)));
}

int destroy_write(struct operation *operation, const struct destroy_rule *rule,
                  struct write *out)
{
    json_t *body = json_loads(rule->body, 0, NULL);
    const struct write_request request = {
        .method = rule->method,
        .body = body,
        .effect = { .kind = EFFECT_SHOWS, .place = rule->place, .values = rule->values },
    };
    int sent = 0;
    if (rule->is_merged)
        sent = part_update_send(operation, operation->id, body, &request.effect, out);
    else
        write_send(operation, &request, out);
    json_decref(body);
    if (sent < 0)
        return -1;
    if (out->end == WRITE_DONE && is_open(operation, out, &request.effect))
        return expect_effect(operation, &request.effect, out);
    return out->end == WRITE_DONE ? 0 : 1;
}
