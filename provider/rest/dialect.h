/* How one family of services speaks HTTP: the query of a request, the headers, errors, pages,
 * and how many calls it allows. One file each ends in one of these; client.c, failure.c, list.c
 * and rate_limit.c do the rest for all.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_DIALECT_H
#define REST_DIALECT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/transport.h"

struct rest_request;

/* How far the service is with a request that it accepted. */
enum dialect_operation_state {
    OPERATION_UNKNOWN, /* the answer does not say */
    OPERATION_RUNNING,
    OPERATION_SUCCEEDED,
    OPERATION_FAILED, /* or was canceled; the answer says why */
};

enum rest_kind { REST_KIND_READ, REST_KIND_WRITE, REST_KIND_DELETE, REST_KIND_COUNT };

/* Answers say how many calls of a kind are left, in headers whose names begin and end so. */
struct dialect_rate {
    const char *header_end; /* "reads" */
    int64_t gap_ms;         /* between two calls while few are left */
};

/* Where a list goes on. */
struct dialect_next {
    const char *address;       /* whole, in the arena; NULL: this is the last page */
    struct http_header header; /* that is sent with it, in the arena; a NULL name: none */
};

struct dialect {
    const char *name; /* "Azure Resource Manager", in messages */

    /* ---- requests */
    const struct http_header
        *headers; /* of every request; ends with a NULL name; may be NULL */
    /* Headers that carry a GUID made for the request, and the session's; NULL: not sent. */
    const char *request_id_header, *correlation_id_header;
    const char *auxiliary_header; /* with tokens of further tenants; NULL: never sent */
    /* The query, "?api-version=…", or "". In the arena. */
    const char *(*query)(struct arena *arena, const struct rest_request *request);

    /* The path and query of a request without a token whose answer says who owns an account; NULL:
     * nothing does. And the owner in it, in lower case; NULL: it does not say. (rest/owner.h) */
    const char *(*owner_path)(struct arena *arena, const char *account);
    const char *(*read_owner)(struct arena *arena, const struct http_reply *reply);

    /* ---- answers */
    /* Headers by which support finds the request; NULL: there is none. */
    const char *answer_request_id_header, *answer_correlation_id_header;
    /*
     * What an error's body says.
     *
     *   code     its code as text, numeric or not, as it came; NULL: none
     *   message  its words are added there, made safe to show (failure_show)
     */
    void (*read_error)(struct arena *arena, const json_t *body, const char **code,
                       struct buf *message);
    /* Codes that say: nothing happened, and a little later the answer may be another one;
     * ends with NULL. */
    const char *const *transient_codes;
    const char *const
        *version_codes; /* that blame the api-version; ends with NULL; may be NULL */
    /* How long the body of a 429 asks to wait, in ms; 0: it does not say. NULL: no body says that.
     * A Retry-After comes first. */
    int64_t (*read_wait_ms)(struct arena *arena, struct bytes body);
    /* A body with a good status that is an error nevertheless. */
    bool (*is_error)(const json_t *body);
    /* The ID of an object as a list shows it, in the arena; NULL: it has none. The function is
     * NULL where objects do not carry their IDs: then the table's template makes them. */
    const char *(*object_id)(struct arena *arena, const char *list_id,
                             const json_t *object);
    /*
     * A page of a list.
     *
     *   returns  the array of objects, borrowed from the body; NULL: it is no page
     *   address  of the list, without a query: for what makes the next address of a token
     *   next     zeroed before. An address of another host ends the list with an error
     */
    json_t *(*read_page)(struct arena *arena, const char *address,
                         const struct http_reply *reply, const json_t *body,
                         struct dialect_next *next);
    /* What is added to a list's query, encoded, so that it shows those objects alone whose `field`
     * begins with the text, in any case. NULL: the service does not narrow lists down. */
    const char *(*filter)(struct arena *arena, const char *field, const char *start);

    /*
     * A long-running operation: headers by which a good answer to a write names where to ask.
     *
     *   status_header  the operation's status; it counts whatever the status of the answer is
     *   result_header  the answer to come; it counts of a 201 or 202
     *   read_operation what an answer from there says. `body` is NULL where it has no object
     *
     * NULL: no operation is followed.
     */
    const char *operation_status_header, *operation_result_header;
    enum dialect_operation_state (*read_operation)(const struct http_reply *reply,
                                                   const json_t *body, bool is_status);

    /* A 200 without a body is a list of nothing. */
    bool lists_nothing_without_body;

    const char *rate_header_start; /* NULL: it does not say what is left */
    struct dialect_rate rates[REST_KIND_COUNT];
};

extern const struct dialect dialect_arm, dialect_hub, dialect_partner;
/* The tenant in a challenge; NULL: it names none. For its test. */
const char *dialect_arm_read_owner(struct arena *arena, const char *challenge);

#endif
