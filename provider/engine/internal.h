/* What the files of the engine share: the operation, values and JSON, texts for messages. writes.h
 * has requests and their effects, planning.h what a plan checks and fills in.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_INTERNAL_H
#define ENGINE_INTERNAL_H

#include <jansson.h>

#include "base/text.h"
#include "rest/client.h"
#include "engine/engine.h"
#include "id/id.h"

struct probe;

/* IDs in lower case, in any order, perhaps several times. */
struct past {
    const char **ids;
    size_t count, room;
};

/* One operation on one object, from its first request to its last. */
struct operation {
    struct call *call;
    const struct resource *resource;
    struct session *session;
    struct service *service;
    struct rest_client *client; /* of the service */
    struct diags *diags;
    const char *act;      /* for messages: "create", "read", "delete" */
    const char *at_fault; /* the attribute whose value has no client; NULL: none */

    /* The object's ID in the form that requests use. NULL: the service has not made it yet, and the
     * object is searched for by `planned`. */
    const char *id;
    const struct value *planned;
    const char *parent_id, *list_id; /* by the table's templates; NULL: none */
    /* The collection that lists the object. NULL: reads are not shared. */
    struct rest_collection *collection;

    /* The ID of an object that has ended, found by the search. NULL: none. */
    const char *ended_id;
    /* The IDs of all objects that have ended, and of their orders. */
    struct past past;

    /* When the parent was first said not to exist, although this run creates it; 0: never. */
    int64_t parent_missed_ms;

    bool is_sent;     /* a write was sent and may have taken effect */
    bool is_in_state; /* Terraform's state has the object */

    /* The operation is about a list; `id` is the ID of the list. */
    bool is_list;
    const char *list_label; /* the list in messages; NULL: as the table says */

    /* The configuration, whose write-only values no message may show. NULL: none. */
    const struct value *config;
    /* For a request that is about more than the object; they precede the table's. NULL: none. */
    const struct remedy *remedies;
    const struct explain_word *words; /* ends with a NULL name; NULL: none */
    const char *api_version;          /* of the requests; NULL: the table's */
};

/* ---- operation.c ---------------------------------------------------------------------- */

/* Adds an ID to `past`. */
void operation_add_past(struct operation *operation, const char *id);

enum timeout_kind {
    TIMEOUT_CREATE,
    TIMEOUT_READ,
    TIMEOUT_UPDATE,
    TIMEOUT_DELETE,
    TIMEOUT_PLAN
};

/* Shortens the call's time to what the `timeouts` block of `object` says. */
void operation_begin_time(struct call *call, const struct resource *resource,
                          enum timeout_kind kind, const struct value *object);
/* The same, and prepares the operation and its service. -1 with a diagnostic: the provider is not
 * configured, or there is no credential. */
int operation_begin(struct operation *operation, struct call *call,
                    const struct resource *resource, struct session *session,
                    enum timeout_kind kind, const struct value *object, const char *id,
                    struct diags *diags);
/* The service of the table's objects. -1 with a diagnostic, as above. */
int operation_find_service(struct call *call, const struct resource *resource,
                           struct session *session, struct service **out,
                           struct diags *diags);
/* -1 with an error if the objects are about other directories, and the service's login service has
 * a single one. */
int operation_expect_directories(const struct resource_table *table,
                                 struct service *service, struct diags *diags);
/* -1 with an error if the objects require a user, and an application signs in. */
int operation_expect_person(const struct resource_table *table,
                            const struct service *service, struct diags *diags);
/* Sets the client by the SIGN_IN_TO attribute of `object`. The service has to be ready. The client
 * remains NULL while the attribute is unknown. Errors: as service_client_of_tenant() */
int operation_find_client(struct operation *operation, const struct value *object,
                          struct error *err);
/* Warns once per session that the service throttles this run. */
void operation_warn_throttling(struct session *session, struct diags *diags);
/* The api-version of requests about the table's objects. */
const char *api_version_of(const struct resource *resource,
                           const struct session *session);
/* Sets the ID, and with it the IDs of the parent and the list. -1 with an error: the ID does not
 * fit the table. */
int operation_rename(struct operation *operation, const char *id);
/* A plan of this run creates an object whose ID ends as this one. NULL: false. */
bool operation_makes(const struct operation *operation, const char *id);
/* The service says that the parent does not exist. True: this run creates the parent, and the service
 * may not show it everywhere yet, so ask again. False: it does not, or has said so for long enough. */
bool operation_expects_parent(struct operation *operation);
/* The same after a wait. False also if the call has ended. */
bool operation_await_parent(struct operation *operation);
/* Sets the collection of the list at `list_id`, which all operations of the session share. */
void operation_find_list(struct operation *operation);
/* The scheme of the object's IDs. */
const struct id_scheme *operation_ids(const struct operation *operation);

/* ---- body.c, body_read.c: values <-> JSON ------------------------------------------------------------ */

/* The body of a request that writes the whole object: all attributes with a place in the body that
 * are known and not null, except for those that only the service sets. The caller owns it. */
json_t *body_from_value(const struct resource *resource, struct arena *arena,
                        const struct value *object);
/* The same with those that the service sets: the object as the service returns it. */
json_t *body_as_shown(const struct resource *resource, struct arena *arena,
                      const struct value *object);
/* The difference of two states of an object, with null for removed values, map items and nested
 * attributes (RFC 7396, JSON Merge Patch). */
json_t *body_from_change(const struct resource *resource, struct arena *arena,
                         const struct value *prior, const struct value *planned);
/* The answer to a GET has the whole object; the answer to a write may omit parts. */
enum body_extent { BODY_WHOLE, BODY_PARTIAL };
/* `object` with the values of the body. A value that is equal by the row's comparison stays as it
 * was, and so does a value that a BODY_PARTIAL omits, or that is omitted and MAY_BE_OMITTED or
 * REPLACE (if unknown, it becomes null). */
const struct value *body_to_value(const struct resource *resource, struct arena *arena,
                                  const json_t *body, enum body_extent extent,
                                  const struct value *object);
/* The same, including RETURNED_ONCE attributes: to compare an answer with what was sent. */
const struct value *body_as_returned(const struct resource *resource, struct arena *arena,
                                     const json_t *body, enum body_extent extent,
                                     const struct value *object);
/* Every attribute has a value, from the body or in `object`. */
bool body_says_all(const struct resource *resource, struct arena *arena,
                   const json_t *body, const struct value *object);

/* For messages: "text", 5, true, {"a":"b"}; no value, an unknown value, or (sensitive value). */
const char *body_show(struct arena *arena, const struct attribute *row,
                      const struct value *value);

/* ---- compare.c -------------------------------------------------------------------------- */

/* Null, or a collection without elements: services rarely distinguish the two. */
bool compare_is_empty(const struct value *value);
/* Maps with more keys than a service allows are read and compared as they are spelled: where case
 * does not count, each key is compared with each. */
enum { COMPARE_KEYS_MAX = 100 };
/* The place of the key in a known map, perhaps in another case; -1: there is none. */
int compare_find_key(const struct attribute *row, const struct value *map,
                     const char *key);
/* Equal by the comparisons of the row and of its nested rows. */
bool compare_attribute(const struct attribute *row, const struct value *a,
                       const struct value *b);
/* An update has to send this attribute. */
bool compare_is_change(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned);
/* Only the service sets the value. */
bool compare_is_of_service(const struct attribute *row);
/* The first row with a place in the body, and that not only the service sets, whose value in `found`
 * differs from `planned`. A null in `planned` differs from a value only if the row is not computed;
 * an unknown differs from nothing, and neither does a VOLATILE or NEVER_RETURNED row. NULL: no
 * difference. */
const struct attribute *compare_objects(const struct resource *resource,
                                        struct arena *arena, const struct value *planned,
                                        const struct value *found);

/* ---- write_only.c ------------------------------------------------------------------------- */

/* `object` with the write-only values of the configuration. Use it only to make a body. */
const struct value *write_only_fill(const struct resource *resource, struct arena *arena,
                                    const struct value *object,
                                    const struct value *config);
/* `object` with null for all write-only values, as in plans and states. */
const struct value *write_only_drop(const struct resource *resource, struct arena *arena,
                                    const struct value *object);
/* The row is write-only, and its `version` differs between these states and is not removed. */
bool write_only_is_due(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned);
/* The configuration has a value for the row's place in the body, in this or another row. */
bool write_only_is_given(const struct resource *resource, const struct attribute *row,
                         struct arena *arena, const struct value *config);
/* The row is NEVER_RETURNED, and its value is no longer given. The service needed it only once. */
bool write_only_is_withdrawn(const struct resource *resource, const struct attribute *row,
                             struct arena *arena, const struct value *config);
/* The body made of `filled` contains a WRITE_ONLY or NEVER_RETURNED value: the whole object, or
 * else the change from `prior`. */
bool write_only_is_sent(const struct resource *resource, struct arena *arena,
                        const struct value *prior, const struct value *filled,
                        bool is_whole);
/* A text of the service, with *** for each such value of the operation's configuration. NULL stays
 * NULL. */
const char *write_only_hide(const struct operation *operation, const char *text);

/* ---- resource.c ------------------------------------------------------------------------- */

/* Fills `template` with the names that `id` has at the placeholders of `id_template`. NULL: the ID
 * does not fit, or a name is missing. */
const char *resource_derive(struct arena *arena, const char *id_template, const char *id,
                            const char *template);
/* Fills a template with attributes of an object. NULL: one is unknown or null. */
const char *resource_fill(struct arena *arena, const char *template,
                          const struct value *object);
/* The ID of an object by the table's template. NULL: a part of it is unknown or null. */
const char *resource_id(const struct resource *resource, struct arena *arena,
                        const struct value *object);
/* The ID of an object in the state: the one it has, else by the template. NULL: none. */
const char *resource_state_id(const struct resource *resource, struct arena *arena,
                              const struct value *state);
/* The ID of an object in an answer: the one it has, else by the table's template of it and of
 * `known`. NULL: not known. */
const char *resource_listed_id(struct operation *operation, const json_t *object,
                               const struct value *known);
/* The same of an answer about the operation's object, whose ID is known. */
const char *resource_answered_id(struct operation *operation, const json_t *body);
/* An object that has only the attributes of a template, taken from an ID. */
const struct value *resource_from_id(const struct resource *resource, struct arena *arena,
                                     const char *id_template, const char *id);
/* Behind the last slash of an ID. */
const char *resource_last_part(const char *id);
/* The name of the IS_ID attribute. NULL: none. */
const char *resource_id_attribute(const struct resource *resource);
/* `object` with its ID, and with null for each unknown. */
const struct value *resource_settle(const struct resource *resource, struct arena *arena,
                                    const struct value *object, const char *id);
/* This bool is true, or only the apply knows it: its plan checks again. NULL: false. */
bool resource_may_allow(struct arena *arena, const struct value *object,
                        const char *name);
/* What this run knows of the objects of the resource's service. Sends no request. */
struct object_flags *resource_object_flags(const struct resource *resource,
                                           struct session *session);

/* ---- data_source.c ---------------------------------------------------------------------- */

enum { DATA_READ_TIME_S = 5 * 60 };
/* `own`, or `otherwise` if that is NULL. */
#define OR(own, otherwise) ((own) != NULL ? (own) : (otherwise))

/* The rows of one object, if it has no resource table. */
const struct attribute *data_own_rows(const struct data_source_table *table);

/* ---- data_rows.c ------------------------------------------------------------------------ */

/* A table's addition to a list's query, "a=b&c=d", URL-encoded. NULL: nothing. */
const char *data_query(struct arena *arena, const char *const *parts,
                       const struct value *config);
/* The value of a row, which may be part of an ID (`part_of`). */
const struct value *data_get(struct arena *arena, const struct attribute *row,
                             const struct value *object);
/* `object` with the rows that are part of an ID filled in. */
const struct value *data_fill_parts(struct arena *arena, const struct attribute *rows,
                                    const struct value *object);
/* A copy, sorted by the attribute with the ID: a service does not promise an order, and another one
 * would be a change in the next plan. As they are if `rows` is NULL or has no ID. */
const struct value **data_sort(struct arena *arena, const struct attribute *rows,
                               const struct value *const *items, size_t count);
/* The map of `ids_by_name`, and the list of a gather_rule, sorted. */
const struct value *data_ids_by_name(struct arena *arena,
                                     const struct value *const *items, size_t count);
const struct value *data_gather(struct arena *arena, const struct gather_rule *rule,
                                const struct value *const *items, size_t count);
/* `query` with the filter for the first of these attributes that the object has, by which the
 * service returns only entries that start with its value. `query` itself if it has none of them. */
const char *data_search(struct arena *arena, const struct dialect *dialect,
                        const struct search_rule *searches, const struct value *object,
                        const char *query);

/* ---- list.c ----------------------------------------------------------------------------- */

/* Adds the ID to those in `seen`, and returns whether it is new: an object that changes its place
 * while a list is read is on two pages. NULL and "", which are no IDs, are always new. */
bool list_is_new(json_t *seen, const char *id);

/* ---- explain.c: errors for users ------------------------------------------------------- */

#define EXPLAIN_ACTION "\n\nWhat to do: "
/* Follows advice to apply before a destroy: an apply replaces a tainted resource instead. */
#define EXPLAIN_UNTAINT                                                                  \
    " If the resource is marked as tainted, run `terraform untaint` first."

/* Each adds an error and returns -1. `lead`: sentences that follow the first fact, or NULL. They
 * may end with EXPLAIN_ACTION and sentences, which follow those of the remedy. */

/* The service refused the request. */
int explain_failure(struct operation *operation, const struct rest_failure *failure,
                    const char *lead);
/* There was no usable answer. */
int explain_error(struct operation *operation, const struct error *err, const char *lead);
/* The result of a probe other than PRESENT. */
int explain_probe(struct operation *operation, const struct probe *probe,
                  const char *lead);
/* A GET says that the object does not exist, which probe_parent(), with `parent`, did not confirm.
 * `end`: a sentence. */
int read_explain_unproven(struct operation *operation, const struct probe *parent,
                          const char *end);
/* The title of all these: "Cannot create widget". */
const char *explain_title(const struct operation *operation);
/* The part of a text before its EXPLAIN_ACTION. *action gets the rest; NULL: there is none. `text`
 * may be NULL. */
const char *explain_split(struct arena *arena, const char *text, const char **action);

/* What to do about the code of a failure. NULL: not known. */
const char *explain_action(struct operation *operation,
                           const struct rest_failure *failure);
/* A paragraph with the time that the service asks to wait; "" if it does not. */
const char *explain_wait(struct operation *operation, const struct rest_failure *failure);
/* What to do about an error of this kind, whatever it was about. May be NULL. */
const char *explain_advice(struct arena *arena, const struct resource *resource,
                           enum error_kind kind);
/* What to do about a response that does not seem to be the service's. */
const char *explain_foreign(struct arena *arena, const struct resource *resource);
/* A text of the table with its words filled in. */
const char *explain_fill(struct operation *operation, const char *text);
/* A text of the service as one line that is safe to show. NULL stays NULL. */
const char *explain_shown(struct arena *arena, const char *text);
/* By the table's label: "widget "a" of shelf "b"", or "the list of widgets of shelf "b"". The
 * second starts a sentence. */
const char *explain_object(struct operation *operation);
const char *explain_object_first(struct operation *operation);
/* The label of the service. */
const char *explain_service(const struct operation *operation);

/* ---- the operations of engine_apply() ---------------------------------------------------- */

int engine_create(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);
int engine_update(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);
int engine_delete(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags);

/* ---- validate.c -------------------------------------------------------------------------- */

/* engine_validate() for an object of an import, of which only a part is known: null passes. */
int validate_known(struct call *call, const struct resource *resource,
                   const struct value *config, struct diags *diags);

/* ---- private data: a small JSON object that Terraform stores ------ */

bool private_is_imported(struct bytes private);
struct bytes private_imported(void);
/* Imported by a move: Terraform's state has the object already. */
bool private_is_moved(struct bytes private);
struct bytes private_moved(void);
/* The plan of an object in the state returns this. To replace an object, Terraform plans the
 * resource once more as if it were new, and passes this as the prior private data. Source:
 * Terraform and OpenTofu, node_resource_abstract_instance.go, plan() */
bool private_is_replaceable(struct bytes private);
struct bytes private_replaceable(bool is_freeing);
/* The destroy of the old object also removes what prevents a new one. Only the first plan can say
 * so: it has the state. */
bool private_is_freeing(struct bytes private);

#include "engine/planning.h"
#include "engine/writes.h"

#endif
