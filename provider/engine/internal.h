/* What the files of the engine share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_INTERNAL_H
#define ENGINE_INTERNAL_H

#include <jansson.h>

#include "base/text.h"
#include "rest/client.h"
#include "engine/engine.h"
#include "id/id.h"

struct past {
    const char *id;
    struct past *next; /* NULL: the last */
};

/* One operation on one object, from its first request to its last. */
struct operation {
    struct call *call;
    const struct resource *resource;
    struct session *session;
    struct service *service;
    struct rest_client *client; /* of the service */
    const char *act;            /* "create", "read", "delete" */
    const char *id; /* as requests use it; NULL: the service has yet to make it */
    const struct value *planned; /* while `id` is NULL: what finds the object */
    const char
        *ended_id; /* of an object that has ended, which that look found; NULL: none */
    /* IDs of all that have ended, and of their orders: sorted, in lower case, each once. */
    struct past *past;
    const char *parent_id, *list_id;    /* by the table's templates; NULL: none */
    struct rest_collection *collection; /* where the object is listed; NULL: not shared */
    bool
        is_sent; /* a write was, and may have acted: what became of it is worth waiting for */
    bool is_in_state; /* the object is, as far as Terraform knows */
    bool is_list;     /* it asks for all of a parent; `id` is the list's */
    const char
        *list_label; /* how that is named in messages, by who asks; NULL: by the table */
    const struct value
        *config; /* whose write-only values no message may show; NULL: there is none */
    /* Of a request that is not about the object alone, before the table's; NULL: none. */
    const struct remedy *remedies;
    const struct explain_word *words; /* ends with a NULL name; NULL: none */
    const char *api_version;          /* of what is asked for; NULL: the table's */
    struct diags *diags;
};

/* Adds an ID to `past`. */
void operation_add_past(struct operation *operation, const char *id);

enum timeout_kind {
    TIMEOUT_CREATE,
    TIMEOUT_READ,
    TIMEOUT_UPDATE,
    TIMEOUT_DELETE,
    TIMEOUT_PLAN
};

/* All that one plan may spend on its checks. */
enum {
    PLAN_CHECKS_TIME_MS = 20 * 1000,
    /* The first of them, by which it shows whether anybody answers; as long may it take to
     * find the plane. */
    PLAN_FIRST_CHECK_TIME_MS = 5 * 1000,
};

/* ---- operation.c ---------------------------------------------------------------------- */

/* Sets the call's deadline from the `timeouts` block of `object`. */
void operation_begin_time(struct call *call, const struct resource *resource,
                          enum timeout_kind kind, const struct value *object);
/* The same, and finds the plane. -1 with
 * a diagnostic: no session yet, no credential. */
int operation_begin(struct operation *operation, struct call *call,
                    const struct resource *resource, struct session *session,
                    enum timeout_kind kind, const struct value *object, const char *id,
                    struct diags *diags);
/* The service that objects of this table live on. -1 with a diagnostic, as above. */
int operation_find_service(struct call *call, const struct resource *resource,
                           struct session *session, struct service **out,
                           struct diags *diags);
/* -1 with the error: its login service knows one directory alone, and the table is about others. */
int operation_expect_directories(const struct resource_table *table,
                                 struct service *service, struct diags *diags);
/* -1 with an error: objects of the table take a person, and an application signs in. */
int operation_expect_person(const struct resource_table *table,
                            const struct service *service, struct diags *diags);
/* The operation's client, by the SIGN_IN_TO attribute of `object`, whose service is ready. It stays
 * NULL while that is not known. Errors: as service_client_of_tenant() */
int operation_find_client(struct operation *operation, const struct value *object,
                          struct error *err);
/* Warns the user, once in a session, that the service makes this run wait. */
void operation_warn_throttling(struct session *session, struct diags *diags);
/* The api-version of requests about objects of this table. */
const char *api_version_of(const struct resource *resource,
                           const struct session *session);
/* For the few places where another case is tried. */
int operation_rename(struct operation *operation, const char *id);
/* Sets the collection of the list at `list_id`, which the session's other operations share. */
void operation_find_list(struct operation *operation);
/* How the IDs of these objects are read. */
const struct id_scheme *operation_ids(const struct operation *operation);

/* ---- body.c: values <-> JSON ------------------------------------------------------------ */

/* The body of a request that writes the whole object: every attribute with a place in the body
 * that is known and not null, without those that the service alone sets. */
json_t *body_from_value(const struct resource *resource, struct arena *arena,
                        const struct value *object);
/* The same with those: the object as the service shows it. */
json_t *body_as_shown(const struct resource *resource, struct arena *arena,
                      const struct value *object);
/* What changes between two states of an object: as the first, and null for what is taken away,
 * also of a map or of a nested attribute (RFC 7396, JSON Merge Patch). */
json_t *body_from_change(const struct resource *resource, struct arena *arena,
                         const struct value *prior, const struct value *planned);
/* The answer to a GET shows all of an object; the answer to a write may leave parts out. */
enum body_extent { BODY_WHOLE, BODY_PARTIAL };
/* `object` with each attribute that has a place in the body taken from there. What means the
 * same as before by the row's own comparison stays as it is; so does what a partial body, or a
 * MAY_BE_OMITTED one, leaves out (an unknown becomes null). */
const struct value *body_to_value(const struct resource *resource, struct arena *arena,
                                  const json_t *body, enum body_extent extent,
                                  const struct value *object);
/* The same with what the body says of RETURNED_ONCE attributes: for a comparison with what was sent. */
const struct value *body_as_returned(const struct resource *resource, struct arena *arena,
                                     const json_t *body, enum body_extent extent,
                                     const struct value *object);
/* The body and what is known of `object` leave none of these attributes open. */
bool body_says_all(const struct resource *resource, struct arena *arena,
                   const json_t *body, const struct value *object);

/* For messages: "text", 5, true, {"a":"b"}; "no value", or "(sensitive value)". */
const char *body_show(struct arena *arena, const struct attribute *row,
                      const struct value *value);

/* ---- write_only.c: what stands in requests alone ------------------------------------------ */

/* `object` with the write-only values of the configuration: for a body, and for nothing else. */
const struct value *write_only_fill(const struct resource *resource, struct arena *arena,
                                    const struct value *object,
                                    const struct value *config);
/* `object` without them, as plans and states are. */
const struct value *write_only_drop(const struct resource *resource, struct arena *arena,
                                    const struct value *object);
/* The row is write-only, and its .version changes between these states. */
bool write_only_is_due(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned);
/* The body of `filled` has a write-only value, or one that is NEVER_RETURNED, if it is the whole object or else the change from
 * `prior`. */
bool write_only_is_sent(const struct resource *resource, struct arena *arena,
                        const struct value *prior, const struct value *filled,
                        bool is_whole);
/* A text of the service with `***` where it repeats such a value of the operation's
 * configuration. NULL stays NULL. */
const char *write_only_hide(const struct operation *operation, const char *text);

/* ---- made.c: IDs that the plan makes --------------------------------------------------------- */

/* `object` with each .made_from attribute that the configuration leaves out, and that is unknown,
 * made of the others, where those are known. A plan calls it, and a create, for what was unknown
 * in the plan. */
const struct value *made_fill(const struct resource *resource, struct arena *arena,
                              const struct value *object, const struct value *config);
/* A GUID of the table's name, of `what`, of these attributes of the object, and of the IDs. NULL: one
 * of the attributes is not known. */
const char *made_guid(const struct resource *resource, struct arena *arena,
                      const char *what, const char *const *from,
                      const struct value *object, const struct past *past);
/* `object` with each .name_in attribute as what it is in says, as far as that is known. */
const struct value *made_name(const struct resource *resource, struct arena *arena,
                              const struct value *object);
/* `object` with those that the configuration leaves out unknown again: it is a new one. */
const struct value *made_forget(const struct resource *resource, struct arena *arena,
                                const struct value *object, const struct value *config);
/* The first such attribute that the configuration leaves out; NULL: there is none. */
const struct attribute *made_row(const struct resource *resource, struct arena *arena,
                                 const struct value *config);

/* ---- looked_up.c: what the service knows of a new object -------------------------------------- */

struct looking_up {
    const struct attribute *rows;
    const struct value *config;
    bool
        is_plan; /* where no service answers, there is a warning, and the value stays unknown */
    const char *act; /* for titles: "create" */
};
/* Fills what the rows say of how it is known, is left out by the configuration, and is not known in
 * `object`. Without a session nothing is. -1 with a diagnostic: it is unknown, or the
 * configuration contradicts it. Sets the call's deadline in a plan. */
int looked_up_fill(struct call *call, const struct resource *resource,
                   struct session *session, const struct looking_up *what,
                   const struct value **object, struct diags *diags);
/* Is any of the rows known in this way? */
bool looked_up_any(const struct attribute *rows);
/* `object` with those unknown again that the configuration leaves out: it is a new one. */
const struct value *looked_up_forget(const struct attribute *rows, struct arena *arena,
                                     const struct value *config,
                                     const struct value *object);

/* What another object says (read_from) where the state does not have it, or where that is not the object
 * any more that it was `before`. -1 with a diagnostic: there was no answer, or an import was refused. */
int looked_up_read_from(struct operation *operation, bool is_imported,
                        const struct value *before, const struct value **object);

/* ---- delete.c ------------------------------------------------------------------------------------ */

/* -1 with an error: the table's guard forbids to delete the object of this state. */
int delete_expect_allowed(struct call *call, const struct resource *resource,
                          const struct value *state, struct diags *diags);

/* ---- plan.c ----------------------------------------------------------------------------- */

/* A change of the attribute, or of one in it, that makes a new object. */
bool plan_forces_replacement(struct arena *arena, const struct attribute *row,
                             const struct value *prior, const struct value *planned);

/* ---- compare.c: what is a difference ---------------------------------------------------- */

/* Null, or a collection without elements: a service rarely distinguishes the two. */
bool compare_is_empty(const struct value *value);
/* Both mean the same to the service: equal, or equal by the comparison of the row and of the
 * rows in it. */
bool compare_attribute(const struct attribute *row, const struct value *a,
                       const struct value *b);
/* An update has to send this attribute. */
bool compare_is_change(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned);
/* The first row with a place in the body of which `found` holds another value than `planned`
 * says. Null in `planned` differs from a value only where the row is not computed; unknown
 * differs from nothing. NULL: there is none, `found` is as planned. */
const struct attribute *compare_objects(const struct resource *resource,
                                        struct arena *arena, const struct value *planned,
                                        const struct value *found);

/* ---- probe.c: is it there? --------------------------------------------------------- */

enum presence {
    PRESENT,
    ABSENT,          /* its own GET says that it is not there */
    PARENT_ABSENT,   /* what it belongs to is missing or cannot be seen */
    REFUSED,         /* the service answered something else: reply->failure */
    UNREADABLE,      /* it answered 200 with something that is no answer */
    PRESENCE_UNKNOWN /* no answer: err */
};

struct probe {
    enum presence presence;
    struct rest_reply *reply; /* NULL only with PRESENCE_UNKNOWN */
    struct error err;
};
void probe_clear(struct probe *probe);
#define auto_probe CLEANUP(probe_clear) struct probe

/* One GET (with retries), or the list that it is read by. Never adds a diagnostic. */
void probe_get(struct operation *operation, struct probe *out);

/* The same, but what a LIST shows is an answer too (rest/collection.h). What it omits is
 * asked for by GET. */
void probe_shared(struct operation *operation, struct probe *out);

/* The second proof of a removal: the parent answered 200 in this process, by itself or
 * by the list of what is in it. An object without a parent has its own list alone, which must not show
 * it: a 404 of one moment would make the next plan create it again. 0, or -1 with `out` saying what
 * it answered instead, PRESENT: the list shows it. */
int probe_parent(struct operation *operation, struct probe *out);

/* PRESENT, and the body says that it is being deleted (.gone_when). */
bool probe_shows_deleting(const struct operation *operation, const struct probe *probe);

/* An answer of 400 and above that says: this object is not there. `is_sure`: by a code of
 * the table, not by a bare 404. */
bool probe_says_gone(struct operation *operation, const struct rest_reply *reply,
                     bool *is_sure);

/* It says that what the object belongs to is not there, by a code of the table. */
bool probe_says_parent_gone(struct operation *operation, const struct rest_reply *reply);

/* What is to hold after a write. */
enum effect_kind {
    EFFECT_EXISTS,
    EFFECT_MATCHES, /* it is there, and as `planned` says */
    EFFECT_ABSENT,
    EFFECT_READY, /* it is there, and its progress_rule says that it is done */
    EFFECT_SHOWS, /* something else is there, with one of `values` at `place` */
    EFFECT_NONE,  /* none that a look shows: it is sent again until it is answered */
};
struct effect {
    enum effect_kind kind;
    const struct value
        *planned; /* for EFFECT_MATCHES; may have unknowns, which match all */
    const char *place;
    const char *const *values;
};
enum effect_state {
    EFFECT_DONE,
    EFFECT_NOT_DONE,   /* the write did not take effect, or is not to be seen yet */
    EFFECT_IMPOSSIBLE, /* what was to be changed is not there */
    EFFECT_UNKNOWN,    /* the look says neither */
};
enum effect_state probe_effect(struct operation *operation, const struct probe *probe,
                               const struct effect *effect);

/* The body has one of the texts at that place, ignoring case. */
bool probe_shows_text(const json_t *body, const char *place, const char *const *values);

/* Looks until the effect holds or cannot hold any more, the service refuses to say, or time
 * runs out; `out` is the last probe. */
enum effect_state probe_wait(struct operation *operation, const struct effect *effect,
                             struct probe *out);

/* An answer that is about something else than the object, or about nothing. */
bool probe_contradicts(struct operation *operation, const struct rest_reply *reply);

/* The id as the service holds it, if the body says it in a form that is
 * this id; else the operation's own. */
const char *probe_returned_id(struct operation *operation, const json_t *body);

/* ---- write.c: the one rule for requests with an effect --------------------------------- */

enum write_end {
    WRITE_DONE,      /* the service said so, or a GET showed it */
    WRITE_REFUSED,   /* the service said no: nothing happened; reply->failure */
    WRITE_NOT_SENT,  /* nothing happened: err */
    WRITE_UNCERTAIN, /* it may have happened, and the service could not be asked: err */
    WRITE_GONE,      /* what was to be changed is not there: seen */
    WRITE_FAILED, /* the service accepted it, worked on it and gave up: reply->failure. It may
                        have done a part of it */
    WRITE_UNFINISHED, /* the service accepted it, and did not say in time that it is done: err */
};

struct write {
    enum write_end end;
    struct rest_reply *reply; /* the last answer; may be NULL */
    struct probe seen;        /* the look that decided, if there was one */
    bool
        was_followed; /* the service worked on it after `reply`, which says less than a GET */
    bool
        was_open; /* WRITE_REFUSED, but an attempt before may have acted, and no look shows it */
    struct error err;
    char request_id[TEXT_GUID_BYTES];
};
void write_clear(struct write *write);
#define auto_write CLEANUP(write_clear) struct write

struct write_request {
    const char *method;
    const char *path;          /* NULL: the object's ID */
    const char *api_version;   /* NULL: the operation's */
    json_t *body;              /* borrowed; NULL: none */
    struct http_header header; /* one more; a NULL name: none */
    const char *request_id;    /* of all attempts; NULL: a new one after each answer */
    struct effect effect;
    /* A second one would have an effect of its own: not sent again once it may have acted. */
    bool is_once;
    /* Codes of a refusal that leave it to a look whether it was done. End with NULL; NULL: none. */
    const char *const *repeated;
    /* Where an answer shows that something was made, although it reports an error; or NULL. */
    const char *made_at;
    /* The body has write-only values. No trace shows it, and no look shows whether an update
     * with it took effect: it is sent again until the service answers. */
    bool has_secrets;
};
/* Sends it until the effect holds, or is known not to come. */
void write_send(struct operation *operation, const struct write_request *request,
                struct write *out);

/* ---- draft.c ---------------------------------------------------------------------------- */

/* Makes what comes before a create by this rule. 0 with the path of the create; -1 with the error:
 * nothing was created. */
int draft_send(struct operation *operation, const struct write_rule *rule,
               const struct value *planned, const char **path);

/* ---- destroy.c, part_update.c ---------------------------------------------------------------- */

/* NULL: the table leaves nothing to the user, and a destroy is a DELETE. */
const struct destroy_rule *destroy_rule_of(const struct resource *resource,
                                           struct arena *arena,
                                           const struct value *state);
/* 0; -1 with the error: the state refuses to be destroyed; the destroy needs a person. */
int destroy_expect_allowed(struct call *call, const struct resource *resource,
                           const struct value *state, struct diags *diags);
int destroy_expect_person(struct operation *operation, const struct value *state);
/* A destroy of this object removes it from the state alone. */
bool destroy_only_forgets(const struct resource *resource, struct arena *arena,
                          const struct value *state);
/* -1 with an error: this replacement would meet the old object, which stays in the service. */
int destroy_expect_room(struct call *call, const struct resource *resource,
                        const struct engine_plan *plan, struct diags *diags);
/* Of DESTROY_WRITE. 0: it took effect, or the object is not there; 1: `out` says how it ended;
 * -1 with the error: nothing was sent. */
int destroy_write(struct operation *operation, const struct destroy_rule *rule,
                  struct write *out);
/* By an .update with an etag: what it is about is read, the change is merged into it, and it is
 * written back whole. A read that shows the effect already, of EFFECT_SHOWS, is WRITE_DONE.
 * 0: `out` says how it ended; -1 with the error: nothing was sent. */
int part_update_send(struct operation *operation, const char *path, const json_t *change,
                     const struct effect *effect, struct write *out);

/* ---- progress.c, post_action.c, create_blockers.c: by the tables' rules of these names ---------- */

enum progress { PROGRESS_DONE, PROGRESS_PENDING, PROGRESS_FAILED };
/* Of an object whose attributes, as far as they are known, are `known`. */
enum progress progress_of(const struct resource *resource, struct arena *arena,
                          const json_t *body, const struct value *known);
/* Adds the error: the service's own words, and what to do. `lead`: sentences, or NULL. */
int progress_explain(struct operation *operation, enum progress progress,
                     const json_t *body, const char *lead);

/* A delete of an object in this state wants the table's delete_action. */
bool post_action_is_due(const struct resource *resource, struct arena *arena,
                        const struct value *state);
/* 0: it has its effect. -1 with the error, which says `lead`: that of an operation about the
 * object, whose attributes are `object`. */
int post_action_run(struct operation *operation, const struct action_rule *rule,
                    const struct value *object, const char *lead);

/* 0: nothing forbids to create the object. A list that the service refuses to show is a warning,
 * one that could not be read an error, which says `lead`; in a plan, whose `lead` is NULL, it is
 * what other checks say that could not be made. */
int create_blockers_check(struct operation *operation, const struct value *planned,
                          const char *lead);

/* ---- orders.c: orders whose objects are not listed yet ------------------------------------- */

struct rest_list;
struct order {
    const char *id, *shown; /* what the order has at the blocker's `shown` */
    const char *object_id;  /* NULL: the order does not say it yet */
};
/* The list that the blocker names is searched. 0: out->id is that of an order which forbids the
 * create, or NULL. -1 with `err`, or with list->failure. -1 with neither: there is such an object, and
 * the error says how to import it. The IDs of other orders of this object are `past` then. */
int orders_find(struct operation *operation, const struct create_blocker *rule,
                const struct rest_list *list, const struct value *planned,
                struct order *out, struct error *err);

/* ---- natural_key.c: objects whose IDs the service makes ----------------------------------- */

/* It has what `key` has in the natural_key. */
bool natural_key_matches(struct operation *operation, const struct value *key,
                         const json_t *object);

/* The look for an object without an ID: the list has the ID by the natural key, a GET of it
 * the rest. The operation has the ID afterwards, unless the object is absent. Of a table that is
 * read_by_list, the list has all. */
void natural_key_probe(struct operation *operation, struct probe *out);
/* Sets the operation's ID by what the service shows of the object. False: that says none. */
bool natural_key_learn(struct operation *operation, const json_t *object);
/* "name = \"x\"", for messages. */
const char *natural_key_show(struct operation *operation);
/* -1 with the error: the look found an object that has ended, and the user does not allow to create
 * another one. */
int natural_key_expect_none_ended(struct operation *operation,
                                  const struct value *planned);
/* Of the objects that have one ID only the one that a read takes stays in the array. */
void natural_key_keep_latest(struct operation *operation, json_t *objects,
                             const struct value *known);

/* ---- lost_with.c: what a missing object of another service says of this one --------------- */

/* A read found that the object of this state is missing. */
void lost_with_note(struct operation *operation, const struct value *state);
/* A read was refused because of another object, which this run found missing: 1 with what becomes of
 * the state, and of another refusal 0. -1 with a diagnostic. */
int lost_with_other(struct operation *operation, const struct probe *probe,
                    struct engine_read *read);

/* ---- unique.c: a value of which a parent holds one object each --------------------------- */

/* The UNIQUE attribute; NULL: the table has none. */
const struct attribute *unique_row(const struct operation *operation);
/* The object that this one would overwrite: another one of the same parent has the same
 * value. NULL: none that the LIST shows. Waits for the LIST. Where the value is not known,
 * asks the service for it, but only if there are other objects. */
const char *unique_find(struct operation *operation, const struct value *planned);
/* The same from what is held already. */
const char *unique_recall(struct operation *operation, const struct value *object);
bool unique_allows_overwrite(const struct resource *resource, struct arena *arena,
                             const struct value *object);
/* Warns once in a session: the value is not known, and another object may be overwritten. */
void unique_warn_unknown(struct operation *operation, const struct value *planned);
/* Adds the error, or with `is_allowed` the warning, that names the object at stake. */
int unique_explain(struct operation *operation, const struct value *planned,
                   const char *overwritten, bool is_allowed);
/* Two objects planned in this process for one value: -1 with the error. */
int unique_claim(struct operation *operation, const struct engine_plan *plan);
/* The same for a new object whose value the service has to say; behind unique_find(). */
int unique_claim_owner(struct operation *operation, const struct engine_plan *plan);
/* An object of this table is planned in this process with that value. */
bool unique_is_planned(struct arena *arena, struct service *service,
                       const struct resource_table *table, const char *value);

/* ---- existing.c: an object that is there already, or planned twice ------------------------ */

/* A plan, and which part of it the host asks about. */
struct plan_kind {
    bool is_destroy;
    bool is_first_half;   /* of a replacement: there is a prior state, and it has to go */
    bool is_second_half;  /* the same resource once more, without its prior state */
    const char *prior_id; /* NULL: there is none */
    const struct attribute
        *made; /* of the ID, that the configuration leaves out; NULL: none */
};

/* Notes what is planned with it. -1 with the error: two resources of this plan stand for the
 * object with this ID. */
int existing_claim(const struct resource *resource, struct session *session,
                   const struct plan_kind *kind, const char *id, struct diags *diags);
/* -1 with the error: it is there already, in no state of this run, and nothing in this plan
 * removes it. Waits, where that is open. */
int existing_check(struct operation *operation);
/* The same of an object whose ID the service makes, by its natural key. */
int existing_find(struct operation *operation, const struct value *planned);
/* The same for a table that looks ahead, by a GET; and of an object that is in the state and is
 * to be replaced by itself, whether that may be. */
int existing_look(struct operation *operation, const struct plan_kind *kind,
                  const struct value *planned);
/* What imports it, for messages: an indented block. */
const char *existing_import_block(struct operation *operation, const char *id);
/* The error, for the object with this ID as the service spells it. */
int existing_explain(struct operation *operation, const char *id);

/* ---- reference_checks.c: objects that attributes name ------------------------------------------ */

/* Those that are due in the plan; behind all else that it asks. -1 with the error of one that fails. */
int reference_checks_run(struct call *call, const struct resource *resource,
                         struct session *session, const struct engine_plan *plan,
                         struct diags *diags);

/* The checks' time begins; a person's slow sign-in is waited for before that. */
void plan_begin_checks(struct operation *operation);

/* ---- plan_unchecked.c: a plan that the service could not be asked about ------------------------ */

/* Each reports a cause once in a session: a warning, or an error (and -1) where the provider block
 * wants plans checked. */

/* There was no answer. */
int plan_not_answered(struct call *call, const struct resource *resource,
                      struct session *session, const struct error *why,
                      struct diags *diags);
/* The service answered, and not with what was asked for. `what`: "the widget …" */
int plan_refused(struct operation *operation, const struct rest_failure *failure,
                 const char *what);
/* A GET of the object that neither found it nor proved it missing. */
int plan_probe_failed(struct operation *operation, struct probe *probe);
/* What the question takes could not be found out: the first error of `why`. Its warnings are added as
 * they are. */
int plan_not_found_out(struct call *call, const struct resource *resource,
                       struct session *session, const struct diags *why,
                       struct diags *diags);
/* The LIST of this collection failed, if it did. */
int plan_list_failed(struct operation *operation, struct rest_collection *collection);

/* ---- explain.c: errors for people ------------------------------------------------------ */

#define EXPLAIN_ACTION "\n\nWhat to do: "

/* The service refused. `lead` is sentences of facts that follow the first one, or NULL. They may
 * end with EXPLAIN_ACTION and sentences, which follow the remedy's. */
int explain_failure(struct operation *operation, const struct rest_failure *failure,
                    const char *lead);
/* Nothing came back that could be used. */
int explain_error(struct operation *operation, const struct error *err, const char *lead);
/* Whatever a look that is not PRESENT says. */
int explain_probe(struct operation *operation, const struct probe *probe,
                  const char *lead);
/* What to do about an answer of this code, where the operation stands; NULL: it is not known. */
const char *explain_action(struct operation *operation,
                           const struct rest_failure *failure);
/* A text of the table with its words filled in. */
const char *explain_fill(struct operation *operation, const char *text);
/* A text of the service in one line that may be shown; NULL stays NULL. */
const char *explain_shown(struct arena *arena, const char *text);
/* By the table's label: "widget "a" of shelf "b"", or "the list of widgets of shelf "b"". */
const char *explain_object(struct operation *operation);
const char *explain_object_first(struct operation *operation); /* of a sentence */
/* The label of the service. */
const char *explain_service(const struct operation *operation);
/* What to do about an error of this kind, whatever it was about; may be NULL. */
const char *explain_advice(enum error_kind kind);

/* ---- dependents.c: what is lost with an object ----------------------------------------------- */

/* Asks for the objects that are lost with `object`. At a plan they are a warning. At a delete, -1
 * with the error where the user does not allow it, or where the list of them cannot be read. */
int dependents_check(struct operation *operation, const struct value *object,
                     bool is_plan);
/* What a plan's warning of a destroy says of them where the table asks for no permission; "": there
 * are none, or it is not known. -1 with the error: see plan_unchecked.c. */
int dependents_describe(struct operation *operation, const struct value *object,
                        const char **out);

/* ---- leftovers.c, action.c --------------------------------------------------------------------- */

/* What that warning says of what the destroy leaves behind. -1: as above. */
int leftovers_describe(struct operation *operation, const struct value *object,
                       const char **out);
/* A question that no read and no list answers, of an operation that has begun. 0 with *out, which is
 * the caller's; -1 with the error. */
int action_call(struct operation *operation, const struct engine_action *question,
                json_t **out);

/* ---- the operations behind engine_apply() ----------------------------------------------- */

int engine_create(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);
int engine_update(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);
int engine_delete(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);

/* ---- resource.c ------------------------------------------------------------------------- */

/* A template over the names that another template has in an ID; NULL where the ID does not fit,
 * or has no such name. */
const char *resource_derive(struct arena *arena, const char *id_template, const char *id,
                            const char *template);
/* A template over the attributes of an object; NULL while one is unknown or null. */
const char *resource_fill(struct arena *arena, const char *template,
                          const struct value *object);
/* The id of an object by the table's template; NULL while a part is unknown or null. */
const char *resource_id(const struct resource *resource, struct arena *arena,
                        const struct value *object);
/* The id of an object in state: its own, else by the template. NULL while there is none. */
const char *resource_state_id(const struct resource *resource, struct arena *arena,
                              const struct value *state);
/* What this run knows of the objects of the resource's service; sends no request. */
struct object_flags *resource_object_flags(const struct resource *resource,
                                           struct session *session);
/* The ID of an object that the service showed: in it, or made of it and of `known` by the table's
 * template. NULL: it cannot be said. */
const char *resource_listed_id(struct operation *operation, const json_t *object,
                               const struct value *known);
/* An object with nothing but what a template has in an ID. */
const struct value *resource_from_id(const struct resource *resource, struct arena *arena,
                                     const char *id_template, const char *id);
/* Name of the IS_ID attribute. */
const char *resource_id_attribute(const struct resource *resource);
/* An object without unknowns: each becomes null, the id what it is. */
const struct value *resource_settle(const struct resource *resource, struct arena *arena,
                                    const struct value *object, const char *id);

/* data_rows.c: what is added to a list's query, "a=b&c=d", encoded; NULL: nothing. The rows that
 * are part of an ID, filled. The map of `ids_by_name`. */
const char *data_query(struct arena *arena, const struct data_source_table *table,
                       const struct value *config);
const struct value *data_fill_parts(struct arena *arena, const struct attribute *rows,
                                    const struct value *object);
const struct value *data_ids_by_name(struct arena *arena,
                                     const struct value *const *items, size_t count);
const struct value *data_gather(struct arena *arena, const struct gather_rule *rule,
                                const struct value *const *items, size_t count);
/* `query` with what makes the service show only what begins with the first of these attributes
 * that the object has; the same where nothing does. */
const char *data_search(struct arena *arena, const struct dialect *dialect,
                        const struct search_rule *searches, const struct value *object,
                        const char *query);

/* Private data: small JSON of our own. */
bool private_is_imported(struct bytes private);
struct bytes private_imported(void);
/* A plan of an object that is in state gives this. Where the host plans the same resource
 * once more as if it were new, to replace it, it comes back as the prior private data.
 * Source: Terraform and OpenTofu, node_resource_abstract_instance.go, plan() */
bool private_is_replaceable(struct bytes private);
struct bytes private_replaceable(void);

#endif
