/* Why a function below `engine` failed.
 *
 * Such a function returns 0 with *out set and err untouched, or -1 with err set and
 * *out untouched. err->kind is for programs, err->text for people. The struct is on
 * the caller's stack and of a fixed size: failing never allocates.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/format.h"

enum error_kind {
    ERR_NONE = 0,
    ERR_INVALID,     /* what the user wrote cannot work as it is */
    ERR_SHAPE,       /* bytes that are not what they should be */
    ERR_TOO_BIG,     /* over a named ceiling */
    ERR_NAME,        /* a host name that does not resolve */
    ERR_TLS,         /* no trust in the peer, or none of the peer in us */
    ERR_UNREACHABLE, /* no connection: the request was never sent */
    ERR_LOST,        /* the request may have arrived, its answer did not */
    ERR_REFUSED,     /* the service answered, and the answer is no */
    ERR_CREDENTIAL,  /* there is no token */
    ERR_TIMEOUT,     /* the operation's own time is over */
    ERR_STOPPED,     /* the user asked to stop, or the host is gone */
    ERR_INTERNAL,    /* this program is wrong */
};

struct error {
    enum error_kind kind;
    /* With ERR_TIMEOUT what the last attempt failed with, with ERR_CREDENTIAL what the request
     * for the token failed with; ERR_NONE: it was answered, or there was none. With ERR_LOST, ERR_TIMEOUT: our own time
     * was over before the answer came. */
    enum error_kind cause;
    char text[3072];
};

#define NO_ERROR ((struct error){ .kind = ERR_NONE })

/* Both return -1. The text is cut at a character's border if it is too long. */
int error_set(struct error *err, enum error_kind kind, const char *format, ...)
    PRINTF_FORMAT(3, 4);
/* Puts `…: ` before the text that is there. */
int error_context(struct error *err, const char *format, ...) PRINTF_FORMAT(2, 3);

#endif
