/* Where each argument of the provider block has its value from: the block, the first of its
 * variables that is set and not empty, its default. An empty text in the block is a value:
 * nothing, whatever the variables hold.
 *
 * What the block says about signing in is never mixed with what the environment says about
 * another way to sign in or another identity. A variable is not used when
 *
 *   - the block chooses ways to sign in (CHOOSES), and the argument belongs to another one
 *     (.sign_in). A switch counts if it is true, another argument if it is not empty and no
 *     switch of the same way is off. The variable of a switch may still turn it off.
 *   - the block gives the same thing in another form (.other_forms): a file, say.
 *   - it came with another identity (.given_with): the block names one, the environment
 *     names one, and they differ. So a secret goes out under the client ID that was set
 *     beside it, and under no other.
 *
 * Source: azurerm issue 33202
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_SETTINGS_H
#define CONFIGURE_SETTINGS_H

#include "schema/schema.h"

struct setting {
    const struct attribute *row;
    const struct value *block; /* known and not null; NULL: the block leaves it out */
    const char *variable;      /* the one that counts; NULL: none is set */
    const char *text;          /* what it holds */
    const char *unused; /* why it is not used though the block leaves the argument out: a
                           clause with the names of arguments; NULL: it is used */
};

struct settings {
    const struct setting *items; /* one for each row, in their order */
    size_t count;
};

enum settings_from {
    SETTINGS_OF_ALL,
    SETTINGS_OF_BLOCK, /* no variables */
};

/* In the arena, but for texts, which are the object's or the environment's. `object` has no
 * unknown values. */
struct settings settings_read(struct arena *arena, const struct attribute *rows,
                              const struct value *object, enum settings_from from);

/* By the name of a row, which has to be there. The text may be NULL or empty. */
const struct attribute *settings_row(const struct settings *settings, const char *name);
const char *settings_text(const struct settings *settings, const char *name);
bool settings_is_on(const struct settings *settings, const char *name);
/* The value of a list in the block, or NULL, and then its variable's text or NULL. */
const struct value *settings_list(const struct settings *settings, const char *name,
                                  const char **text);

/* The variables that are used hold what validation of the block could not see: the same
 * checks, with their names. -1 with diagnostics. */
int settings_check(struct arena *arena, const struct settings *settings,
                   struct diags *diags);

/* A line "ARM_CLIENT_SECRET is not used: …" for each such variable, each with a line break
 * before it; empty: there is none. */
const char *settings_unused(struct arena *arena, const struct settings *settings);

#endif
