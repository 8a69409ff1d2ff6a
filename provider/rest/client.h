/* Requests to a service: with a token and the headers of its dialect, retried where that is safe,
 * and with the answer parsed.
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

/* One for each service and tenant, made by the session. Borrows everything. */
struct rest_client {
    const struct dialect *dialect;
    struct http_transport *transport;
    const char *base; /* https://management.azure.com, no slash at its end */
    struct auth_cache *tokens;
    /* Tokens of other tenants that are sent as well. NULL pointers are skipped. */
    struct auth_cache *const *auxiliary_tokens;
    size_t auxiliary_count;
    /* What to check if the login service is not found: an argument, and its block. NULL: environment
     * and endpoint of the provider. */
    const char *login_argument, *login_block;
    const char *correlation_id; /* of the session: a GUID, or what the user configured */
    bool has_no_correlation_id; /* it is not sent */
    struct rate_limit *rate_limit;  /* NULL: calls are not paced */
    struct rest_versions *versions; /* NULL: each request tries the api-versions itself */
};

/* Waits for the tokens if they come from a slow program (the Azure CLI). Called before a request
 * with a short deadline, which would otherwise end the program and start it again. Reports no
 * error: the request will. */
void rest_await_slow_token(struct call *call, struct rest_client *client);
/* The login service rejected the credential permanently. False if it only could not be reached. */
bool rest_is_refused(const struct rest_client *client);

struct rest_reply {
    int status;
    json_t *body; /* NULL: none, or not a JSON object (then is_malformed) */
    /* There was a body, but not a JSON object: truncated, HTML, or above a limit of rest/json.h. */
    bool is_malformed;
    /* Set for every status of 300 and above, and for an error with a success status; else its code
     * is NULL. Has the session's correlation_id if the answer has none. */
    struct rest_failure failure;
    struct http_reply *http; /* headers and raw body */
};

/* Takes ownership of the answer, and of its body, an object or NULL. */
struct rest_reply *rest_reply_new(const struct rest_client *client,
                                  struct http_reply *http, json_t *body);
void rest_reply_free(struct rest_reply *reply); /* NULL is fine */
DEFINE_CLEANUP(struct rest_reply, rest_reply_free)
#define auto_rest_reply CLEANUP(rest_reply_freep) struct rest_reply *

/* Sets ERR_SHAPE: an answer with this status is not in the format of the service. Returns -1. */
int rest_refuse_shape(const struct rest_client *client, int status, struct error *err);

/* Sets the failure of an answer with a success status whose body is an error. */
void rest_reply_set_failure(const struct rest_client *client, struct rest_reply *reply);

struct rest_request {
    const char *method;
    const char *id; /* /subscriptions/…; segments are percent-encoded here */
    /* Instead of the ID: a URL that the service returned, with the origin of client->base. NULL: by
     * the ID. */
    const char *url;
    /* May be several, as in rest/versions.h: if the service rejects one, and so did nothing, the
     * next older one is tried. */
    const char *api_version;
    const char *query; /* added to the dialect's, URL-encoded: "a=b&c=d"; NULL: nothing */
    struct http_header header; /* one more header, borrowed; a NULL name: none */
    /* A GUID by which the service recognizes a repeated request. NULL: a new one for each
     * attempt. */
    const char *request_id;
    bool keeps_request_id; /* even after an answer that rejects the token */
    json_t *body;          /* borrowed; NULL: none */
    bool keeps_digits;     /* numbers in the answer are read as texts of their digits */
    bool may_answer_empty; /* a 200 without a body is a valid answer */
    /* In the body or the answer: no trace shows them, and the raw body of the answer is wiped. */
    bool has_secrets;
    /* Of a read: gives up after REST_FAILURES_MAX failed attempts, because there is another way to
     * learn the same. */
    bool is_optional;
    /* Of a read: gives up after as many attempts if the last one is answered with this status.
     * 0: none. */
    int futile_status;
    /* Of a read: without a connection, tries until the call's deadline, because it decides whether
     * a write took effect. */
    bool is_patient;
};

enum { REST_MALFORMED_MAX = 3, REST_FAILURES_MAX = 3 };

/* The URL of an ID, without a query. In the arena. */
const char *rest_address(struct arena *arena, const struct rest_client *client,
                         const char *id);
/* The same with the query of a request. */
const char *rest_url(struct arena *arena, const struct rest_client *client,
                     const struct rest_request *request);

/*
 * Sends a request that changes nothing, with retries until the deadline. Returns 0 with an answer
 * of any status: one that is not retryable, or the last one at the deadline. The caller looks at
 * reply->failure. A malformed success or 404 is requested again, REST_MALFORMED_MAX times in total,
 * but not one above a limit of rest/json.h (ERR_TOO_BIG).
 * A 401 renews the token once. A redirect (307, 308) within the service is followed.
 *
 * Errors: those of http_transport and of auth_cache_get. If the token could not be obtained, the
 *         error is never one which means that the request may have been sent (ERR_CREDENTIAL
 *         instead).
 */
int rest_read(struct call *call, struct rest_client *client,
              const struct rest_request *request, struct rest_reply **out,
              struct error *err);

/* Sends a request with an effect once; twice if the first was rejected with 401, which has no
 * effect. engine/write.c decides whether to repeat it. Same errors. */
int rest_write(struct call *call, struct rest_client *client,
               const struct rest_request *request, struct rest_reply **out,
               struct error *err);

#endif
