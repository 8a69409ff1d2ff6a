/* The life cycle of the objects that tables describe: one function per operation of the plugin
 * protocol, without gRPC and HTTP.
 *
 * All functions return 0, or -1 if they added an error to `diags`. Values live in call->arena. A
 * failed apply also sets new_state: it has what exists after the failure.
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

/* A table with its types. Lives as long as the process. */
struct resource {
    const struct resource_table *table;
    const struct type *type;
    const struct attribute *timeouts; /* the rows of the `timeouts` block */
    const struct type *identity_type; /* NULL: no identity */
    /* Of the list resource's block. NULL: no list resource. */
    const struct type *list_type;
};
void engine_resource_init(struct resource *resource, struct arena *arena,
                          const struct resource_table *table);

/* ---- resources ----------------------------------------------------------------------- */

/* Validates a configuration. Sends no request. */
int engine_validate(struct call *call, const struct resource *resource,
                    const struct value *config, struct diags *diags);

/* For a Terraform or OpenTofu that does not support write-only arguments: adds an error for each
 * one that is set. */
int engine_refuse_write_only(struct call *call, const struct resource *resource,
                             const struct value *config, struct diags *diags);

/* Reads a stored state of this or an older schema version. */
int engine_upgrade(struct call *call, const struct resource *resource, int64_t version,
                   struct bytes raw_json, const struct value **out, struct diags *diags);

/* Records that the state has this object. Called before anything is planned with it, so that no
 * plan reports it as an object that already exists. `session` may be NULL. */
void engine_record_state(struct call *call, const struct resource *resource,
                         struct session *session, const struct value *state);

struct engine_plan {
    /* in */
    const struct value *prior_state, *proposed_new_state, *config;
    struct bytes prior_private;
    /* For attributes with a provider_default. NULL: the provider is not configured yet. */
    const struct session *session;
    /* out */
    const struct value *planned_state;
    const char **requires_replace; /* attribute names; ends with NULL */
    struct bytes planned_private;
};
int engine_plan(struct call *call, const struct resource *resource,
                struct engine_plan *plan, struct diags *diags);

/* Checks a plan with the service: whether another object would be overwritten, the parent can have
 * such an object, the object already exists or is planned twice, and what a destroy costs. If the
 * service does not answer, the check is skipped with one warning, so that plans work without the
 * service. Sets plan->planned_private if Terraform may plan the same resource once more. `session`
 * may be NULL. */
int engine_check_plan(struct call *call, const struct resource *resource,
                      struct session *session, struct engine_plan *plan,
                      struct diags *diags);

struct engine_apply {
    /* in */
    const struct value *prior_state, *planned_state, *config;
    struct bytes planned_private;
    /* out; new_state has no unknown values, and is null only if nothing exists */
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
    bool is_look_up; /* for a data source, not for a state */
    /* out: null means that the object is proven to be gone */
    const struct value *new_state;
    struct bytes new_private;
};
int engine_read(struct call *call, const struct resource *resource,
                struct session *session, struct engine_read *read, struct diags *diags);

/* ---- identity ------------------------------------------------------------------------- */

/* The resource identity of an object in a state or plan. NULL: its ID is unknown, or the resource
 * has no identity. */
const struct value *engine_identity(struct arena *arena, const struct resource *resource,
                                    const struct value *object);
/* Reads a stored identity of this or an older version. */
int engine_upgrade_identity(struct call *call, const struct resource *resource,
                            int64_t version, struct bytes raw_json,
                            const struct value **out, struct diags *diags);
/* The ID of the object with an identity. */
int engine_identity_to_id(struct call *call, const struct resource *resource,
                          const struct value *identity, const char **out,
                          struct diags *diags);

/* ---- lists ------------------------------------------------------------------------------- */

/* Validates the block of a list resource. */
int engine_validate_list(struct call *call, const struct resource *resource,
                         const struct value *config, struct diags *diags);

struct engine_listed {
    const struct value *identity;
    const struct value *state; /* as a read returns it */
    const char *id;            /* as the service returns it; "": none */
    const char *name;          /* to show to users */
    struct diags *diags;       /* warnings about this object */
};
/* Returns 0 to continue, 1 to stop. `listed` is valid until it returns. */
typedef int engine_listed_fn(void *state, const struct engine_listed *listed);
/* Calls `each` for every object of the list, page by page, at most `limit` times (0: no limit). */
int engine_list(struct call *call, const struct resource *resource,
                struct session *session, const struct value *config, int64_t limit,
                engine_listed_fn *each, void *state, struct diags *diags);

/* How much of a list was read. */
enum engine_part { PART_WHOLE, PART_REFUSED, PART_TOO_BIG };

/* A word that explain_fill() replaces in texts. */
struct explain_word {
    const char *name, *text;
};
/* As engine_list(), for a list with any ID: for data sources. */
struct engine_walk {
    const char *list_id;
    /* Has the SIGN_IN_TO attribute. NULL: the service's own directory. */
    const struct value *config;
    /* The list in messages: a template, and words for it besides those of a remedy. NULL: as the
     * table says. */
    const char *label;
    const struct explain_word *words;
    /* Added to the list's query, URL-encoded: "a=b&c=d". NULL: nothing. */
    const char *query;
    /* As in struct data_source_table; `searched` has the values of the attributes. */
    const struct search_rule *searches;
    const struct value *searched;
    const struct start_rule *starts;
    const struct remedy *remedies; /* precede those of the table; NULL: none */
    bool has_no_ids, keeps_digits;
    bool is_for_import; /* omits objects that are deleted or being deleted */
    /* If the service still answers with this status after the retries, or the list is above a limit
     * of rest/list.h, *end says so instead of an error. 0: none. */
    int tolerated_status;
    enum engine_part *end;
    /* Receives how many objects have an ID of another form. NULL: not needed. */
    size_t *left_out;
    int64_t limit; /* 0: no limit */
    engine_listed_fn *each;
    void *state;
};
int engine_walk(struct call *call, const struct resource *resource,
                struct session *session, const struct engine_walk *walk,
                struct diags *diags);

/* ---- data sources and ephemeral resources --------------------------------------------------- */

/* A table with its types. Lives as long as the process. */
struct data_source {
    const struct data_source_table *table;
    const struct type *type;
    struct resource object; /* what it looks up */
};
void engine_data_source_init(struct data_source *source, struct arena *arena,
                             const struct data_source_table *table);
int engine_validate_data(struct call *call, const struct data_source *source,
                         const struct value *config, struct diags *diags);
/* Reads a data source. *out is the whole object, without unknown values. */
typedef int engine_data_fn(struct call *call, const struct data_source *source,
                           struct session *session, const struct value *config,
                           const struct value **out, struct diags *diags);
/* The reader for a table without code of its own. */
engine_data_fn engine_read_data;
struct engine_reader {
    const struct data_source_table *table;
    /* A reader in provider/data_sources, or of an ephemeral resource in provider/ephemeral. */
    engine_data_fn *read;
};

/* Reads the object with this ID. Its ID in *out has the case that the service uses. An error if it
 * does not exist. */
int engine_lookup(struct call *call, const struct resource *resource,
                  struct session *session, const char *id, const struct value **out,
                  struct diags *diags);
/* The list of a table with `items`, with a configuration as engine_fill_data() returns it. Calls
 * `each` for every object, as far as it is read: *end is as `end` of struct engine_walk with the
 * status (504: too many objects in one request). */
int engine_walk_part(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config, int status,
                     engine_listed_fn *each, void *state, enum engine_part *end,
                     struct diags *diags);

/* The configuration with the values that it omits: defaults, and values that are looked up. */
int engine_fill_data(struct call *call, const struct data_source *source,
                     struct session *session, const struct value *config,
                     const struct value **out, struct diags *diags);

/* A request about an object that changes nothing: a POST, or a GET if there is no action. It is
 * retried like a read. *out is a JSON object that the caller owns. */
struct engine_action {
    const char *id; /* of the object */
    /* The last segment of the path: "getactivationkey". NULL: a GET. */
    const char *action;
    const char *api_version; /* one or more (rest/versions.h); NULL: the object's */
    bool has_secrets;        /* no trace and no error shows the answer */
    const char *act;         /* for titles, before the object's noun: "get the key of" */
    const struct remedy *remedies; /* precede those of the object; NULL: none */
};
int engine_call_action(struct call *call, const struct resource *object,
                       struct session *session, const struct engine_action *question,
                       json_t **out, struct diags *diags);

/* A plan of this run creates the object with this ID, and no apply has created it yet. `session`
 * may be NULL. */
bool engine_is_awaited(const struct resource *resource, struct session *session,
                       const char *id);

/* ---- move and import ------------------------------------------------------------------- */

/* The state of an object that a resource of another provider managed so far. `address` is that
 * provider's: "registry.terraform.io/NAMESPACE/TYPE". */
int engine_move(struct call *call, const struct resource *resource, const char *address,
                const char *type_name, struct bytes raw_json, const struct value **out,
                struct bytes *private, struct diags *diags);

/* Replaces an ID that is only an import_by value with the whole ID, which may need a request.
 * Leaves other IDs as they are. */
int engine_find_import_id(struct call *call, const struct resource *resource,
                          struct session *session, const char **id, struct diags *diags);
/* The state for an imported object, which the caller reads next. Sends no request. */
int engine_import(struct call *call, const struct resource *resource, const char *id,
                  const struct value **out, struct bytes *private, struct diags *diags);

#endif
