/* Shared reads: what the LIST of a parent shows, asked for once and used by all calls of a
 * session. A page costs as much as one GET, so a refresh of N objects costs N/page calls.
 *
 * Whether a LIST can be trusted is an open question of the service, so it is evidence with
 * rules (docs/guides/shared_reads.md): it proves presence always; absence only for a create, and only
 * once this process has seen it show an object that is known to exist; and never alone
 * takes anything out of state. A LIST that fails, or omits what is known to exist, is set
 * aside for good: then every object is asked for by itself.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_COLLECTION_H
#define REST_COLLECTION_H

#include "rest/client.h"

enum {
    REST_COLLECTION_BYTES_MAX = 256 * 1024 * 1024,
    /* One LIST, all its pages; and for who may do without, half of the time that it has left:
     * a GET has to fit in behind a LIST that never comes. */
    REST_COLLECTION_TIME_MS = 2 * 60 * 1000,
    /* How old what proves absence may be. */
    REST_COLLECTION_AGE_MS = 2 * 60 * 1000,
};

/* All collections of a session. Thread-safe. */
struct rest_collections;
struct rest_collections *rest_collections_new(void);
void rest_collections_free(struct rest_collections *collections); /* NULL is fine */

struct rest_collection;
struct rest_collection_options {
    const char *parent_id; /* "…/registrations/hub"; NULL: it belongs to nothing */
    const char *list_id;   /* "…/registrations/hub/customerSubscriptions" */
    const char *api_version;
    const char *query; /* of the list, encoded; part of its name. NULL: none */
    const char
        *unique; /* NULL, or a place in the body ("properties.tenantId") of which the
                           service holds each value once, ignoring case */
    const char *parent_api_version; /* NULL: as of the list */
    const char *id_place;           /* in each object; NULL: "id" */
};
/* The one of this list_id and query (ignoring case), with the options that it was first asked for
 * with. Borrowed; lives as long as `collections`. */
struct rest_collection *
rest_collections_find(struct rest_collections *collections,
                      const struct rest_collection_options *options);

enum rest_evidence {
    REST_EVIDENCE_NONE,    /* the object itself has to be asked for */
    REST_EVIDENCE_PRESENT, /* *body is what the LIST showed, or what was written since */
    REST_EVIDENCE_ABSENT,
};

/*
 * For a read. The first read of a collection has no evidence: one object costs one GET, not
 * a LIST. Any later one waits for the LIST.
 *
 *   body   with REST_EVIDENCE_PRESENT the caller's, json_decref(); else untouched
 *
 * Never fails: whatever is wrong with the LIST, there is no evidence. ABSENT does not prove
 * that the object is gone.
 */
enum rest_evidence rest_collection_read(struct call *call, struct rest_client *client,
                                        struct rest_collection *collection,
                                        const char *id, json_t **body);

/* For a create: ABSENT proves absence as of REST_COLLECTION_AGE_MS ago. */
enum rest_evidence rest_collection_expect_absent(struct call *call,
                                                 struct rest_client *client,
                                                 struct rest_collection *collection,
                                                 const char *id);

/* Waits for the LIST, so that what it shows can be recalled. */
void rest_collection_ensure(struct call *call, struct rest_client *client,
                            struct rest_collection *collection);
/*
 * Which object other than `own_id` has this value at the unique place; waits for the LIST.
 * The id as the service spells it, in call->arena; NULL if the LIST shows none, or cannot be
 * read: a value that is not shown proves nothing.
 */
const char *rest_collection_find_other(struct call *call, struct rest_client *client,
                                       struct rest_collection *collection,
                                       const char *value, const char *own_id);
/* The same from what is held already: never asks. */
const char *rest_collection_recall_other(struct call *call,
                                         struct rest_collection *collection,
                                         const char *value, const char *own_id);

/* The LIST that is held, or what was written since, shows this object: its ID as the service
 * spells it, in the call's arena; else NULL. Never asks. */
const char *rest_collection_recall(struct call *call, struct rest_collection *collection,
                                   const char *id);

/* The same: what it shows of the object, the caller's to json_decref(). */
json_t *rest_collection_recall_body(struct rest_collection *collection, const char *id);

/* The LIST that is held, or what was written since, shows an object that `counts`. Never
 * asks. */
typedef bool rest_counts_fn(void *state, const char *id);
bool rest_collection_has_any(struct rest_collection *collection, rest_counts_fn *counts,
                             void *state);

/* What asking for the parent brought. */
struct rest_parent {
    json_t *body; /* NULL: cannot be read */
    /* False: no service answered at all, so that there is no use in asking for more. */
    bool has_answered;
    /* Only for the one who asked, and not for those who come later: the answer that is none,
     * else NULL; and why there was no answer, else ERR_NONE. */
    struct rest_reply *refusal;
    struct error why;
};
void rest_parent_clear(struct rest_parent *parent);
#define auto_rest_parent CLEANUP(rest_parent_clear) struct rest_parent

/* The parent itself, asked for once a session and for `most_ms` at most. */
void rest_collection_read_parent(struct call *call, struct rest_client *client,
                                 struct rest_collection *collection, int64_t most_ms,
                                 struct rest_parent *out);

/* The last LIST of this session failed, and none has answered 200 since. */
struct rest_list_failure {
    struct error why;            /* as rest_list() gives it */
    struct rest_failure failure; /* its texts in the arena; a status of 0: no answer */
};
bool rest_collection_list_failed(struct rest_collection *collection, struct arena *arena,
                                 struct rest_list_failure *out);
const char *
rest_collection_list_id(const struct rest_collection *collection); /* borrowed */
/* The LIST answered 200 in this session. */
bool rest_collection_has_answered(struct rest_collection *collection);
/* And there was something in it, so that the parent does take objects. */
bool rest_collection_has_shown_some(struct rest_collection *collection);

/* What the session learns elsewhere. */

/* A GET showed the parent: it need not be read again. */
void rest_collection_record_parent(struct rest_collection *collection, json_t *body);
/* A GET, or the answer to a PUT, showed it. `body` has to be all that a LIST would show of
 * it, or NULL: then a caller that needs it has to ask. */
void rest_collection_record_present(struct rest_collection *collection, const char *id,
                                    const json_t *body);
/* A GET, or the answer to a DELETE, showed that it is not there. */
void rest_collection_record_absent(struct rest_collection *collection, const char *id);
/* A write of it is under way or its outcome unknown: a caller that needs it has to ask. */
void rest_collection_record_unknown(struct rest_collection *collection, const char *id);

#endif
