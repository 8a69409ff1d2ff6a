/* Explains why Microsoft Entra or AD FS does not return a token, and what to do.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_ENTRA_H
#define AUTH_ENTRA_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/call.h"
#include "base/error.h"

/* Codes with their meaning and what to do. A table ends with the number 0. */
struct entra_code {
    int number;
    bool is_transient; /* the same request may succeed a little later */
    const char *meaning, *action;
};
/* How actions name where the login service and the audience come from. */
#define ENTRA_CLOUD "environment and endpoint in the provider block"
extern const char entra_wrong_clock[]; /* an action: the clocks of the two sides differ */
extern const struct entra_code entra_codes[], adfs_codes[]; /* AADSTS…, MSIS… */

/* The parts of an error body, in the arena. entra_parse_failure() returns false if the body is not
 * one. */
struct entra_failure {
    const char *error;              /* "invalid_client" */
    const char *description;        /* the first line, unshortened; never NULL */
    int number;                     /* of AADSTS… or MSIS…; 0: none */
    const struct entra_code *codes; /* the table that the number belongs to; never NULL */
    const char *trace_id, *correlation_id; /* NULL: none */
    const struct entra_code *own_codes;    /* searched before `codes`; NULL: none */
};
/* The entry for the number; NULL: the code is in no table. */
const struct entra_code *entra_find_code(const struct entra_failure *failure);
bool entra_parse_failure(struct arena *arena, struct bytes body,
                         struct entra_failure *out);

/* Sets ERR_CREDENTIAL and returns -1.
 *   service    "Microsoft Entra" or "AD FS"
 *   principal  what was refused
 *   hidden     secrets to redact if the service repeats them; ends with NULL */
int entra_explain(struct arena *arena, const char *service,
                  const struct entra_failure *failure, const char *principal,
                  const char *const *hidden, struct error *err);

#endif
