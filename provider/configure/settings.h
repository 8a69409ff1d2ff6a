/* The source of each argument of the provider block: the block, else the first of its variables
 * that is set and not empty, else its default. An empty text in the block is a value, and overrides
 * the variables.
 *
 * What the block says about signing in is never mixed with what the environment says about another
 * way to sign in, or about another identity. A variable is not used if
 *
 *   - the block selects ways to sign in (CHOOSES), and the argument belongs to another way
 *     (.sign_in). A switch selects its way if it is true, any other argument if it is not empty and
 *     no switch of its way is off. The variable of a switch can still turn the switch off.
 *   - the block has the same setting in another form (.other_forms), such as a file. The second name
 *     of a variable, which other programs use as well, is not used if a variable has another form.
 *   - the variable belongs to another identity (.given_with): the block names an identity, the
 *     environment names one, and they are different. So a secret is only sent with the client ID
 *     that was set beside it.
 *
 * Source: azurerm issue 33202
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_SETTINGS_H
#define CONFIGURE_SETTINGS_H

#include "schema/schema.h"

struct setting {
    const struct attribute *row;
    const struct value *block; /* known and not null; NULL: the block omits it */
    const char *variable;      /* the first that is set and not empty; NULL: none */
    const char *text;          /* the value of the variable */
    /* Why the variable is not used although the block omits the argument: a clause that names
     * arguments. NULL: it is used. */
    const char *unused;
};

struct settings {
    const struct setting *items; /* one for each row, in the order of the rows */
    size_t count;
};

enum settings_from {
    SETTINGS_OF_ALL,
    SETTINGS_OF_BLOCK, /* without variables */
};

/* Reads the settings. The result is in the arena, except for texts, which belong to `object` or the
 * environment. `object` has no unknown values. */
struct settings settings_read(struct arena *arena, const struct attribute *rows,
                              const struct value *object, enum settings_from from);

/* The block omits the argument, and its variable is used. */
bool setting_is_from_variable(const struct setting *setting);

/* These take the name of a row, which has to exist. settings_text() may return NULL or "". */
const struct attribute *settings_row(const struct settings *settings, const char *name);
const char *settings_text(const struct settings *settings, const char *name);
bool settings_is_on(const struct settings *settings, const char *name);
/* The value of a list in the block; NULL: the block omits it. *text is then the value of its
 * variable, or NULL. */
const struct value *settings_list(const struct settings *settings, const char *name,
                                  const char **text);

/* Texts without the white space around them, which a sign-in removes, or addresses of one host. */
bool settings_is_same(const char *a, const char *b);

/* The block and the environment have different values of these rows. `names` ends with NULL. */
bool settings_differ(const struct settings *settings, const char *const *names);

/* The block names an application and no way to sign in, a variable has the secret or the certificate
 * of another one, and no variable says whether to use the Azure CLI. */
bool settings_have_others_proof(const struct settings *settings);

/* Checks the values of the variables that are used, because validation of the block did not see
 * them. The errors name the variables. -1 with diagnostics. */
int settings_check(struct arena *arena, const struct settings *settings,
                   struct diags *diags);

/* A line "ARM_CLIENT_SECRET is not used: …" for each variable that is not used, each after a line
 * break; "": there is none. */
const char *settings_unused(struct arena *arena, const struct settings *settings);

#endif
