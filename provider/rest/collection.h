/* Shared reads: the LIST of a parent's objects is requested once and used by all calls of a
 * session. A page costs as much as one GET, so a refresh of N objects needs N / (objects per page)
 * requests.
 *
 * It is not documented how far the service's LIST can be trusted, so its use has rules
 * (docs/guides/shared_reads.md). A LIST proves that an object exists. It proves absence only for a
 * create, and only after a LIST in this process has shown an object that is known to exist. A LIST
 * alone never removes an object from the state. A LIST that fails, or omits an object that is known
 * to exist, is not used again in this session: each object is then read by itself. Only a caller that
 * needs a LIST requests one again that failed.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_COLLECTION_H
#define REST_COLLECTION_H

#include "rest/client.h"

enum {
    REST_COLLECTION_BYTES_MAX = 256 * 1024 * 1024,
    /* The limit for one LIST with all its pages. A caller that can do without the LIST waits for at
     * most half of the time that it has left, so that a GET can still follow a LIST that does not
     * end. */
    REST_COLLECTION_TIME_MS = 2 * 60 * 1000,
    /* The oldest LIST that proves absence. */
    REST_COLLECTION_AGE_MS = 2 * 60 * 1000,
    /* So long after a LIST that rest_collection_need() requested and that failed, it requests no
     * other one. */
    REST_COLLECTION_FAILED_MS = 60 * 1000,
};

/* All collections of a session. Thread-safe. */
struct rest_collections;
struct rest_collections *rest_collections_new(void);
void rest_collections_free(struct rest_collections *collections); /* NULL is fine */

struct rest_collection;
struct rest_collection_options {
    /* "…/registrations/hub"; NULL: the objects have no parent. */
    const char *parent_id;
    const char *list_id; /* "…/registrations/hub/customerSubscriptions" */
    const char *api_version;
    /* The query of the LIST, encoded. It is part of the collection's identity. NULL: none. */
    const char *query;
    /* Also: what one directory's tokens show, or fail to show, says nothing about another's. NULL:
     * the service's own client. */
    const struct rest_client *client;
    /* A place in the body ("properties.tenantId") whose values are unique in the service, ignoring
     * case. NULL: none. */
    const char *unique;
    const char *parent_api_version; /* NULL: api_version */
    const char *id_place;           /* where each object has its ID; NULL: "id" */
};
/* The collection with this list_id and query (ignoring case) and client. Its other options are
 * those of the first call. Borrowed; lives as long as `collections`. */
struct rest_collection *
rest_collections_find(struct rest_collections *collections,
                      const struct rest_collection_options *options);

enum rest_evidence {
    REST_EVIDENCE_NONE, /* the object has to be read by itself */
    /* *body is what the LIST showed, or what was written since. */
    REST_EVIDENCE_PRESENT,
    REST_EVIDENCE_ABSENT,
};

/*
 * For a read. The first read of a collection has no evidence, so one object costs one GET and not a
 * LIST. Every later one waits for the LIST.
 *
 *   body   with REST_EVIDENCE_PRESENT the caller's, released with json_decref(); else unchanged
 *
 * Never fails: if the LIST fails, there is no evidence. ABSENT does not prove that the object is
 * gone.
 */
enum rest_evidence rest_collection_read(struct call *call, struct rest_client *client,
                                        struct rest_collection *collection,
                                        const char *id, json_t **body);

/* For a create: ABSENT proves that the object does not exist. The LIST that proves it began at most
 * REST_COLLECTION_AGE_MS ago. */
enum rest_evidence rest_collection_expect_absent(struct call *call,
                                                 struct rest_client *client,
                                                 struct rest_collection *collection,
                                                 const char *id);

/* Waits for a LIST that began at most REST_COLLECTION_AGE_MS ago. The recall functions then use
 * it. */
void rest_collection_ensure(struct call *call, struct rest_client *client,
                            struct rest_collection *collection);
/* The same for a caller that cannot do without: retries as long as it has time, also if a LIST failed
 * before, for a reason that may pass. */
void rest_collection_need(struct call *call, struct rest_client *client,
                          struct rest_collection *collection);
/* The ID of an object other than `own_id` that has this value at the unique place; with the case
 * that the service uses, in call->arena. NULL: neither the LIST in memory, if there is one, nor a
 * write or a GET since shows one. That a value is not shown proves nothing. Never sends a request. */
const char *rest_collection_recall_other(struct call *call,
                                         struct rest_collection *collection,
                                         const char *value, const char *own_id);

/* The ID of this object, with the case that the service uses, in call->arena, if the LIST in memory
 * or a write since shows the object; else NULL. Never sends a request. */
const char *rest_collection_recall(struct call *call, struct rest_collection *collection,
                                   const char *id);

/* The same: what is known of the object; the caller releases it with json_decref(). */
json_t *rest_collection_recall_body(struct rest_collection *collection, const char *id);

/* The LIST in memory, or a write since, shows an object for which `counts` returns true. Never
 * sends a request. */
typedef bool rest_counts_fn(void *state, const char *id);
bool rest_collection_has_any(struct rest_collection *collection, rest_counts_fn *counts,
                             void *state);

/* The result of reading the parent. */
struct rest_parent {
    json_t *body; /* NULL: it cannot be read */
    /* False: the service did not answer at all, so further requests are useless. */
    bool has_answered;
    /* Set only for the call that sent the request: an answer other than a 200 with the parent, else
     * NULL; and why there was no answer, else ERR_NONE. */
    struct rest_reply *refusal;
    struct error why;
};
void rest_parent_clear(struct rest_parent *parent);
#define auto_rest_parent CLEANUP(rest_parent_clear) struct rest_parent

/* Reads the parent once in a session, for at most `most_ms`. */
void rest_collection_read_parent(struct call *call, struct rest_client *client,
                                 struct rest_collection *collection, int64_t most_ms,
                                 struct rest_parent *out);

/* How the last LIST of this session failed. rest_collection_list_failed() is true until a LIST
 * answers 200. */
struct rest_list_failure {
    struct error why;            /* as rest_list() returns it */
    struct rest_failure failure; /* its texts are in the arena; status 0: no answer */
    bool is_incomplete;          /* it answered 200, and omits an object that exists */
};
bool rest_collection_list_failed(struct rest_collection *collection, struct arena *arena,
                                 struct rest_list_failure *out);
/* Borrowed from the collection. */
const char *rest_collection_list_id(const struct rest_collection *collection);
/* A LIST answered 200 in this session and is in use. */
bool rest_collection_has_answered(struct rest_collection *collection);
/* And it showed an object, so the parent can have objects. */
bool rest_collection_has_shown_some(struct rest_collection *collection);

/* What other requests of the session show. */

/* A GET showed the parent, so it is not read again. */
void rest_collection_record_parent(struct rest_collection *collection, json_t *body);
/* A GET, or the answer to a PUT, showed the object. `body` must have all that a LIST would show, or
 * be NULL: then a caller that needs it has to read it. */
void rest_collection_record_present(struct rest_collection *collection, const char *id,
                                    const json_t *body);
/* A GET, or the answer to a DELETE, showed that the object does not exist. */
void rest_collection_record_absent(struct rest_collection *collection, const char *id);
/* A write of the object has begun, or its outcome is unknown: a caller that needs the object has to
 * read it. */
void rest_collection_record_unknown(struct rest_collection *collection, const char *id);

#endif
