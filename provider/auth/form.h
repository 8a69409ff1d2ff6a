/* A form-encoded body that holds a secret: wiped when it is cleared, and it remembers what
 * must not be seen in an answer that repeats it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_FORM_H
#define AUTH_FORM_H

#include <stddef.h>

#include "base/secret.h"

enum { FORM_SECRETS_MAX = 2 };

/* Starts as zeroes. */
struct form {
    char *text; /* ends in NUL; NULL: nothing was added */
    size_t length, room;
    struct secret *hidden[FORM_SECRETS_MAX]; /* those that were added; NULL: no more */
};

/* The value is percent-encoded; the name is taken as it is. */
void form_add(struct form *form, const char *name, const char *value);
void form_add_secret(struct form *form, const char *name, const struct secret *value);
void form_clear(struct form *form);
#define auto_form CLEANUP(form_clear) struct form

#endif
