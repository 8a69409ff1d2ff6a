/* Lists: the objects that exist, whether or not anybody manages them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "arm/list.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/internal.h"

int engine_validate_list(struct call *call, const struct resource *resource,
                         const struct value *config, struct diags *diags)
{
    schema_validate(call->arena, resource->table->list, config, PATH_NONE, diags);
    return diags_have_error(diags) ? -1 : 0;
}

struct listing {
    struct call *call;
    const struct resource *resource;
    engine_listed_fn *each;
    void *state;
    int64_t left; /* INT64_MAX: no limit */
    int64_t until_ms;
};

/* The time for one page begins anew with each page, and with each object that somebody took:
 * how long the whole takes depends on how much there is, and on who reads it. */
static void begin_page(const struct listing *listing)
{
    int64_t page_ms = (int64_t)listing->resource->table->timeouts.read_s * 1000;
    int64_t end_ms = clock_monotonic_ms() + page_ms;
    if (page_ms > 0)
        listing->call->deadline_ms =
            end_ms < listing->until_ms ? end_ms : listing->until_ms;
}

/* What is listed under an id of another form cannot be managed here. */
static int give_one(struct listing *listing, struct arena *arena, const json_t *object)
{
    const struct resource *resource = listing->resource;
    const char *id = json_string_value(json_object_get(object, "id"));
    struct diags diags, unsaid;
    diags_init(&diags, arena);
    diags_init(&unsaid, arena);
    struct call call = *listing->call;
    call.arena = arena;
    const struct value *state;
    struct bytes ignored;
    if (engine_import(&call, resource, id, &state, &ignored, &unsaid) < 0) {
        log_write(listing->call, LOG_WARN, NULL, "left out of the list: %s",
                  unsaid.first->detail);
        return 0;
    }
    state = body_to_value(resource, arena, object, BODY_WHOLE, state);
    const char *name = strrchr(id, '/');
    const struct engine_listed listed = {
        .identity = engine_identity(arena, resource, state),
        .state = state,
        .name = name != NULL ? name + 1 : id,
        .diags = &diags,
    };
    listing->left--;
    return listing->each(listing->state, &listed);
}

static int give_page(void *state, const json_t *objects, struct error *err)
{
    struct listing *listing = state;
    const json_t *object;
    size_t i;
    begin_page(listing);
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        auto_arena arena = arena_new();
        if (call_check(listing->call, err) < 0)
            return -1;
        if (give_one(listing, arena, object) != 0 || listing->left == 0)
            return 1;
        begin_page(listing);
    }
    return 0;
}

/* The list ended early. */
static int explain_walk(struct operation *operation, const struct arm_failure *failure,
                        const struct error *err)
{
    return failure->code != NULL ? explain_failure(operation, failure, NULL)
                                 : explain_error(operation, err, NULL);
}

int engine_walk(struct call *call, const struct resource *resource,
                struct session *session, const struct engine_walk *walk,
                struct diags *diags)
{
    const struct resource_table *table = resource->table;
    struct operation operation = {
        .call = call,
        .resource = resource,
        .session = session,
        .act = "list",
        .diags = diags,
        .is_list = true,
        .id = walk->list_id,
        .list_id = walk->list_id,
        .list_label = walk->label,
        .parent_id = table->list_id == NULL
                         ? NULL
                         : resource_derive(call->arena, table->list_id, walk->list_id,
                                           table->parent_id),
    };
    struct error err = NO_ERROR;
    if (operation_find_service(call, resource, session, &operation.service, diags) < 0)
        return -1;
    operation.arm = service_arm(operation.service);
    struct listing listing = {
        .call = call,
        .resource = resource,
        .each = walk->each,
        .state = walk->state,
        .left = walk->limit > 0 ? walk->limit : INT64_MAX,
        .until_ms = call->deadline_ms,
    };
    struct arm_failure failure = { 0 };
    const struct arm_list list = { .id = walk->list_id,
                                   .api_version = api_version_of(resource, session),
                                   .failure = &failure };
    begin_page(&listing);
    int result = arm_list(call, operation.arm, &list, give_page, &listing, &err);
    call->deadline_ms = listing.until_ms;
    operation_tell_waits(session, diags);
    if (result < 0)
        explain_walk(&operation, &failure, &err);
    arm_failure_clear(&failure);
    return result;
}

int engine_list(struct call *call, const struct resource *resource,
                struct session *session, const struct value *config, int64_t limit,
                engine_listed_fn *each, void *state, struct diags *diags)
{
    if (engine_validate_list(call, resource, config, diags) < 0)
        return -1;
    const char *id = resource_fill(call->arena, resource->table->list_id, config);
    if (id == NULL)
        return diags_error(diags, PATH_NONE, "List is incomplete",
                           "What is to be listed is not known.");
    const struct engine_walk walk = {
        .list_id = id, .limit = limit, .each = each, .state = state
    };
    return engine_walk(call, resource, session, &walk, diags);
}
