/* What a destroy does where the table leaves that to the user: refuse, forget, DELETE, or another
 * request after which the object may still be there.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"

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
        "%s", rule->text);
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
    return out->end == WRITE_DONE || out->end == WRITE_GONE ? 0 : 1;
}
