/* Azure Resource Manager: one exchange about one id, with a token, the headers that
 * support asks for, and the answer taken apart.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_CLIENT_H
#define REST_CLIENT_H

#include <jansson.h>

#include "rest/dialect.h"
#include "rest/failure.h"
#include "rest/rate_limit.h"
#include "rest/versions.h"
#include "auth/cache.h"
#include "http/transport.h"

/* One per plane; made by session. Borrows everything. */
struct rest_client {
    const struct dialect *dialect;
    struct http_transport *transport;
    const char *base; /* https://management.azure.com, no slash at its end */
    struct auth_cache *tokens;
    /* Of further tenants, sent along; NULL pointers among them are skipped. */
    struct auth_cache *const *auxiliary_tokens;
    size_t auxiliary_count;
    const char *correlation_id;     /* one per session, a GUID unless the user chose it */
    bool has_no_correlation_id;     /* it is not sent */
    struct rate_limit *rate_limit;  /* NULL: calls are not paced */
    struct rest_versions *versions; /* NULL: each request finds out by itself */
};

/* Before a question that may take a short time only: where tokens come from a slow program, waits
 * for one, so that the question's time is not spent on it, and the program is not ended and begun
 * again. That there is none is for the question to say. */
void rest_await_slow_token(struct call *call, struct rest_client *client);
/* The credential was refused, for good; a login service that is down is something else. */
bool rest_is_refused(const struct rest_client *client);

struct rest_reply {
    int status;
    json_t *body; /* NULL: none, or not a JSON object (then is_malformed) */
    bool
        is_malformed; /* there was a body, and it was no JSON object: cut, HTML, over one of
                        the ceilings of rest/json.h */
    struct rest_failure
        failure; /* filled in for every status of 300 and above, and for an error
                                   with a good status (else its code is NULL); its
                                   correlation_id is ours where the answer has none */
    struct http_reply *http; /* headers and raw body */
};

void rest_reply_free(struct rest_reply *reply); /* NULL is fine */
/* Overwrites the raw body, which is empty then. */
void rest_reply_wipe_raw(struct rest_reply *reply);
DEFINE_CLEANUP(struct rest_reply, rest_reply_free)
#define auto_rest_reply CLEANUP(rest_reply_freep) struct rest_reply *

/* Fills in the failure of an answer that says no with a good status. */
void rest_reply_set_failure(const struct rest_client *client, struct rest_reply *reply);

struct rest_request {
    const char *method;
    const char *id; /* /subscriptions/…; segments are percent-encoded here */
    const char
        *url; /* NULL, or what to ask in place of the id: an address that the service
                        gave, of the same origin as client->base */
    /* Or several, as in rest/versions.h: where the service blames the version, and so did nothing,
     * the next older one is sent. */
    const char *api_version;
    const char
        *query; /* what comes behind the dialect's, encoded: "a=b&c=d"; NULL: nothing */
    struct http_header header; /* one more, borrowed; a NULL name: none */
    /* A GUID by which a service that has request IDs knows that two requests are the same; NULL: a
     * new one for each. */
    const char *request_id;
    bool keeps_request_id; /* also after an answer that rejects the token */
    json_t *body;          /* borrowed; NULL: none */
    bool keeps_digits;     /* numbers of the answer are texts of their digits */
    bool may_answer_empty; /* 200 without a body is an answer: a list of nothing */
    bool has_secrets;      /* in a body of it or of its answer: a trace shows neither */
    bool
        is_optional; /* given up after REST_FAILURES_MAX attempts that failed, for there is
                         another way; a read's alone */
    bool
        is_patient; /* tried until the call's time is over while there is no connection: a
                        write was sent, and its outcome is asked for; a read's alone */
};

enum { REST_MALFORMED_MAX = 3, REST_FAILURES_MAX = 3 };

/* The address of an ID's requests, without a query. */
const char *rest_address(struct arena *arena, const struct rest_client *client,
                         const char *id);

/*
 * A request without effect: retried while that makes sense and time allows. Gives an
 * answer of any status that is not to be retried, or the last one when time is over.
 * A garbled yes or 404 is asked for again, REST_MALFORMED_MAX times in all. A 401 renews the
 * token once; a redirect (307, 308) within the service is followed.
 *
 * Errors: those of http_transport; of auth_cache_get, among which never one that says that
 *         the request may have been sent (then ERR_CREDENTIAL). 0 with a reply of status
 *         ≥ 300 is not an error here: the caller decides by reply->failure.
 */
int rest_read(struct call *call, struct rest_client *client,
              const struct rest_request *request, struct rest_reply **out,
              struct error *err);

/* A request with effect: sent once (twice if the first got a 401, which has none). What
 * may be repeated is engine/write.c's to know. Same errors. */
int rest_write(struct call *call, struct rest_client *client,
               const struct rest_request *request, struct rest_reply **out,
               struct error *err);

#endif
