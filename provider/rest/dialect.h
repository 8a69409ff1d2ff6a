/* What differs in the HTTP APIs of the services: query, headers, errors, pages of lists, rate
 * limits, long-running operations. Each rest/dialect_*.c defines one struct dialect; the other files
 * do the rest for all of them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_DIALECT_H
#define REST_DIALECT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/transport.h"

struct rest_request;

/* The state of a request that the service accepted and works on. */
enum dialect_operation_state {
    OPERATION_UNKNOWN, /* the answer does not say */
    OPERATION_RUNNING,
    OPERATION_SUCCEEDED,
    OPERATION_FAILED, /* or canceled; the answer says why */
};

enum rest_kind { REST_KIND_READ, REST_KIND_WRITE, REST_KIND_DELETE, REST_KIND_COUNT };

/* Answers say how many calls of a kind are left, in a header whose name starts with
 * rate_header_start and ends with header_end. */
struct dialect_rate {
    const char *header_end; /* "reads" */
    int64_t gap_ms;         /* the pause between two calls while few are left */
};

/* The next page of a list. */
struct dialect_next {
    const char *address; /* the whole URL, in the arena; NULL: there is no next page */
    /* Sent with the request, in the arena; a NULL name: none. */
    struct http_header header;
};

struct dialect {
    const char *name; /* "Azure Resource Manager", in messages */

    /* ---- requests */
    /* Headers of every request. Ends with a NULL name; NULL: none. */
    const struct http_header *headers;
    /* Headers for a GUID of the request, and for the session's correlation ID. NULL: not sent. */
    const char *request_id_header, *correlation_id_header;
    const char *auxiliary_header; /* for tokens of other tenants; NULL: never sent */
    /* The query, "?api-version=…", or "". In the arena. */
    const char *(*query)(struct arena *arena, const struct rest_request *request);

    /* Path and query of a request without a token, whose answer names the owner of an account
     * (NULL: there is none), and the owner in that answer, in lower case (NULL: it has none). See
     * rest/owner.h. */
    const char *(*owner_path)(struct arena *arena, const char *account);
    const char *(*read_owner)(struct arena *arena, const struct http_reply *reply);

    /* ---- answers */
    /* Headers with the IDs that Microsoft support asks for. NULL: none. */
    const char *answer_request_id_header, *answer_correlation_id_header;
    /* Reads the body of an error. *code is its code as text, in the arena; NULL: none. Adds its
     * words to `message`, in a form that is safe to show (rest/failure.h). */
    void (*read_error)(struct arena *arena, const json_t *body, const char **code,
                       struct buf *message);
    /* Codes which mean that nothing happened and that a retry may succeed. Ends with NULL. */
    const char *const *transient_codes;
    /* Codes which mean that the service does not know the api-version. Ends with NULL; NULL:
     * none. */
    const char *const *version_codes;
    /* The wait in ms that the body of a 429 asks for; 0: it does not say. A Retry-After header has
     * precedence. NULL: no body says it. */
    int64_t (*read_wait_ms)(struct arena *arena, struct bytes body);
    /* The body of an answer with a success status is an error. */
    bool (*is_error)(const json_t *body);
    /* The ID of an object in a list, in the arena; NULL: it has none. If the function is NULL,
     * objects do not contain their IDs, and the table's template makes them. */
    const char *(*object_id)(struct arena *arena, const char *list_id,
                             const json_t *object);
    /* Reads a page of a list. Returns the array of objects, borrowed from the body; NULL: it is not
     * a page. `address` is the list's, without a query, to make the next page's address from a
     * token. The caller zeroes `next`, and rejects an address on another host. */
    json_t *(*read_page)(struct arena *arena, const char *address,
                         const struct http_reply *reply, const json_t *body,
                         struct dialect_next *next);
    /* The addition to a list's query, URL-encoded, that returns only objects whose `field` starts
     * with the text, ignoring case. NULL: the service cannot filter lists. */
    const char *(*filter)(struct arena *arena, const char *field, const char *start);

    /* Long-running operations: headers of a successful answer to a write with the address to poll,
     * of the operation's status (used with any status) or of its result (used with 201 and 202);
     * and the function that reads an answer from there, whose `body` is NULL if it has no JSON
     * object. NULL: operations are not followed. */
    const char *operation_status_header, *operation_result_header;
    enum dialect_operation_state (*read_operation)(const struct http_reply *reply,
                                                   const json_t *body, bool is_status);

    /* A 200 without a body is an empty list if the list's ID ends with this, ignoring case, but not
     * a further page of one. Elsewhere, objects may be missing. NULL: there is no such list. */
    const char *empty_without_body;

    const char *rate_header_start; /* NULL: answers do not say how many calls are left */
    struct dialect_rate rates[REST_KIND_COUNT];
};

extern const struct dialect dialect_arm, dialect_hub, dialect_partner;
/* The tenant in a WWW-Authenticate challenge; NULL: none. For tests. */
const char *dialect_arm_read_owner(struct arena *arena, const char *challenge);

#endif
