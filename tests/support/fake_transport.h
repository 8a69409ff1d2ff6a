/* A transport that answers from a list and remembers what it was asked. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_FAKE_TRANSPORT_H
#define SUPPORT_FAKE_TRANSPORT_H

#include "http/transport.h"

struct fake_answer {
    int status;          /* 0: `fault` it is */
    const char *headers; /* "Name: value\nName: value"; NULL: none */
    const char *body;    /* NULL: empty; where it has no " at all, ' stands for it */
    enum error_kind fault;
    const char *text; /* of the fault */
    int64_t takes_ms; /* by which the fake clock moves on; the call's deadline ends it */
    bool is_last_again; /* given for every later request as well */
};

/* A list of them, with its end. */
#define ANSWERS(...) ((const struct fake_answer[]){ __VA_ARGS__, { 0 } })

struct fake_request {
    const char *method, *url, *bearer, *body; /* the last two may be NULL */
    const char *headers;                      /* "Name: value\n" each */
    bool is_direct, is_body_secret;
};

struct fake_transport;

/* Answers that are not scripted are ERR_INTERNAL. `answers` ends in an empty one, and is
 * borrowed. */
struct fake_transport *fake_transport_new(const struct fake_answer *answers);
/* What is handed to the code under test; its free() frees the whole. */
struct http_transport *fake_transport_base(struct fake_transport *fake);
/* Called on the sender's thread before each answer; may block, or stop the call. */
typedef void fake_transport_fn(void *state, struct call *call, size_t number);
void fake_transport_watch(struct fake_transport *fake, fake_transport_fn *watch,
                          void *state);
size_t fake_transport_count(struct fake_transport *fake);
/* The request of that number; fails the test if there is none. */
const struct fake_request *fake_transport_request(struct fake_transport *fake,
                                                  size_t number);

/* An answer out of nothing; headers as above. */
struct http_reply *fake_reply(int status, const char *headers, const char *body);

#endif
