/* Terraform's side of a life cycle, written down independently of the engine: what it
 * proposes, what it demands of a plan, and what it demands of a result.
 * Source: Terraform 1.11 internal/plans/objchange/{objchange,plan_valid,compatible}.go
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_ENGINE_HOST_H
#define EXCHANGES_ENGINE_HOST_H

#include "engine/engine.h"

/* proposed_new_state: the configuration, and for computed attributes that it leaves out
 * the prior state. */
const struct value *engine_host_propose(struct arena *arena,
                                        const struct resource *resource,
                                        const struct value *prior,
                                        const struct value *config);

/* Each gives NULL when the host would be content, else what it would refuse. */
const char *engine_host_check_plan(struct arena *arena, const struct resource *resource,
                                   const struct value *prior, const struct value *config,
                                   const struct value *planned,
                                   const char *const *requires_replace);
/* Between two plans of the same change, and between a plan and its result. */
const char *engine_host_check_compatible(struct arena *arena, const struct value *earlier,
                                         const struct value *later);
/* After an apply. With an error only unknowns are refused. */
const char *engine_host_check_result(struct arena *arena, const struct value *planned,
                                     const struct value *new_state, bool has_error);

enum engine_host_action {
    HOST_NOTHING,
    HOST_CREATE,
    HOST_UPDATE,
    HOST_REPLACE,
    HOST_DELETE,
};
enum engine_host_action engine_host_choose(struct arena *arena, const struct value *prior,
                                           const struct value *planned,
                                           const char *const *requires_replace);

#endif
