/* How the IDs of one family of services are parsed, written and compared. An ID is a text, and also
 * the path of the object's requests; the engine uses it only through these functions. Pure.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ID_SCHEME_H
#define ID_SCHEME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct id_scheme {
    const char *name;       /* "ARM" */
    bool is_case_sensitive; /* IDs that differ in case are different objects */

    /* The ID in canonical form, in the arena. NULL with `err`: the text is not an ID of this type.
     *   type    as in the table ("Microsoft.AzureStack/registrations"); NULL: any
     *   err     ERR_INVALID; its text is a clause: "it is the ID of a resource group" */
    const char *(*parse)(struct arena *arena, const char *text, const char *type,
                         struct error *err);
    /* Both are IDs of the same object. A text that is not an ID equals at most itself, in any case. */
    bool (*is_equal)(struct arena *arena, const char *a, const char *b);
    /* The form of an ID of this type, for messages. */
    const char *(*form)(struct arena *arena, const char *type);
    /* A part of an ID, for messages: "name", or another part that the scheme has. NULL: none. */
    const char *(*part)(struct arena *arena, const char *id, const char *name);
    /* Only the case of these variants differs from the ID. A service that is case-sensitive may
     * have the object under one of them although the user wrote `id`. Without `id` itself; ends
     * with NULL. */
    const char *const *(*case_variants)(struct arena *arena, const char *id);
};

/* /subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}…
 * Parts: subscription, resource_group, namespace, name; scope, the object that an extension such as
 * a lock belongs to; and subscription_option, which is " --subscription ID" for the Azure CLI, or
 * "". A service may store a name that is a GUID in lower case or in capitals. */
extern const struct id_scheme id_scheme_arm;

/* /v1/customers/{name}: plain segments, compared exactly. A type is such a path with {} in place of
 * each name. Parts: name. */
extern const struct id_scheme id_scheme_path;
/* The same, ignoring case. In canonical form, fixed words have the case of the type, and GUIDs are
 * in lower case. */
extern const struct id_scheme id_scheme_path_any_case;

#endif
