/* What the fuzz targets share. A target takes bytes, calls one decoder of foreign bytes, and holds
 * what comes out against what its header promises: that nothing crashed is not enough.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/call.h"
#include "http/transport.h"
#include "value/diags.h"
#include "value/value.h"

typedef void fuzz_fn(struct arena *arena, struct bytes in);

/* Every secret of the targets contains this, and no input does. */
#define FUZZ_SECRET "c4nary"

/* Reports what does not hold and aborts. */
void fuzz_require(bool holds, const char *what, const char *text);
/* What people are shown: UTF-8 without controls, hidden characters and secrets. */
void fuzz_check_text(const char *text);
/* -1 comes with a kind and a text, 0 without; no secret is in it. Diagnostics clean the rest. */
void fuzz_check_error(int result, const struct error *err);
/* -1 comes with an error among them; each can be shown. */
void fuzz_check_diags(int result, const struct diags *diags);

/* Takes what stands before the mark off the input, and the mark; without one, all of it. */
struct bytes fuzz_take(struct bytes *in, const char *mark);
/* The first line so. */
const char *fuzz_line(struct arena *arena, struct bytes *in);
/* Sets the variables of lines NAME=value as far as NAME begins with one of these, up to an empty
 * line; fuzz_forget_environment() takes them away again. */
void fuzz_set_environment(struct arena *arena, struct bytes *in,
                          const char *const *starts);
void fuzz_forget_environment(void);

/* A service that gives the answers of the input, one after the other:
 *     < STATUS Name: value; Name: value
 *     body, up to the next line that begins with "< "
 * Status 0 is a failure of the kind that the rest of the line says by its number, and so is each
 * request behind the last answer. A secret that goes anywhere but to `trusted` is a bug. */
struct fuzz_service {
    struct http_transport base; /* first */
    struct bytes left;
    const char *const *trusted; /* origins; ends with NULL */
    bool gives_tokens;          /* requests for a token need no answer of the input */
    enum error_kind afterwards; /* behind the last answer */
};
void fuzz_service_init(struct fuzz_service *service, struct bytes answers,
                       const char *const *trusted);
/* The next answer; NULL: there is none, or it is a failure, with err. */
struct http_reply *fuzz_service_next(struct fuzz_service *service, struct error *err);

fuzz_fn fuzz_msgpack, fuzz_json, fuzz_type, fuzz_ids, fuzz_urls, fuzz_proxies, fuzz_text,
    fuzz_certificates, fuzz_handshake, fuzz_az, fuzz_replies, fuzz_exchanges,
    fuzz_credentials, fuzz_metadata, fuzz_configure, fuzz_requests;

#endif
