/* Requests with an effect, and how the engine knows the effect: probe.c, write.c and what uses
 * them. writes.md has the rules. Include engine/internal.h, which includes this.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_WRITES_H
#define ENGINE_WRITES_H

#include "engine/internal.h"

/* ---- probe.c: whether an object exists ---------------------------------------------------- */

enum presence {
    PRESENT,
    ABSENT,          /* its own GET says that it does not exist */
    PARENT_ABSENT,   /* its parent is missing or not visible */
    REFUSED,         /* another refusal: reply->failure */
    UNREADABLE,      /* status 200 with a body that cannot be used */
    PRESENCE_UNKNOWN /* no answer: err */
};

struct probe {
    enum presence presence;
    struct rest_reply *reply; /* NULL only with PRESENCE_UNKNOWN */
    struct error err;
};
void probe_clear(struct probe *probe);
#define auto_probe CLEANUP(probe_clear) struct probe

/* One GET with retries, or the list if the table is read_by_list. Adds no diagnostic. */
void probe_get(struct operation *operation, struct probe *out);

/* The same, but an object that a LIST shows is answered from it (rest/collection.h). One that it
 * does not show is read by GET. */
void probe_shared(struct operation *operation, struct probe *out);

/* A list's answer as that of a GET: the object that it shows, or why it shows none: `failure`, if
 * that has a code, and this status. Both take the memory of what they get. */
struct rest_reply *probe_listed(json_t *body);
struct rest_reply *probe_unlisted(int status, struct rest_failure *failure);

/* The second proof that an object was deleted: the parent answered 200 in this process, to a GET or
 * to the list of what is in it. For an object without a parent, its own list must not show it,
 * because a momentary 404 would make the next plan create it again. 0: proven. -1: `out` has the
 * answer; PRESENT if the list shows the object. */
int probe_parent(struct operation *operation, struct probe *out);

/* The body says that the object was deleted, or is being deleted (gone_when). */
bool probe_shows_gone(const struct operation *operation, const json_t *body);
bool probe_shows_deleting(const struct operation *operation, const json_t *body);

/* The refusal says that the object does not exist. The second: it says so by a code of the table,
 * not only by status 404. */
bool probe_says_gone(struct operation *operation, const struct rest_reply *reply);
bool probe_is_surely_gone(const struct operation *operation,
                          const struct rest_reply *reply);

/* The refusal says that the parent does not exist, by a code of the table. */
bool probe_says_parent_gone(const struct operation *operation,
                            const struct rest_reply *reply);

/* The effect that a write has to have. */
enum effect_kind {
    EFFECT_EXISTS,
    EFFECT_MATCHES, /* the object exists with the values of `planned` */
    EFFECT_ABSENT,
    EFFECT_READY, /* the object exists, and its progress_rule says that it is done */
    EFFECT_SHOWS, /* another object has one of `values` at `place` */
    EFFECT_NONE,  /* no GET shows it: the request is repeated until it is answered */
};
struct effect {
    enum effect_kind kind;
    /* Of EFFECT_MATCHES and EFFECT_READY; unknowns match everything. */
    const struct value *planned;
    const char *place;
    const char *const *values;
    /* Of EFFECT_SHOWS, instead of `values`: this text, in its own case. */
    const char *sent;
};
enum effect_state {
    EFFECT_DONE,
    EFFECT_NOT_DONE,   /* it did not take effect, or does not show it yet */
    EFFECT_IMPOSSIBLE, /* the object that was to be changed does not exist */
    EFFECT_UNKNOWN,    /* the probe does not say */
};
enum effect_state probe_effect(struct operation *operation, const struct probe *probe,
                               const struct effect *effect);

/* The body has one of the texts at `place`, ignoring case. */
bool probe_shows_text(const json_t *body, const char *place, const char *const *values);

/* Polls until the effect is done or impossible, the service refuses to answer, or the operation
 * times out. `out` is the last probe. */
enum effect_state probe_wait(struct operation *operation, const struct effect *effect,
                             struct probe *out);

/* The answer is about another object, or about none. */
bool probe_contradicts(struct operation *operation, const struct rest_reply *reply);

/* The ID in the body, if it is an ID of this object as the service writes it; else the
 * operation's. */
const char *probe_returned_id(struct operation *operation, const json_t *body);

/* ---- write.c: requests with an effect --------------------------------------------------- */

enum write_end {
    WRITE_DONE,      /* the service confirmed it, or a GET shows it */
    WRITE_REFUSED,   /* the service refused it, and nothing happened: reply->failure */
    WRITE_NOT_SENT,  /* nothing happened: err */
    WRITE_UNCERTAIN, /* it may have taken effect, and no GET could show that: err */
    WRITE_MOOT, /* the object to change does not exist, or the one to create does: seen */
    /* The service accepted it and failed while working on it: reply->failure. A part of it may have
     * taken effect. */
    WRITE_FAILED,
    WRITE_UNFINISHED, /* the service accepted it, and did not finish in time: err */
};

struct write {
    enum write_end end;
    struct rest_reply *reply; /* the last answer; may be NULL */
    struct probe seen;        /* the probe that decided, if any */
    /* The service continued to work after `reply`, which therefore says less than a GET. */
    bool was_followed;
    bool was_repeated; /* after an attempt whose effect a GET did not show */
    /* WRITE_REFUSED or WRITE_NOT_SENT, but an earlier attempt may have taken effect, and no probe
     * shows it. */
    bool was_open;
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
    struct http_header header; /* one more header; a NULL name: none */
    const char *request_id;    /* of all attempts; NULL: a new one after each answer */
    struct effect effect;
    /* A second request would have a second effect: it is not repeated once it may have taken
     * effect. */
    bool is_once;
    /* Codes of a refusal after which a probe decides whether it was done. Ends with NULL; NULL:
     * none. */
    const char *const *repeated;
    /* Place in an answer that shows that an object was made, although the answer is an error. NULL:
     * none. */
    const char *made_at;
    /* The body has write-only values. No trace shows it. No probe can show whether an update with
     * it took effect, so it is repeated until the service answers. */
    bool has_secrets;
};
/* Sends the request until the effect is done or known to fail. */
void write_send(struct operation *operation, const struct write_request *request,
                struct write *out);

/* ---- create_explain.c -------------------------------------------------------------------- */

/* For messages: `fact`, and what to do about an object that is in the state and tainted. */
const char *create_tainted(struct operation *operation, const char *fact);
/* What becomes of the tainted object: a clause. */
const char *create_taint_cost(struct operation *operation);
/* -1 with an error: the service stored another value than planned. */
int create_compare(struct operation *operation, const struct value *planned,
                   const struct value *found);
/* Warns that the new object overwrote the object with this ID, and records that. */
void create_warn_overwritten(struct operation *operation, const char *overwritten);
/* Adds the error about an object that may exist, but has no ID that the state could store. */
int create_explain_unfound(struct operation *operation, const struct error *err,
                           const char *fact);
/* The same about one that was accepted. `probe`: the last search for it. */
int create_explain_unlisted(struct operation *operation, const struct probe *probe);
/* Adds the error about a refusal, which may say that the object exists although the check before
 * did not find it. */
int create_explain_refused(struct operation *operation,
                           const struct rest_failure *failure);

/* ---- draft.c ---------------------------------------------------------------------------- */

/* Makes the draft of a create. 0 with the path of the create; -1 with an error: nothing was
 * created. */
int draft_send(struct operation *operation, const struct write_rule *rule,
               const struct value *planned, const char **path);

/* ---- part_update.c ----------------------------------------------------------------------- */

/* For an `update` with an etag: reads the object or the part, merges the change into it, and writes
 * it back whole. If the read already shows an EFFECT_SHOWS, that is WRITE_DONE. 0: `out` says how
 * it ended; -1 with an error: nothing was sent. */
int part_update_send(struct operation *operation, const char *path, const json_t *change,
                     const struct effect *effect, struct write *out);

/* ---- delete.c, destroy.c ------------------------------------------------------------------- */

/* -1 with an error: the table's delete_guard does not allow to delete the object of this state. */
int delete_expect_allowed(struct call *call, const struct resource *resource,
                          const struct value *state, struct diags *diags);

/* The rule for a destroy of this object. NULL: the table has none, and a destroy sends DELETE. */
const struct destroy_rule *destroy_rule_of(const struct resource *resource,
                                           struct arena *arena,
                                           const struct value *state);
/* -1 with an error: the state does not allow the destroy; the destroy requires a user. */
int destroy_expect_allowed(struct call *call, const struct resource *resource,
                           const struct value *state, struct diags *diags);
int destroy_expect_person(struct operation *operation, const struct value *state);
/* A destroy only removes the object from the state. */
bool destroy_only_forgets(const struct resource *resource, struct arena *arena,
                          const struct value *state);
/* A destroy fails, or leaves the object in the service, where it prevents another one like it. */
bool destroy_leaves(const struct resource *resource, struct arena *arena,
                    const struct value *state);
/* Adds the error that names what forces the replacement of an object that must not be destroyed.
 * Returns -1. */
int destroy_explain_cause(struct call *call, const struct resource *resource,
                          const struct engine_plan *plan, struct diags *diags);
/* Adds the error for a plan that would replace such an object with itself. Returns -1. */
int destroy_explain_stays(struct operation *operation);
/* -1 with an error: the replacement would conflict with the old object, which continues to
 * exist. */
int destroy_expect_room(struct call *call, const struct resource *resource,
                        const struct engine_plan *plan, struct diags *diags);
/* Sends the request of a DESTROY_WRITE. 0: it took effect; 1: `out` says how it ended; -1 with an
 * error. */
int destroy_write(struct operation *operation, const struct destroy_rule *rule,
                  struct write *out);

/* ---- progress.c, post_action.c ------------------------------------------------------------- */

enum progress { PROGRESS_DONE, PROGRESS_PENDING, PROGRESS_FAILED };
/* By the table's progress_rule. `known`: the attributes of the object, as far as they are known. */
enum progress progress_of(const struct resource *resource, struct arena *arena,
                          const json_t *body, const struct value *known);
/* Adds the error with the service's own words and what to do. `lead`: sentences, or NULL. */
int progress_explain(struct operation *operation, enum progress progress,
                     const json_t *body, const char *lead);

/* The body shows an EFFECT_SHOWS. */
bool post_action_shows(const json_t *body, const struct effect *effect);
/* The state requests the table's delete_action. */
bool post_action_is_due(const struct resource *resource, struct arena *arena,
                        const struct value *state);
/* Sends the action about the object with these attributes. 0: it took effect. -1 with an error that
 * contains `lead`. */
int post_action_run(struct operation *operation, const struct action_rule *rule,
                    const struct value *object, const char *lead);

/* ---- natural_key.c: objects whose IDs the service makes ----------------------------------- */

/* `object` has the values of `key` in the natural_key. */
bool natural_key_matches(struct operation *operation, const struct value *key,
                         const json_t *object);

/* Searches for an object without an ID: the list has its ID by the natural key, and a GET of it has
 * the rest. If the table is read_by_list, the list has everything. Sets the operation's ID, unless
 * the object is absent. */
void natural_key_probe(struct operation *operation, struct probe *out);
/* Sets the operation's ID from an answer. False: the answer has none. */
bool natural_key_learn(struct operation *operation, const json_t *object);
/* For messages: "name = \"x\"". */
const char *natural_key_show(struct operation *operation);
/* -1 with an error: the search found an object that has ended, and the user does not allow another
 * one. */
int natural_key_expect_none_ended(struct operation *operation);
/* Of several objects with one ID, leaves only the latest in the array. */
void natural_key_keep_latest(struct operation *operation, json_t *objects,
                             const struct value *known);

/* ---- lost_with.c -------------------------------------------------------------------------- */

/* A read found that the object of this state is missing. */
void lost_with_note(struct operation *operation, const struct value *state);
/* A read was refused. 1: because of another object that this run found missing; then
 * read->new_state is null, or a warning says that the object cannot be read; 0: for another reason;
 * -1 with a diagnostic. */
int lost_with_other(struct operation *operation, const struct probe *probe,
                    struct engine_read *read);

/* ---- action.c ------------------------------------------------------------------------------ */

/* Sends a POST that only asks a question, in an operation that has begun. 0 with *out, which the
 * caller owns; -1 with an error. */
int action_call(struct operation *operation, const struct engine_action *question,
                json_t **out);

#endif
