/* A form-encoded body that contains secrets. Wiped when it is cleared. It keeps the secrets, so
 * that an answer that repeats them can be redacted.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_FORM_H
#define AUTH_FORM_H

#include "base/buf.h"
#include "base/secret.h"

enum { FORM_SECRETS_MAX = 2 };

struct form {
    struct buf body;
    struct secret *hidden[FORM_SECRETS_MAX]; /* the secrets in it; the rest is NULL */
};

/* Makes an empty form of one that is zeroed, or that was used. */
void form_clear(struct form *form);
/* Adds a member. The value is percent-encoded; the name is not. */
void form_add(struct form *form, const char *name, const char *value);
void form_add_secret(struct form *form, const char *name, const struct secret *value);

#endif
