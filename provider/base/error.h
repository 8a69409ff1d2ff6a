/* Why a function below `engine` failed.
 *
 * Such a function returns 0 with *out set and err unchanged, or -1 with err set and *out unchanged.
 * err->kind is for programs, err->text for people. The struct is on the caller's stack and has a
 * fixed size, so setting an error never allocates.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/format.h"

enum error_kind {
    ERR_NONE = 0,
    ERR_INVALID,     /* a value from the user that cannot work */
    ERR_SHAPE,       /* bytes in an unexpected format */
    ERR_TOO_BIG,     /* above a named limit */
    ERR_NAME,        /* a host name that does not resolve */
    ERR_TLS,         /* the peer is not trusted, or does not trust the provider */
    ERR_UNREACHABLE, /* no connection: the request was never sent */
    ERR_LOST,        /* the request may have arrived, but no answer did */
    ERR_REFUSED,     /* the service answered with a refusal */
    ERR_CREDENTIAL,  /* there is no token */
    ERR_TIMEOUT,     /* the operation's time is over */
    ERR_STOPPED,     /* the user stopped the run, or Terraform is gone */
    ERR_INTERNAL,    /* a bug in the provider */
};

struct error {
    enum error_kind kind;
    /* ERR_TIMEOUT: how the last attempt failed; ERR_NONE: it was answered, or there was none.
     * ERR_LOST: ERR_TIMEOUT if this request's time was over before the answer arrived. */
    enum error_kind cause;
    char text[3072];
};

#define NO_ERROR ((struct error){ .kind = ERR_NONE })

/* Both return -1. A text that is too long is cut at the border of a character. */
int error_set(struct error *err, enum error_kind kind, const char *format, ...)
    PRINTF_FORMAT(3, 4);
/* Puts "…: " before the text. */
int error_context(struct error *err, const char *format, ...) PRINTF_FORMAT(2, 3);

#endif
