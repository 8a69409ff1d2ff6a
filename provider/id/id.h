/* ARM resource IDs: parse them, write them in canonical form, compare them, and describe an ID of
 * the wrong type. Pure.
 *
 * Fixed words (subscriptions, resourceGroups, providers, the namespace, types) are compared
 * ignoring case and written in their canonical form. Names are compared ignoring case and keep the
 * case that they have.
 * Source: azcore arm.ParseResourceID; azure-resource-manager-rpc, "resource names are matched
 * case-insensitively, casing preserved"
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

/* /subscriptions/{s}[/resourceGroups/{g}][/providers/{namespace}/{type}/{name}…], or an object of
 * the whole directory: /providers/{namespace}/{type}/{name}…
 *
 * In the `type` of the functions below, a prefix says where such objects are:
 *   in a resource group               "Microsoft.AzureStack/registrations"
 *   in a subscription, in no group    "subscriptions/Microsoft.Subscriptions.Admin/offers"
 *   in the directory                  "/Microsoft.Billing/billingAccounts" */
struct id {
    const char *subscription;   /* NULL: an object of the directory */
    const char *resource_group; /* NULL: a subscription, or in no group */
    const char *namespace;      /* NULL: a subscription, or a group */
    struct id_level levels[ID_LEVELS_MAX];
    size_t level_count;
};

/*
 * Parses an ID; copies its texts into the arena. The first slash may be missing, as in IDs that
 * PowerShell prints, and there may be one slash at the end.
 *
 * Errors: ERR_INVALID  the text says at which segment it is not an ID
 */
int id_parse(struct arena *arena, const char *text, struct id *out, struct error *err);

/* The ID with the fixed words in canonical form. The namespace and the types get the case that they
 * have in `type` ("Microsoft.AzureStack/registrations") if they are the same words. NULL: they keep
 * their case. */
const char *id_format(struct arena *arena, const struct id *id, const char *type);

/* The form of an ID of this type, for messages:
 * "/subscriptions/{subscription ID}/resourceGroups/{resource group}/providers/…/{registration}". */
const char *id_form(struct arena *arena, const char *type);

/* The ID has this type, ignoring case:
 * "Microsoft.AzureStack/registrations/customerSubscriptions". */
bool id_is_of_type(const struct id *id, const char *type);
/* What the ID identifies, for messages: "a subscription", "a resource group", "a resource of type
 * X/y". */
const char *id_describe(struct arena *arena, const struct id *id);
bool id_equal(const struct id *a, const struct id *b);

/* The ID without its last level. It must have a level. */
struct id id_parent(const struct id *id);

/*
 * Templates: `{registration_id}/customerSubscriptions/{customer_subscription_id}`. A placeholder at
 * the beginning of the template is a whole parent ID, any other placeholder is one name.
 */
enum { ID_PLACEHOLDERS_MAX = 4 };

struct id_template_part {
    const char *name; /* of the placeholder */
    const char *text; /* the part of the ID that it matches */
};

/* The template with each placeholder replaced by what `find` returns for it. NULL: `find` returned
 * NULL for one of them. */
const char *id_template_fill(struct arena *arena, const char *template,
                             const char *(*find)(void *state, const char *name),
                             void *state);
/* The inverse: the text of each placeholder, in parts[0 … *count). `id` is in canonical form.
 * False: it does not match the template. */
bool id_template_match(struct arena *arena, const char *template, const char *id,
                       struct id_template_part parts[ID_PLACEHOLDERS_MAX], size_t *count);

#endif
