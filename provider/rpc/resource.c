/* The rpcs about managed resources. Each unpacks and decodes the request, calls the engine, and
 * encodes and packs the response.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"

/* A request with an unknown type gets a response with only the diagnostic, which Terraform reads as
 * "nothing changed". */

int rpc_validate_resource(struct call *call, void *state, struct bytes request,
                          struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ValidateResourceConfig__Request *in = rpc_unpack(
        call, &tfplugin6__validate_resource_config__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    if (resource != NULL) {
        const struct value *config;
        if (rpc_decode(call, in->config, resource->type, "config", &config, err) < 0)
            return -1;
        engine_validate(call, resource, config, &diags);
        if (in->client_capabilities == NULL ||
            !in->client_capabilities->write_only_attributes_allowed)
            engine_refuse_write_only(call, resource, config, &diags);
    }
    Tfplugin6__ValidateResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_upgrade_resource(struct call *call, void *state, struct bytes request,
                         struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__UpgradeResourceState__Request *in = rpc_unpack(
        call, &tfplugin6__upgrade_resource_state__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__UpgradeResourceState__Response out =
        TFPLUGIN6__UPGRADE_RESOURCE_STATE__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    struct bytes raw =
        in->raw_state != NULL ? rpc_get_bytes(in->raw_state->json) : NO_BYTES;
    const struct value *upgraded;
    if (resource != NULL && raw.length == 0)
        diags_error(&diags, PATH_NONE, "Cannot read the stored state",
                    "The state has no JSON form. It was written by Terraform 0.11 or "
                    "older, which this provider does not support.");
    else if (resource != NULL &&
             engine_upgrade(call, resource, in->version, raw, &upgraded, &diags) == 0) {
        auto_session session = rpc_session(rpc);
        engine_record_state(call, resource, session, upgraded);
        out.upgraded_state = rpc_encode(call->arena, upgraded);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_read_resource(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ReadResource__Request *in =
        rpc_unpack(call, &tfplugin6__read_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__ReadResource__Response out = TFPLUGIN6__READ_RESOURCE__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    if (resource != NULL) {
        struct engine_read read = { .private = rpc_get_bytes(in->private_) };
        if (rpc_decode(call, in->current_state, resource->type, "current_state",
                       &read.current_state, err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        out.deferred = rpc_put_deferred(call->arena, session, in->client_capabilities);
        engine_record_state(call, resource, session, read.current_state);
        read.new_state = read.current_state;
        read.new_private = read.private;
        if (out.deferred == NULL)
            engine_read(call, resource, session, &read, &diags);
        out.new_state = rpc_encode(call->arena, read.new_state);
        out.private_ = rpc_put_bytes(read.new_private);
        /* A state of an older Terraform, which did not support identities, gets no identity here.
         * Terraform would report a new identity as a change, and a nightly `plan -refresh-only
         * -detailed-exitcode` would return 2 every night although nothing changed. */
        if (in->current_identity != NULL && in->current_identity->identity_data != NULL)
            out.new_identity = rpc_put_identity(call->arena, resource, read.new_state);
    } else {
        /* Without a state, Terraform would conclude that the object is gone. */
        out.new_state = in->current_state;
        out.private_ = in->private_;
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

static void put_replaces(struct arena *arena, const char *const *names,
                         Tfplugin6__PlanResourceChange__Response *out)
{
    while (names[out->n_requires_replace] != NULL)
        out->n_requires_replace++;
    out->requires_replace =
        arena_take_many(arena, out->n_requires_replace, sizeof *out->requires_replace);
    for (size_t i = 0; i < out->n_requires_replace; i++)
        out->requires_replace[i] =
            rpc_put_path(arena, path_attribute(arena, PATH_NONE, names[i]));
}

int rpc_plan_resource(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__PlanResourceChange__Request *in = rpc_unpack(
        call, &tfplugin6__plan_resource_change__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__PlanResourceChange__Response out =
        TFPLUGIN6__PLAN_RESOURCE_CHANGE__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    if (resource != NULL) {
        struct engine_plan plan = { .prior_private = rpc_get_bytes(in->prior_private) };
        const struct type *type = resource->type;
        if (rpc_decode(call, in->prior_state, type, "prior_state", &plan.prior_state,
                       err) < 0 ||
            rpc_decode(call, in->proposed_new_state, type, "proposed_new_state",
                       &plan.proposed_new_state, err) < 0 ||
            rpc_decode(call, in->config, type, "config", &plan.config, err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        plan.session = session;
        if (engine_plan(call, resource, &plan, &diags) == 0 &&
            engine_check_plan(call, resource, session, &plan, &diags) == 0) {
            out.planned_state = rpc_encode(call->arena, plan.planned_state);
            put_replaces(call->arena, plan.requires_replace, &out);
            out.planned_private = rpc_put_bytes(plan.planned_private);
            out.planned_identity =
                rpc_put_identity(call->arena, resource, plan.planned_state);
        }
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_apply_resource(struct call *call, void *state, struct bytes request,
                       struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ApplyResourceChange__Request *in = rpc_unpack(
        call, &tfplugin6__apply_resource_change__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__ApplyResourceChange__Response out =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    if (resource != NULL) {
        struct engine_apply apply = { .planned_private =
                                          rpc_get_bytes(in->planned_private) };
        const struct type *type = resource->type;
        if (rpc_decode(call, in->prior_state, type, "prior_state", &apply.prior_state,
                       err) < 0 ||
            rpc_decode(call, in->planned_state, type, "planned_state",
                       &apply.planned_state, err) < 0 ||
            rpc_decode(call, in->config, type, "config", &apply.config, err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        engine_apply(call, resource, session, &apply, &diags);
        out.new_state = rpc_encode(call->arena, apply.new_state);
        out.private_ = rpc_put_bytes(apply.private);
        out.new_identity = rpc_put_identity(call->arena, resource, apply.new_state);
    } else {
        out.new_state = in->prior_state;
        out.private_ = in->planned_private;
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

/* The ID to import, from the request's ID or identity. *id is NULL, with a diagnostic, if the
 * identity is not valid. */
static int find_import_id(struct call *call, const struct resource *resource,
                          const Tfplugin6__ImportResourceState__Request *in,
                          const char **id, struct diags *diags, struct error *err)
{
    *id = in->id;
    if (*in->id != '\0' || in->identity == NULL || resource->identity_type == NULL)
        return 0;
    const struct value *identity;
    if (rpc_decode(call, in->identity->identity_data, resource->identity_type, "identity",
                   &identity, err) < 0)
        return -1;
    *id = NULL;
    engine_identity_to_id(call, resource, identity, id, diags);
    return 0;
}

int rpc_import_resource(struct call *call, void *state, struct bytes request,
                        struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ImportResourceState__Request *in = rpc_unpack(
        call, &tfplugin6__import_resource_state__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__ImportResourceState__Response out =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    const char *id = NULL;
    if (resource != NULL && find_import_id(call, resource, in, &id, &diags, err) < 0)
        return -1;
    const struct value *imported;
    struct bytes private;
    auto_session session = rpc_session(rpc);
    if (id != NULL && engine_find_import_id(call, resource, session, &id, &diags) == 0 &&
        engine_import(call, resource, id, &imported, &private, &diags) == 0) {
        Tfplugin6__ImportResourceState__ImportedResource *one =
            arena_take(call->arena, sizeof *one);
        tfplugin6__import_resource_state__imported_resource__init(one);
        one->type_name = in->type_name;
        one->state = rpc_encode(call->arena, imported);
        one->private_ = rpc_put_bytes(private);
        one->identity = rpc_put_identity(call->arena, resource, imported);
        out.n_imported_resources = 1;
        out.imported_resources =
            arena_copy(call->arena, &one, sizeof *out.imported_resources);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_move_resource(struct call *call, void *state, struct bytes request,
                      struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__MoveResourceState__Request *in = rpc_unpack(
        call, &tfplugin6__move_resource_state__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__MoveResourceState__Response out =
        TFPLUGIN6__MOVE_RESOURCE_STATE__RESPONSE__INIT;
    const struct resource *resource =
        rpc_find_resource(rpc, in->target_type_name, &diags);
    struct bytes raw =
        in->source_state != NULL ? rpc_get_bytes(in->source_state->json) : NO_BYTES;
    const struct value *moved;
    struct bytes private;
    if (resource != NULL &&
        engine_move(call, resource, in->source_provider_address, in->source_type_name,
                    raw, &moved, &private, &diags) == 0) {
        out.target_state = rpc_encode(call->arena, moved);
        out.target_private = rpc_put_bytes(private);
        out.target_identity = rpc_put_identity(call->arena, resource, moved);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
