/* The life cycle of whatever a table describes. One function per operation of the
 * protocol; values in, values and diagnostics out. Knows neither gRPC nor curl.
 *
 * All return 0, or -1 exactly when an error was added to `diags`. Values live in
 * call->arena. What a failed apply leaves behind is told by its new_state, which is set
 * also when -1 is returned: state first.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/bytes.h"
#include "base/call.h"
#include "schema/schema.h"
#include "session/session.h"
#include "value/diags.h"
#include "value/value.h"

/* A table with its type worked out once; lives as long as the process. */
struct resource {
    const struct resource_table *table;
    const struct type *type;
    const struct attribute *timeouts; /* rows of the block */
};
void engine_resource_init(struct resource *resource, struct arena *arena,
                          const struct resource_table *table);

/* ---- provider ---------------------------------------------------------------------- */

/* Checks the block without the environment: it may be another one at apply. */
int engine_validate_provider(struct call *call, const struct provider_table *table,
                             const struct value *config, struct diags *diags);

/* What this build and this host are, for the User-Agent. */
struct engine_host {
    const char *provider_version, *terraform_version;
};

/*
 * Block and environment become a session. Contacts nobody.
 *
 *   out  NULL, without an error, when something needed is unknown yet (it depends on
 *        another resource): operations that need the service say so then
 */
int engine_configure(struct call *call, const struct provider_table *table,
                     const struct engine_host *host, const struct value *config,
                     struct session **out, struct diags *diags);

/* ---- resources ----------------------------------------------------------------------- */

/* No session, no network. */
int engine_validate(struct call *call, const struct resource *resource,
                    const struct value *config, struct diags *diags);

/* A stored state of this or an older schema version. */
int engine_upgrade(struct call *call, const struct resource *resource, int64_t version,
                   struct bytes raw_json, const struct value **out, struct diags *diags);

struct engine_plan {
    /* in */
    const struct value *prior_state, *proposed_new_state, *config;
    struct bytes prior_private;
    /* out */
    const struct value *planned_state;
    const char **requires_replace; /* attribute names; ends with NULL */
    struct bytes planned_private;
};
int engine_plan(struct call *call, const struct resource *resource,
                struct engine_plan *plan, struct diags *diags);

/* What the configuration alone cannot show: another object would silently lose its place, the
 * parent can never have such an object, a destroy costs something. Asks the service where it
 * can; a check that cannot be made is skipped with a log line, so that plans work without
 * the service. `session` may be NULL. */
int engine_check_plan(struct call *call, const struct resource *resource,
                      struct session *session, const struct engine_plan *plan,
                      struct diags *diags);

struct engine_apply {
    /* in */
    const struct value *prior_state, *planned_state, *config;
    struct bytes planned_private;
    /* out; new_state is never unknown anywhere, and null only if nothing exists */
    const struct value *new_state;
    struct bytes private;
};
int engine_apply(struct call *call, const struct resource *resource,
                 struct session *session, struct engine_apply *apply,
                 struct diags *diags);

struct engine_read {
    /* in */
    const struct value *current_state;
    struct bytes private;
    /* out: null means that the object is gone, for certain */
    const struct value *new_state;
    struct bytes new_private;
};
int engine_read(struct call *call, const struct resource *resource,
                struct session *session, struct engine_read *read, struct diags *diags);

/* The state of an object that is to be read next; asks nobody. */
int engine_import(struct call *call, const struct resource *resource, const char *id,
                  const struct value **out, struct bytes *private, struct diags *diags);

#endif
