/* The rpcs about lists: the results of a query, one event for each object, sent as the pages
 * arrive.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"

/* NULL, with a diagnostic: the provider has no list of this type. */
static const struct resource *find(struct rpc *rpc, const char *type_name,
                                   struct diags *diags)
{
    const struct resource *resource = rpc_find_resource(rpc, type_name, diags);
    if (resource == NULL || resource->list_type != NULL)
        return resource;
    diags_error(diags, PATH_NONE, "Unknown list resource type",
                "This provider has no list resource type \"%s\".", type_name);
    return NULL;
}

static const struct path *in_config(struct arena *arena, const struct path *path)
{
    if (path == PATH_NONE)
        return path_attribute(arena, PATH_NONE, "config");
    struct path *longer = arena_take(arena, sizeof *longer);
    *longer = *path;
    longer->parent = in_config(arena, path->parent);
    return longer;
}

/* Terraform looks for a path in the whole block, and what it sends is the block `config` in it.
 * Source: Terraform internal/terraform/node_resource_validate.go */
static void put_diags(struct diags *diags, size_t *count, Tfplugin6__Diagnostic ***out)
{
    for (struct diagnostic *diag = diags->first; diag != NULL; diag = diag->next) {
        if (diag->path != PATH_NONE)
            diag->path = in_config(diags->arena, diag->path);
    }
    rpc_put_diags(diags, count, out);
}

int rpc_validate_list(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ValidateListResourceConfig__Request *in =
        rpc_unpack(call, &tfplugin6__validate_list_resource_config__request__descriptor,
                   request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    const struct resource *resource = find(rpc, in->type_name, &diags);
    const struct value *config;
    if (resource != NULL) {
        if (rpc_decode(call, in->config, resource->list_type, "config", &config, err) < 0)
            return -1;
        engine_validate_list(call, resource, config, &diags);
    }
    Tfplugin6__ValidateListResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_LIST_RESOURCE_CONFIG__RESPONSE__INIT;
    put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

struct listing {
    struct call *call;
    const struct resource *resource;
    struct plugin_sink *sink;
    bool with_objects;
    bool has_ended; /* the reader is gone: err is set */
    struct error *err;
};

/* An engine_listed_fn. */
static int send_listed(void *state, const struct engine_listed *listed)
{
    struct listing *listing = state;
    struct arena *arena = listed->diags->arena; /* lives until this function returns */
    Tfplugin6__ListResource__Event event = TFPLUGIN6__LIST_RESOURCE__EVENT__INIT;
    event.display_name = rpc_put_text(listed->name);
    event.identity = rpc_put_identity(arena, listing->resource, listed->state);
    if (listing->with_objects)
        event.resource_object = rpc_encode(arena, listed->state);
    rpc_put_diags(listed->diags, &event.n_diagnostic, &event.diagnostic);
    listing->has_ended =
        listing->sink->send(listing->sink, listing->call, rpc_pack(arena, &event.base),
                            listing->err) < 0;
    return listing->has_ended;
}

/* An event without an object: Terraform treats its diagnostics as those of the whole list. */
static int send_diags(struct listing *listing, struct diags *diags)
{
    Tfplugin6__ListResource__Event event = TFPLUGIN6__LIST_RESOURCE__EVENT__INIT;
    put_diags(diags, &event.n_diagnostic, &event.diagnostic);
    if (event.n_diagnostic == 0)
        return 0;
    return listing->sink->send(listing->sink, listing->call,
                               rpc_pack(diags->arena, &event.base), listing->err);
}

int rpc_list_resource(struct call *call, void *state, struct bytes request,
                      struct plugin_sink *sink, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ListResource__Request *in =
        rpc_unpack(call, &tfplugin6__list_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    struct listing listing = {
        .call = call,
        .resource = find(rpc, in->type_name, &diags),
        .sink = sink,
        .with_objects = in->include_resource_object,
        .err = err,
    };
    const struct value *config;
    if (listing.resource != NULL) {
        if (rpc_decode(call, in->config, listing.resource->list_type, "config", &config,
                       err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        engine_list(call, listing.resource, session, config, in->limit, send_listed,
                    &listing, &diags);
    }
    return listing.has_ended ? -1 : send_diags(&listing, &diags);
}
