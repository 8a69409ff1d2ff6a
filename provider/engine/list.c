/* Lists the objects that exist, whether or not Terraform manages them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "rest/json.h"
#include "rest/list.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "engine/internal.h"

int engine_validate_list(struct call *call, const struct resource *resource,
                         const struct value *config, struct diags *diags)
{
    schema_check_required(resource->table->list, config, PATH_NONE, diags);
    schema_validate(call->arena, resource->table->list, config, PATH_NONE, diags);
    return diags_have_error(diags) ? -1 : 0;
}

struct listing {
    struct operation *operation;
    const struct value *known; /* made from the ID of the list, for each object */
    struct call *call;
    const struct resource *resource;
    const struct engine_walk *walk;
    json_t *seen;     /* the IDs so far */
    json_t *gathered; /* all pages, if the table is read_by_list; else NULL */
    int64_t left;     /* INT64_MAX: no limit */
    int64_t until_ms;
    size_t left_out; /* objects with an ID of another form */
    bool is_left_out_said;
    struct buf left_out_ids;
    const char *first_fault; /* of them */
};

enum { LEFT_OUT_SHOWN_MAX = 10, LEFT_OUT_BYTES_MAX = 16 * 1024 };

/* The timeout starts again with each page and each object: the total time depends on the number of
 * objects, and on the client that reads them. */
static void begin_page(const struct listing *listing)
{
    int64_t page_ms = (int64_t)listing->resource->table->timeouts.read_s * 1000;
    int64_t end_ms = clock_monotonic_ms() + page_ms;
    if (page_ms > 0)
        listing->call->deadline_ms =
            end_ms < listing->until_ms ? end_ms : listing->until_ms;
}

/* The addresses of the service may take as long as a page. */
static int find_service(struct listing *listing, struct operation *operation)
{
    begin_page(listing);
    return operation_find_service(listing->call, listing->resource, operation->session,
                                  &operation->service, operation->diags);
}

/* Reports listed objects with an ID of another form, which cannot be managed. */
static void leave_out(struct listing *listing, const char *id, const char *fault)
{
    struct arena *arena = listing->call->arena;
    log_write(listing->call, LOG_DEBUG, NULL, "not in the list: %s", fault);
    if (listing->left_out++ == 0)
        listing->first_fault = arena_copy_text(arena, fault);
    if (listing->left_out <= LEFT_OUT_SHOWN_MAX)
        buf_print(&listing->left_out_ids, "\n  %s", explain_shown(arena, id));
    else if (listing->left_out == LEFT_OUT_SHOWN_MAX + 1)
        buf_add_text(&listing->left_out_ids, "\n  …");
}

/* Without this warning, the list would look as if nothing were there. */
static void warn_of_left_out(struct operation *operation, struct listing *listing)
{
    const char *note = operation->resource->table->list_gap_note;
    if (listing->left_out == 0 || listing->is_left_out_said)
        return;
    listing->is_left_out_said = true;
    diags_warning(operation->diags, PATH_NONE,
                  arena_print(operation->call->arena, "The list of %ss is incomplete",
                              operation->resource->table->noun),
                  "%s: %s returned %zu %s with an ID of an unexpected format. The list "
                  "does not contain %s:\n%s\n\nThe first: %s\n\nWhat to do: Look "
                  "at %s in the portal. Do not assume that the list is "
                  "complete.%s%s",
                  explain_object_first(operation), explain_service(operation),
                  listing->left_out, listing->left_out == 1 ? "object" : "objects",
                  listing->left_out == 1 ? "it" : "them",
                  buf_text(&listing->left_out_ids), listing->first_fault,
                  listing->left_out == 1 ? "it" : "them", note != NULL ? " " : "",
                  note != NULL ? explain_fill(operation, note) : "");
}

bool list_is_new(json_t *seen, const char *id)
{
    bool is_new = id == NULL || *id == '\0' || json_object_get(seen, id) == NULL;
    if (id != NULL)
        json_object_set_new(seen, id, json_true());
    return is_new;
}

/* An import would be refused. */
static bool is_ending(const struct listing *listing, const json_t *object)
{
    return listing->walk->is_for_import &&
           (probe_shows_gone(listing->operation, object) ||
            probe_shows_deleting(listing->operation, object));
}

static int give_one(struct listing *listing, struct arena *arena, const json_t *object)
{
    const struct resource *resource = listing->resource;
    struct operation operation = *listing->operation;
    struct diags diags, unsaid;
    diags_init(&diags, arena);
    diags_init(&unsaid, arena);
    /* Memory of its own, because a list may have very many objects. No request is sent with it. It
     * is not a copy: the peer may cancel the call at this moment. */
    struct call call = { .arena = arena,
                         .stop = listing->call->stop,
                         .deadline_ms = listing->call->deadline_ms };
    operation.call = &call;
    const struct value *state = listing->known;
    struct bytes ignored;
    bool has_any_id = resource->table->id_type == NULL;
    const char *id = has_any_id ? json_string_value(json_object_get(object, "id"))
                                : resource_listed_id(&operation, object, listing->known);
    if (id == NULL)
        id = "";
    if (is_ending(listing, object) || (!has_any_id && !list_is_new(listing->seen, id)))
        return 0;
    if (has_any_id)
        state = resource_from_id(resource, arena, resource->table->id, id);
    else if (engine_import(&call, resource, id, &state, &ignored, &unsaid) < 0) {
        if (!resource->table->list_shows_others)
            leave_out(listing, id, unsaid.first->detail);
        return 0;
    }
    state = body_to_value(resource, arena, object, BODY_WHOLE, state);
    if (has_any_id && resource_id_attribute(resource) != NULL)
        state = value_with(arena, state, resource_id_attribute(resource),
                           value_string(arena, *id != '\0' ? id : NULL));
    const char *name = strrchr(id, '/');
    const struct engine_listed listed = {
        .identity = engine_identity(arena, resource, state),
        .state = state,
        .id = id,
        .name = name != NULL ? name + 1 : id,
        .diags = &diags,
    };
    /* Terraform reads nothing after the last object. Source: grpc_provider.go, ListResource() */
    if (--listing->left == 0 && listing->walk->is_for_import) {
        operation.diags = &diags;
        warn_of_left_out(&operation, listing);
        operation_warn_throttling(operation.session, &diags);
    }
    return listing->walk->each(listing->walk->state, &listed);
}

static bool counts(const struct start_rule *rule, const json_t *object)
{
    const char *text = rule != NULL ? rest_json_text(object, rule->place) : NULL;
    return rule == NULL || (text != NULL && text_starts_ignoring_case(text, rule->start));
}

static int give_page(void *state, const json_t *objects, struct error *err)
{
    struct listing *listing = state;
    const json_t *object;
    size_t i;
    begin_page(listing);
    if (listing->gathered != NULL && listing->gathered != objects)
        return json_array_extend(listing->gathered, (json_t *)(uintptr_t)objects);
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        auto_arena arena = arena_new();
        if (call_check(listing->call, err) < 0)
            return -1;
        if (!counts(listing->walk->starts, object))
            continue;
        if (give_one(listing, arena, object) != 0 || listing->left == 0)
            return 1;
        begin_page(listing);
    }
    return 0;
}

/* The list ended early. */
static int explain_walk(struct operation *operation, const struct rest_failure *failure,
                        const struct error *err)
{
    return failure->code != NULL ? explain_failure(operation, failure, NULL)
                                 : explain_error(operation, err, NULL);
}

static bool tolerate(const struct engine_walk *walk, const struct rest_failure *failure,
                     const struct error *err)
{
    bool is_refused = failure->code != NULL;
    if (walk->tolerated_status == 0 ||
        (is_refused ? failure->status != walk->tolerated_status
                    : err->kind != ERR_TOO_BIG))
        return false;
    *walk->end = is_refused ? PART_REFUSED : PART_TOO_BIG;
    return true;
}

static int read_pages(struct listing *listing, struct rest_failure *failure,
                      struct error *err)
{
    struct operation *operation = listing->operation;
    const struct engine_walk *walk = listing->walk;
    struct call *call = listing->call;
    const struct rest_list list = {
        .id = walk->list_id,
        .query = data_search(call->arena, operation->client->dialect, walk->searches,
                             walk->searched, walk->query),
        .api_version = api_version_of(listing->resource, operation->session),
        .futile_status = walk->tolerated_status,
        .has_no_ids = walk->has_no_ids,
        .keeps_digits = walk->keeps_digits,
        .failure = failure,
    };
    begin_page(listing);
    int result = rest_list(call, operation->client, &list, give_page, listing, err);
    if (result == 0 && listing->gathered != NULL) {
        natural_key_keep_latest(operation, listing->gathered, listing->known);
        result = give_page(listing, listing->gathered, err) < 0 ? -1 : 0;
    }
    call->deadline_ms = listing->until_ms;
    return result;
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
        .words = walk->words,
        .remedies = walk->remedies,
        .parent_id = table->list_id == NULL
                         ? NULL
                         : resource_derive(call->arena, table->list_id, walk->list_id,
                                           table->parent_id),
    };
    struct error err = NO_ERROR;
    struct listing listing = {
        .call = call, .resource = resource, .walk = walk, .until_ms = call->deadline_ms
    };
    if (find_service(&listing, &operation) < 0)
        return -1;
    if (walk->config == NULL)
        operation.client = service_client(operation.service);
    else if (operation_find_client(&operation, walk->config, &err) < 0)
        return explain_error(&operation, &err, NULL);
    listing.operation = &operation;
    listing.known =
        resource_from_id(resource, call->arena, table->list_id, walk->list_id);
    listing.seen = json_object();
    listing.gathered = table->read_by_list ? json_array() : NULL;
    listing.left = walk->limit > 0 ? walk->limit : INT64_MAX;
    buf_init(&listing.left_out_ids, LEFT_OUT_BYTES_MAX);
    struct rest_failure failure = { 0 };
    int result = read_pages(&listing, &failure, &err);
    json_decref(listing.gathered);
    json_decref(listing.seen);
    operation_warn_throttling(session, diags);
    warn_of_left_out(&operation, &listing);
    buf_clear(&listing.left_out_ids);
    if (walk->left_out != NULL)
        *walk->left_out = listing.left_out;
    bool is_tolerated = result < 0 && tolerate(walk, &failure, &err);
    if (result < 0 && !is_tolerated)
        explain_walk(&operation, &failure, &err);
    rest_failure_clear(&failure);
    return is_tolerated ? 0 : result;
}

int engine_list(struct call *call, const struct resource *resource,
                struct session *session, const struct value *config, int64_t limit,
                engine_listed_fn *each, void *state, struct diags *diags)
{
    if (engine_validate_list(call, resource, config, diags) < 0)
        return -1;
    const struct looking_up what = { resource->table->list, config, false, "list" };
    int64_t until_ms =
        call_shorten(call, (int64_t)resource->table->timeouts.read_s * 1000);
    if (looked_up_fill(call, resource, session, &what, &config, diags) < 0)
        return -1;
    call->deadline_ms = until_ms;
    const char *id = resource_fill(call->arena, resource->table->list_id, config);
    if (id == NULL)
        return diags_error(
            diags, PATH_NONE,
            arena_print(call->arena, "Cannot list %ss", resource->table->noun),
            "The arguments of the list have values that are not known yet.\n\nWhat to "
            "do: Set them to known values, or apply what they refer to first.");
    const struct engine_walk walk = { .list_id = id,
                                      .query = resource->table->list_query,
                                      .config = config,
                                      .starts = resource->table->starts,
                                      .limit = limit,
                                      .is_for_import = true,
                                      .each = each,
                                      .state = state };
    return engine_walk(call, resource, session, &walk, diags);
}
