/* What has to hold before an object is created, changed or deleted. A plan checks it as far as it
 * can, and an apply checks it again. `title` and `text` are those of the diagnostic; texts are
 * sentences that may contain the words of remedies.h and those that each rule adds. Paths and list
 * IDs are templates over the object's attributes (id/id.h).
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_PLAN_CHECKS_H
#define SCHEMA_PLAN_CHECKS_H

#include <stdbool.h>

struct resource_table;

/* Alternative arguments: at most one is set. To create an object, exactly one has to be. (An
 * imported object exists.) */
struct choice {
    const char *const *names; /* ends with NULL */
    const char *advice;       /* sentences */
    bool may_be_several;      /* more may be set, but have to agree, as with read_from */
};

/* ---- before a create ----------------------------------------------------------------------- */

/* Parents that can never have such an object. */
struct parent_rule {
    const char *place;            /* in the parent's body: "properties.billingModel" */
    const char *refused;          /* the text there, ignoring case */
    const char *attribute;        /* the attribute at fault */
    const char *meaning, *action; /* as in a remedy */
};

/* A list of orders may show the order of an object before the list of the objects shows the object.
 * Such an order is one with an item that has the object's natural_key, at the same places as the
 * object. Until the list of the objects shows its object, it prevents another create:
 *   - with the value `open` at the blocker's `status`, however old it is;
 *   - with one of the blocker's values `past`, not at all;
 *   - else while it is younger than `recent_s`, or if its age is not known.
 * The blocker's `place`, `attribute` and `unless` do not apply. */
struct order_rule {
    const char *items; /* place of the list of items */
    /* Place in an item of the object's "id"; the item may not have it. */
    const char *object_id;
    const char *order_id;   /* place in an object of the order's "id" */
    const char *open;       /* "pending" */
    const char *ordered_at; /* place of the time of the order */
    unsigned recent_s;
};

/* An existing object that prevents the create: an entry of a list that has the attribute's value at
 * `place`, and, if given, an end of the value of attribute_too at `place_too`. The object itself
 * does not count. The texts know {blocker.id}, {blocker.name}, {blocker.shown} (the text at
 * `shown`) and {blocker.import}, an import block for it; of an order, one for its object, or
 * nothing as long as that has no ID. */
struct create_blocker {
    const struct order_rule *orders; /* the list has orders; NULL: it has objects */
    /* Not a list: `list_id` is the ID of one object, and a HEAD shows whether it exists. `place`
     * and `status` do not apply. */
    bool is_one;
    const char *list_id;
    const char *api_version;
    const char *place, *attribute, *place_too, *attribute_too;
    /* Entries with one of the values `past` at the place `status` do not count. */
    const char *status;
    const char *const *past;
    const char *shown; /* place */
    /* The bool attribute that allows the create; NULL: nothing does. */
    const char *unless;
    const char *title, *text;
    const char *unread; /* a sentence for the warning that the list cannot be read */
};

/* An attribute with the UNIQUE flag is omitted: the service uses the owner of the account that
 * another attribute names, and returns that owner without any permission (dialect, read_owner). The
 * texts know {account} and {owner}. */
struct owner_rule {
    const char *account; /* the attribute */
    const char *known;   /* a sentence: who the owner is */
    const char *unknown; /* sentences: the service does not return the owner */
};

/* ---- references to other objects ----------------------------------------------------------- */

/* How a value names an object in a list. */
enum reference_by {
    REFERENCE_BY_ID,     /* by the object's ID */
    REFERENCE_BY_NAME,   /* by the last segment of the ID */
    REFERENCE_BY_UNIQUE, /* by the object's UNIQUE attribute */
};

/* A diagnostic about an object that exists, by a text or a bool ("false") in its body. */
struct reference_state {
    const char *place, *value; /* ignoring case */
    bool is_warning; /* reported once per session; else an error at the attribute */
    const char *title, *text;
};

/* An attribute that names an object in a list, perhaps of another service. A plan with a new value
 * checks whether the object exists. The check is skipped if the value is unknown, if the same plan
 * creates the object, or if that service is not configured. If the service cannot answer, the plan
 * warns once per cause. The texts know {value}, {list}, and {listed}, the UNIQUE text of the first
 * listed object. */
struct reference_check {
    const char *attribute;
    /* Says where the objects are listed. Attributes of the same names fill the rows of its `list`.
     * It need not be in the registry. */
    const struct resource_table *objects;
    enum reference_by by;
    bool is_refused; /* the object must not exist */
    bool is_warning; /* a warning, not an error */
    /* The service's own directory, which no list has, is valid. */
    bool takes_own_directory;
    bool is_skipped_if_empty; /* an empty list proves nothing */
    const char *title, *text; /* the object is missing, or exists and `is_refused` */
    const struct reference_state *states; /* ends with a NULL place; NULL: none */
};

/* ---- before a delete ----------------------------------------------------------------------- */

/* The delete would destroy more than the object: an error, unless the state has true. */
struct delete_guard {
    const char *allowed_by; /* a bool attribute that only this provider knows */
    const char *text;       /* sentences: what else would be deleted */
};

/* Objects that prevent the delete, such as locks: those of a list with one of `values` at `place`,
 * if they are on the object, on what contains it, or on a part of it. The plan of a delete looks for
 * them if the provider block says so. The texts know {blocker.name} and {blocker.scope}. */
struct delete_blocker {
    const char *list_id;
    const char *api_version;
    const char *place; /* "properties.level" */
    const char *const *values;
    const char *title, *text;
};

/* Objects of a list that are lost with this one. With `allow`, a delete is refused while there are
 * any, unless that attribute is true. Without `allow` the delete goes on, and `loss` stands in the
 * table's destroy_warning as {dependents}, which is empty if there are none. The texts know
 * {dependents.count}, {dependents.noun} (with an s for several) and {dependents.names}, one per
 * line. */
struct dependents_rule {
    const char *list_id; /* in the api-version of the table */
    const char *noun;    /* "customer subscription" */
    /* Objects count whose text at `place` is that of the attribute, or one of `values`, ignoring
     * case; with `values` also those that have no text there. NULL: the whole list. */
    const char *place, *attribute;
    const char *const *values;
    /* Place of a text to show before the name in the ID; NULL: only the name. */
    const char *shown;
    const char *allow;  /* the bool attribute; NULL: `title` and `action` do not apply */
    const char *title;  /* of the error, and of the warning in the plan */
    const char *loss;   /* sentences: what is lost */
    const char *action; /* sentences: how to avoid the loss */
};

/* What a destroy leaves behind elsewhere, by a report of the service: the answer to a POST that
 * changes nothing. Counted are the parts of the object's entry with a text other than "" at
 * `part_place`. The plan of a destroy requests the report, and the table's destroy_warning contains
 * one of the three texts as {leftovers}. */
struct leftover_rule {
    const char *path, *action; /* the path, and its last segment */
    const char *api_version;
    unsigned wait_s; /* how long the report may take */
    /* The object's entry: the one with the attribute's text at `place`; and in it, the parts. */
    const char *entries, *place, *attribute;
    /* An entry with the text `unread` at `state` shows no parts, whatever there are. */
    const char *state, *unread;
    const char *parts, *part_place;
    const char *some, *none, *unknown; /* `some` knows {leftovers.count} */
};

/* The cost of a replacement between the delete and the create, and how to avoid it. The words are
 * filled in for the old object. */
struct replace_warning {
    const char *title;
    const char *always;       /* comes first, and one of the following after it */
    const char *same_parent;  /* another object of the same parent replaces it */
    const char *other_parent; /* the new object has another parent */
    const char *same_id;      /* the same object is deleted and created again */
    const char *tainted;      /* the same, because the state marks it as tainted */
    /* Terraform does not report that -replace or a taint is the cause, and then shows no warnings.
     * So this is an error, as long as the object exists and is fine. NULL: none. */
    const char *refused;
};

#endif
