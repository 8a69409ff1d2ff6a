/* What Microsoft Entra or AD FS says when it does not give a token, and what to do about it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_ENTRA_H
#define AUTH_ENTRA_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/call.h"
#include "base/error.h"

/* Codes, their meaning and action; a table ends with number 0. */
struct entra_code {
    int number;
    bool is_transient; /* the same request may be granted a little later */
    const char *meaning, *action;
};
extern const struct entra_code entra_codes[], adfs_codes[]; /* AADSTS…, MSIS… */

/* The parts of an error body, all in the arena; false if it is none. */
struct entra_failure {
    const char *error;                     /* "invalid_client" */
    const char *description;               /* first line, whole; never NULL */
    int number;                            /* of AADSTS or MSIS; 0: there is none */
    const struct entra_code *codes;        /* the table that it is of; never NULL */
    const char *trace_id, *correlation_id; /* NULL: none */
    const struct entra_code *own_codes;    /* looked up before those; NULL: none */
};
/* NULL when the code is not known here. */
const struct entra_code *entra_find_code(const struct entra_failure *failure);
bool entra_parse_failure(struct arena *arena, struct bytes body,
                         struct entra_failure *out);

/* Sets ERR_CREDENTIAL and returns -1.
 *   service  "Microsoft Entra" or "AD FS"
 *   principal      what it refused
 *   hidden   secrets to redact if the service repeats them; ends with NULL */
int entra_explain(struct arena *arena, const char *service,
                  const struct entra_failure *failure, const char *principal,
                  const char *const *hidden, struct error *err);

#endif
