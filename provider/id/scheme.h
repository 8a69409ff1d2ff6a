/* How the IDs of one family of services are read, written and compared. An ID is a text and
 * the path of the object's requests; the engine knows no more of it than this. Pure.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ID_SCHEME_H
#define ID_SCHEME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct id_scheme {
    const char *name;       /* "ARM" */
    bool is_case_sensitive; /* IDs that differ in case name two objects */

    /* The ID in canonical form, in the arena; NULL with `err` where the text is no ID of
     * this type.
     *   type    as the table says it ("Microsoft.AzureStack/registrations"); NULL: any
     *   err     ERR_INVALID; a clause: "it is the ID of a resource group" */
    const char *(*parse)(struct arena *arena, const char *text, const char *type,
                         struct error *err);
    /* Both name the same object. Texts that are no IDs name none. */
    bool (*is_equal)(struct arena *arena, const char *a, const char *b);
    /* What an ID of the type looks like, for messages. */
    const char *(*form)(struct arena *arena, const char *type);
    /* A part of an ID, for messages: "name", and what the scheme knows besides; NULL: none. */
    const char *(*part)(struct arena *arena, const char *id, const char *name);
    /* The forms, different in case, in which a case-sensitive service may hold the object of an ID that
     * a person wrote, without the ID itself; ends with NULL. */
    const char *const *(*case_variants)(struct arena *arena, const char *id);
};

/* /subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}…
 * Parts: subscription, resource_group, name, and of an extension (a lock) the scope it is on. A name that is a GUID may be held in lower case or
 * in capitals. */
extern const struct id_scheme id_scheme_arm;

/* /v1/customers/{name}: plain segments, compared exactly; a type is such a path with {} in place
 * of each name. Parts: name. */
extern const struct id_scheme id_scheme_path;
/* The same where case does not matter: fixed words as the type spells them, GUIDs in lower case. */
extern const struct id_scheme id_scheme_path_any_case;

#endif
