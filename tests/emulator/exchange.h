/* One request on its way to its answer. server.c makes it, entra.c and arm.c answer it, fault.c
 * may spoil the answer, server.c sends it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_EXCHANGE_H
#define EMULATOR_EXCHANGE_H

#include <stdbool.h>
#include <event2/event.h>
#include <event2/http.h>
#include <jansson.h>

struct answer {
    int status;
    bool is_arm;  /* ARM's headers go with it */
    json_t *body; /* as JSON; NULL: see text */
    char *text;   /* as it is, with text_type; NULL too: no body */
    const char *text_type;
    json_t *shown;   /* what the log shows instead of the body: no token's text */
    json_t *headers; /* {name: value} */
};

struct exchange {
    struct evhttp_request *request;
    long number; /* n of its REQUEST line */
    const char *method;
    char *target;  /* as received */
    char *path;    /* target without the query, not decoded */
    json_t *query; /* {name in lower case: value}, or NULL: see query_fault */
    const char *query_fault;
    char *body; /* NUL-terminated, never NULL */
    size_t body_bytes;
    /* GET LIST PUT DELETE REGISTRATION REGISTRATIONS STATUS METADATA TOKEN OIDC IDENTITY
     * OTHER */
    const char *kind;
    char *busy_key; /* the registration that a PUT keeps busy, or NULL */
    json_t *fault;  /* the rule that fired on it, or NULL, owned; see fault.h */
    struct answer answer;
    struct event *timer;
    struct exchange *next, *previous;
};

/* The value of a request header, or NULL. */
const char *exchange_header(const struct exchange *x, const char *name);
/* The value of a query parameter, or NULL. */
const char *exchange_query(const struct exchange *x, const char *name);
/* "https://host:port" as the client called it. */
char *exchange_origin(const struct exchange *x);

void answer_header(struct exchange *x, const char *name, const char *value);
/* Takes `body`; NULL: none. */
void answer_json(struct exchange *x, int status, json_t *body);
/* The error envelope. */
void answer_error(struct exchange *x, int status, const char *code, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
/* The same for a request that is itself wrong: leaves a REJECTED line with the message. */
void answer_reject(struct exchange *x, int status, const char *code, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));
void log_rejected(const struct exchange *x, const char *reason);
void answer_clear(struct answer *answer);

#endif
