/* What a plan checks, and which values it fills in. planning.md has the rules. Include
 * engine/internal.h, which includes this.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_PLANNING_H
#define ENGINE_PLANNING_H

#include "engine/internal.h"

enum {
    /* All checks of one plan may take this long. */
    PLAN_CHECKS_TIME_MS = 20 * 1000,
    /* The first check, which shows whether the service answers. Finding the service's addresses may
     * take as long. */
    PLAN_FIRST_CHECK_TIME_MS = 5 * 1000,
};

/* ---- plan.c ----------------------------------------------------------------------------- */

/* The attribute, or one in it, changes and is REPLACE. */
bool plan_forces_replacement(struct arena *arena, const struct attribute *row,
                             const struct value *prior, const struct value *planned);

/* ---- operation.c -------------------------------------------------------------------------- */

/* Starts the time of the checks. Waits before that for a slow sign-in of a user. */
void plan_begin_checks(struct operation *operation);

/* ---- made.c: values that the plan makes ------------------------------------------------------ */

/* `object` with each made_from attribute that is unknown and not configured, if the attributes that
 * it is made from are known. Called by a plan, and by a create for what the plan left unknown. */
const struct value *made_fill(const struct resource *resource, struct arena *arena,
                              const struct value *object, const struct value *config);
/* A GUID made of the table's name, `what`, these attributes of the object, and the IDs in `past`.
 * NULL: an attribute is unknown. */
const char *made_guid(const struct resource *resource, struct arena *arena,
                      const char *what, const char *const *from,
                      const struct value *object, const struct past *past);
/* `object` with each name_in attribute, as far as the ID that it is in is known. */
const struct value *made_name(const struct resource *resource, struct arena *arena,
                              const struct value *object);
/* The first made_from attribute that is not configured. NULL: none. */
const struct attribute *made_row(const struct resource *resource, struct arena *arena,
                                 const struct value *config);

/* ---- looked_up.c: values of a new object that the service knows --------------------- */

struct looking_up {
    const struct attribute *rows;
    const struct value *config;
    /* If the service does not answer, that is a warning, and the value stays unknown. */
    bool is_plan;
    const char *act; /* for titles: "create" */
};
/* Fills the values in `object` that are unknown and not configured, by the rows' looked_up,
 * default_from, directory_of and read_from. Without a session it fills none. In a plan, sets the
 * call's deadline. -1 with a diagnostic: a value cannot be determined, or the configuration
 * contradicts it. */
int looked_up_fill(struct call *call, const struct resource *resource,
                   struct session *session, const struct looking_up *what,
                   const struct value **object, struct diags *diags);
/* One of the rows has such a rule. */
bool looked_up_any(const struct attribute *rows);

/* Fills the read_from attributes that the state does not have, or whose other object is not the one
 * that it was in `before`. -1 with a diagnostic: there was no answer, or an import was refused. */
int looked_up_read_from(struct operation *operation, bool is_imported,
                        const struct value *before, const struct value **object);

/* ---- create_blockers.c, orders.c ------------------------------------------------------------ */

/* 0: nothing prevents the create. A list that the service refuses to show is a warning. One that
 * could not be read is an error that contains `lead`; in a plan, `lead` is NULL, and it is reported
 * as a check that could not be made. */
int create_blockers_check(struct operation *operation, const struct value *planned,
                          const char *lead);

struct rest_list;
struct order {
    const char *id;
    const char *shown;     /* the text at the blocker's `shown` */
    const char *object_id; /* NULL: the order does not have it yet */
};
/* Searches the blocker's list of orders. 0: out->id is the ID of an order that prevents the create,
 * or NULL. -1 with `err` or with list->failure. -1 without either: the object exists, and the error
 * that was added says how to import it. Adds the IDs of other orders of this object to `past`. */
int orders_find(struct operation *operation, const struct create_blocker *rule,
                const struct rest_list *list, const struct value *planned,
                struct order *out, struct error *err);

/* ---- unique.c: a value that one object of each parent can have --------------------------- */

/* The UNIQUE attribute. NULL: none. */
const struct attribute *unique_row(const struct operation *operation);
/* The ID of another object of the same parent with the same value, which this one would overwrite.
 * NULL: the LIST shows none. Waits for the LIST. If the value is not known and there are other
 * objects, asks the service for the value. */
const char *unique_find(struct operation *operation, const struct value *planned);
/* The same from the LIST that was read before. Sends no request. */
const char *unique_recall(struct operation *operation, const struct value *object);
/* Warns once per session: the value is not known, and another object may be overwritten. */
void unique_warn_unknown(struct operation *operation, const struct value *planned);
/* Adds the error, or with `is_allowed` the warning, about the object that would be overwritten. */
int unique_explain(struct operation *operation, const struct value *planned,
                   const char *overwritten, bool is_allowed);
/* -1 with an error: another object with the same value is planned in this process. */
int unique_claim(struct operation *operation, const struct engine_plan *plan);
/* The same for a new object whose value comes from the service. Call it after unique_find(). */
int unique_claim_owner(struct operation *operation, const struct engine_plan *plan);
/* An object of this table with that value is planned in this process. */
bool unique_is_planned(struct arena *arena, struct service *service,
                       const struct resource_table *table, const char *value);

/* ---- existing.c: an object that already exists, or is planned twice ------------------------ */

/* A plan, and the part of it that Terraform asks for. */
struct plan_kind {
    bool is_destroy;
    /* Of a replacement: the object in the state has to be deleted; and the resource again, without
     * its prior state. */
    bool is_first_half, is_second_half;
    bool is_freed; /* the destroy of the old object removes what prevents a new one */
    const char *prior_id; /* NULL: none */
    bool only_forgets;    /* a destroy removes the prior object from the state only */
    /* The part of the ID that is made_from other attributes and not configured. NULL: none. */
    const struct attribute *made;
};

/* Notes the planned object. -1 with an error: another resource of this plan has the same ID. */
int existing_claim(const struct resource *resource, struct session *session,
                   const struct plan_kind *kind, const char *id, struct diags *diags);
/* -1 with an error: the same run deletes the object, and creates one that belongs to it. `is_new`:
 * the plan creates the object. */
int existing_expect_parent(struct operation *operation, const struct plan_kind *kind,
                           bool is_new);
/* -1 with an error: the object exists, is in no state of this run, and nothing in this plan deletes
 * it. Waits for the other resources of the plan, one of which may delete it. */
int existing_check(struct operation *operation);
/* The same for an object whose ID the service makes, by its natural key. The object that it finds is
 * noted as the planned one. */
int existing_find(struct operation *operation, const struct plan_kind *kind,
                  const struct value *planned);
/* The same for a table that looks_ahead, by a GET. For an object in the state that is to be
 * replaced by itself, checks whether that is allowed. */
int existing_look(struct operation *operation, const struct plan_kind *kind,
                  const struct value *planned);
/* For messages: an indented import block. */
const char *existing_import_block(struct operation *operation, const char *id);
/* Adds the error for the object with this ID, as the service writes it. */
int existing_explain(struct operation *operation, const char *id);

/* ---- reference_checks.c ------------------------------------------------------------- */

/* Runs the table's reference checks, after all other checks. -1 with the error of one that
 * fails. */
int reference_checks_run(struct call *call, const struct resource *resource,
                         struct session *session, const struct engine_plan *plan,
                         struct diags *diags);

/* ---- dependents.c, leftovers.c: objects that a delete removes as well, or leaves --- */

/* Lists the objects that would be lost with `object`. In a plan, a warning. In a delete, -1 with an
 * error if the user does not allow it, or if the list cannot be read. */
int dependents_check(struct operation *operation, const struct value *object,
                     bool is_plan);
/* Their part of a destroy warning, if the table asks for no permission. "": there are none, or it
 * is not known. -1 with an error: as in plan_unchecked.c. */
int dependents_describe(struct operation *operation, const struct value *object,
                        const char **out);
/* The part of a destroy warning about what the destroy leaves behind. -1: as above. */
int leftovers_describe(struct operation *operation, const struct value *object,
                       const char **out);

/* ---- plan_warnings.c: the cost of a destroy or a replacement ------------------------ */

/* Warns of the destroy of `object`, by the table's texts. -1 with an error: as in
 * plan_unchecked.c. */
int plan_warn_of_destroy(struct operation *operation, const struct value *object);
/* Warns in the first half of a replacement: `old` is about the object that is replaced. In the
 * second half Terraform shows only errors, so a replacement that the user requests (-replace) has no
 * warning. */
void plan_warn_of_first_half(const struct operation *operation, struct operation *old);
/* Warns that a tainted object, which Terraform plans as if it were new, is deleted and created
 * again. */
void plan_warn_of_tainted(struct operation *operation);
/* The parent does not exist. Only a warning, because a resource of another provider may create it.
 * Returns 0. */
int plan_warn_of_missing_parent(struct operation *operation,
                                const struct rest_failure *failure);

/* ---- delete_blockers.c: objects that prevent a delete -------------------------------- */

/* An error if one of the table's delete_blocker prevents deleting the object. */
int delete_blockers_check(struct operation *operation, const struct value *object);

/* ---- plan_unchecked.c: checks that could not be made -------------------------------- */

/* Each reports a cause once per session: a warning, or an error and -1 if the provider block
 * requires plan checks. */

/* There was no answer. */
int plan_not_answered(struct call *call, const struct resource *resource,
                      struct session *session, const struct error *why,
                      struct diags *diags);
/* The service refused the request. `what`: "the widget …" */
int plan_refused(struct operation *operation, const struct rest_failure *failure,
                 const char *what);
/* A GET neither found the object nor proved it missing. */
int plan_probe_failed(struct operation *operation, struct probe *probe);
/* A value that the check needs could not be determined: the first error of `why`. Adds the warnings
 * of `why` as they are. */
int plan_not_found_out(struct call *call, const struct resource *resource,
                       struct session *session, const struct diags *why,
                       struct diags *diags);
/* If the LIST of this collection failed, reports that. */
int plan_list_failed(struct operation *operation, struct rest_collection *collection);

#endif
