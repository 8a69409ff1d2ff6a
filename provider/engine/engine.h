/* The life cycle of whatever a table describes. One function per operation of the
 * protocol; values in, values and diagnostics out. Knows neither gRPC nor curl.
 *
 * All return 0, or -1 exactly when an error was added to `diags`. Values live in
 * call->arena. What a failed apply leaves behind is in its new_state, which is set
 * also when -1 is returned: state first.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <jansson.h>

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
    const struct type *identity_type; /* NULL: it has no identity */
    const struct type *list_type; /* of the list resource's block; NULL: it has none */
};
void engine_resource_init(struct resource *resource, struct arena *arena,
                          const struct resource_table *table);

/* ---- resources ----------------------------------------------------------------------- */

/* No session, no network. */
int engine_validate(struct call *call, const struct resource *resource,
                    const struct value *config, struct diags *diags);

/* For a host that cannot keep write-only arguments out of plans and states: an error for each
 * that is set. */
int engine_refuse_write_only(struct call *call, const struct resource *resource,
                             const struct value *config, struct diags *diags);

/* A stored state of this or an older schema version. */
int engine_upgrade(struct call *call, const struct resource *resource, int64_t version,
                   struct bytes raw_json, const struct value **out, struct diags *diags);

/* The state of this run holds this object: recorded before anything is planned with it, so that
 * it is not taken for another resource's. `session` may be NULL. */
void engine_record_state(struct call *call, const struct resource *resource,
                         struct session *session, const struct value *state);

struct engine_plan {
    /* in */
    const struct value *prior_state, *proposed_new_state, *config;
    struct bytes prior_private;
    const struct session
        *session; /* for what attributes have from the provider; NULL: not
                                      configured yet */
    /* out */
    const struct value *planned_state;
    const char **requires_replace; /* attribute names; ends with NULL */
    struct bytes planned_private;
};
int engine_plan(struct call *call, const struct resource *resource,
                struct engine_plan *plan, struct diags *diags);

/* What the configuration alone cannot show: another object would silently lose its place, the
 * parent can never have such an object, it exists already or is planned twice, a destroy costs
 * something. Asks the service where it can; a check that cannot be made is skipped with a log
 * line, so that plans work without the service. Sets plan->planned_private where the host may
 * plan the same resource once more. `session` may be NULL. */
int engine_check_plan(struct call *call, const struct resource *resource,
                      struct session *session, struct engine_plan *plan,
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
    bool is_look_up; /* for a data source, and not for a state */
    /* out: null means that the object is gone, for certain */
    const struct value *new_state;
    struct bytes new_private;
};
int engine_read(struct call *call, const struct resource *resource,
                struct session *session, struct engine_read *read, struct diags *diags);

/* ---- identity ------------------------------------------------------------------------- */

/* What identifies an object of this state or plan; NULL while its id is unknown, or it has
 * none. */
const struct value *engine_identity(struct arena *arena, const struct resource *resource,
                                    const struct value *object);
/* A stored identity of this or an older version. */
int engine_upgrade_identity(struct call *call, const struct resource *resource,
                            int64_t version, struct bytes raw_json,
                            const struct value **out, struct diags *diags);
/* The id that an identity names. */
int engine_identity_to_id(struct call *call, const struct resource *resource,
                          const struct value *identity, const char **out,
                          struct diags *diags);

/* ---- lists ------------------------------------------------------------------------------- */

/* Checks the block of a list resource. */
int engine_validate_list(struct call *call, const struct resource *resource,
                         const struct value *config, struct diags *diags);

struct engine_listed {
    const struct value *identity;
    const struct value *state; /* as a read would give it */
    const char *name;          /* for people */
    struct diags *diags;       /* of this one; warnings */
};
/* 0: go on; 1: enough. What it is given lives until it returns. */
typedef int engine_listed_fn(void *state, const struct engine_listed *listed);
/*
 * Gives each object of the list, page by page as they come, `limit` (0: none) at most.
 */
int engine_list(struct call *call, const struct resource *resource,
                struct session *session, const struct value *config, int64_t limit,
                engine_listed_fn *each, void *state, struct diags *diags);

/* The same for a list of this type under any ID: what a data source needs. */
struct explain_word {
    const char *name, *text;
};
struct engine_walk {
    const char *list_id;
    const struct value
        *config; /* says whose tokens it takes (SIGN_IN_TO); NULL: the service's own */
    /* A template by which the list is named in messages, and its words besides those of the
     * table's texts; NULL: as the table says. */
    const char *label;
    const struct explain_word *words;
    const char *query; /* added to the list's, encoded: "a=b&c=d"; NULL: nothing */
    const struct search_rule
        *searches; /* see struct data_source_table, over `searched` */
    const struct value *searched;
    const struct start_rule *starts;
    const struct remedy *remedies; /* before those of the table; NULL: none */
    bool has_no_ids, keeps_digits; /* see struct data_source_table */
    /* Where the service goes on answering with it, *is_refused is set, without an error. 0: none */
    int tolerated_status;
    bool *is_refused;
    int64_t limit; /* 0: none */
    engine_listed_fn *each;
    void *state;
};
int engine_walk(struct call *call, const struct resource *resource,
                struct session *session, const struct engine_walk *walk,
                struct diags *diags);

/* ---- data sources and ephemeral resources --------------------------------------------------- */

/* A table with its types worked out once; lives as long as the process. */
struct data_source {
    const struct data_source_table *table;
    const struct type *type;
    struct resource object; /* of what is looked up */
};
void engine_data_source_init(struct data_source *source, struct arena *arena,
                             const struct data_source_table *table);
int engine_validate_data(struct call *call, const struct data_source *source,
                         const struct value *config, struct diags *diags);
/* How one is read. `out` is the whole object, wholly known. */
typedef int engine_data_fn(struct call *call, const struct data_source *source,
                           struct session *session, const struct value *config,
                           const struct value **out, struct diags *diags);
/* As its table says. */
engine_data_fn engine_read_data;
struct engine_reader {
    const struct data_source_table *table;
    /* What the table cannot say: provider/data_sources; of an ephemeral resource, how it is
     * opened: provider/ephemeral. */
    engine_data_fn *read;
};

/* The object of an ID, in whichever case the service holds it. An error if there is
 * none. */
int engine_lookup(struct call *call, const struct resource *resource,
                  struct session *session, const char *id, const struct value **out,
                  struct diags *diags);
/* The same of a table with `items`, but where the service goes on answering with this status (504:
 * it is too much at once) it sets *is_refused and leaves *out alone, without an error. */
int engine_read_part(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config, int status,
                     bool *is_refused, const struct value **out, struct diags *diags);

/* The configuration with what it leaves out and has a default, or is looked up. */
int engine_fill_data(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config,
                     const struct value **out, struct diags *diags);

/* A request without effect about an object, by POST, or by GET where there is no action.
 * Repeated as a read is.
 *
 *   out  a JSON object; to be freed
 */
struct engine_action {
    const char *id; /* of the object */
    const char
        *action; /* the last segment of the path: "getactivationkey"; NULL: a GET */
    /* The versions of its own, the older one where the service does not know the first; NULL: the
     * object's, and no other. */
    const char *api_version, *older_api_version;
    bool has_secrets; /* neither a trace nor an error shows the answer */
    const char *act;  /* for titles, before the object's noun: "get the key of" */
    const struct remedy *remedies; /* NULL: those of the object alone */
};
int engine_call_action(struct call *call, const struct resource *object,
                       struct session *session, const struct engine_action *question,
                       json_t **out, struct diags *diags);

/* ---- coming from elsewhere ------------------------------------------------------------- */

/* The state of an object that another provider's resource managed so far.
 *
 *   address  of that provider, "registry.terraform.io/NAMESPACE/TYPE"
 */
int engine_move(struct call *call, const struct resource *resource, const char *address,
                const char *type_name, struct bytes raw_json, const struct value **out,
                struct bytes *private, struct diags *diags);

/* The whole ID of what an import names by a part of it (.import_by), which may ask the service. An ID
 * that names it otherwise stays as it is. -1 with the error. */
int engine_find_import_id(struct call *call, const struct resource *resource,
                          struct session *session, const char **id, struct diags *diags);
/* The state of an object that is to be read next; sends no request. */
int engine_import(struct call *call, const struct resource *resource, const char *id,
                  const struct value **out, struct bytes *private, struct diags *diags);

#endif
