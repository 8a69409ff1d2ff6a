/* ARM resource ids: parse, spell canonically, compare, and say what a wrong id is instead.
 * Pure.
 *
 * Fixed words (subscriptions, resourceGroups, providers, namespace, types) are compared
 * ignoring case and written in their canonical form; names keep the form they
 * came with, and are compared ignoring case.
 * Source: azcore arm.ParseResourceID; azure-resource-manager-rpc, "resource names are
 * matched case-insensitively, casing preserved"
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ID_ID_H
#define ID_ID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum { ID_LEVELS_MAX = 8, ID_BYTES_MAX = 4096 };

struct id_level {
    const char *type; /* "registrations" */
    const char *name;
};

/* /subscriptions/{s}[/resourceGroups/{g}][/providers/{namespace}/{type}/{name}…], or an object of the
 * directory as a whole: /providers/{namespace}/{type}/{name}… The types of the latter are written with
 * a slash before them, "/Microsoft.Billing/billingAccounts"; those of what is in a subscription and
 * in no resource group with a word, "subscriptions/Microsoft.Subscriptions.Admin/offers". */
struct id {
    const char *subscription;   /* NULL: it is in none */
    const char *resource_group; /* NULL: a subscription's id, or in none */
    const char *namespace;      /* NULL: a resource group's id */
    struct id_level levels[ID_LEVELS_MAX];
    size_t level_count;
};

/*
 * Take an id apart; texts are copied into the arena. A missing leading slash is accepted
 * (PowerShell writes ids so), as is one slash at the end.
 *
 * Errors: ERR_INVALID  text says at which segment it stops being an id
 */
int id_parse(struct arena *arena, const char *text, struct id *out, struct error *err);

/* With the fixed words in canonical form. Types and the namespace are spelled as in
 * `type` ("Microsoft.AzureStack/registrations") as far as they agree ignoring case; NULL:
 * as they came. */
const char *id_format(struct arena *arena, const struct id *id, const char *type);

/* What an id of a type looks like, for messages:
 * "/subscriptions/{subscription}/resourceGroups/{resource group}/providers/…/{name}". */
const char *id_form(struct arena *arena, const char *type);

/* "Microsoft.AzureStack/registrations/customerSubscriptions" or a part of it; ignoring
 * case. */
bool id_is_of_type(const struct id *id, const char *type);
/* What the id names, with its article, for messages: "a subscription", "a resource group", "an
 * object of type X/y". */
const char *id_describe(struct arena *arena, const struct id *id);
bool id_equal(const struct id *a, const struct id *b);

/* The id without its last level, which must exist. */
struct id id_parent(const struct id *id);

/*
 * Templates: `{registration_id}/customerSubscriptions/{customer_subscription_id}`. A
 * placeholder at the very beginning stands for a whole parent id, any other for one name.
 */
enum { ID_PLACEHOLDERS_MAX = 4 };

struct id_template_part {
    const char *name; /* of the placeholder */
    const char *text; /* what stands there */
};

/* The text with each placeholder replaced by what `find` gives; NULL if it gives NULL for
 * one. */
const char *id_template_fill(struct arena *arena, const char *template,
                             const char *(*find)(void *state, const char *name),
                             void *state);
/* The other direction: the placeholders' texts, parts[0 … *count). False if the id (which
 * is canonical) does not fit the template. */
bool id_template_match(struct arena *arena, const char *template, const char *id,
                       struct id_template_part parts[ID_PLACEHOLDERS_MAX], size_t *count);

#endif
