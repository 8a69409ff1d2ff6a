/* The tables of data sources, ephemeral resources and functions.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_DATA_SOURCE_H
#define SCHEMA_DATA_SOURCE_H

#include "schema/resource.h"
#include "base/error.h"

/* Where objects are listed. All are templates over the data source's attributes. */
struct list_place {
    const char *list_id; /* the ID of the list */
    const char *id;      /* the ID of a data source that returns the whole list */
    const char *label; /* the list in messages, also over {noun}; NULL: the list_label */
};

/* A computed list with one attribute of the items: of those whose attribute `status` is `wanted`,
 * ignoring case. */
struct gather_rule {
    const char *name, *attribute, *status, *wanted;
};

/* A data source looks up objects of a resource table, which need not be in the registry. Without
 * `object`, the columns with the names of a resource's columns describe the objects.
 *
 * An attribute has the value of the object's attribute of the same name. Without `object`, its
 * value is at the place `body` of the answer; `id` is the IS_ID row. A configured value stays as it
 * is.
 *
 * An ephemeral resource is such a table as well. Its values are in no plan and no state. */
struct data_source_table {
    const char *name; /* without the provider's prefix */
    const char *doc;
    const struct resource_table *object;
    const struct attribute *attributes;
    /* For errors of its own request; they precede those of the object. Ends with a NULL code; NULL:
     * none. */
    const struct remedy *remedies;

    /* As in a resource table. NULL: as in `object`. Without an id_type, an ID is any path. */
    const struct service_table *service;
    const char *noun, *parent_noun, *id_type, *api_version, *label, *list_label;
    const char *absent;
    const char *const *gone, *const *parent_gone;
    const char *one_directory_refusal;
    bool needs_person;

    /* ---- how it is read, unless it has a reader in provider/data_sources --------------- */

    /* By a GET of the ID that this template makes; NULL: the object's template. With `keys` and a
     * template that contains one of them, an object found in a list is read by GET as well, since a
     * list may omit members. */
    const char *id;
    /* By a list: the first place whose attributes all have a value. Ends with a NULL list_id. NULL:
     * only by ID. */
    const struct list_place *lists;
    /* Parts of the list's query, templates over the attributes: "$top={count}". A part with a null
     * attribute is left out. In a text within quotation marks, quotation marks are doubled. Ends
     * with NULL; NULL: none. */
    const char *const *query;
    /* The service filters by the first of these attributes that is set. Ends with a NULL attribute;
     * NULL: none. */
    const struct search_rule *searches;
    const struct start_rule *starts; /* only these of the list count; NULL: all */
    /* The provider filters: listed objects count whose attributes of these names are equal, texts
     * ignoring case. Ends with NULL; NULL: none. */
    const char *const *filters;
    /* Exactly one of these arguments has to be set, and names the object: the IS_ID one by a GET,
     * another one as a filter of the list. Ends with NULL; NULL: none. */
    const char *const *keys;
    bool has_no_ids;   /* the listed objects have no ID, or share one */
    bool keeps_digits; /* numbers are read as texts, because a double would round them */

    /* ---- what it returns --------------------------------------------------------------- */

    /* The nested list with a row for each object, ordered by ID. NULL: the list has to contain
     * exactly one object, which the data source returns. */
    const char *items;
    /* The computed map from the items' names to their IDs. A name that two items have is not in it.
     * NULL: none. */
    const char *ids_by_name;
    const struct gather_rule *gather; /* NULL: none */

    /* Validates the whole configuration and then each row; unknown values pass. Pure. NULL:
     * none. */
    void (*check)(struct arena *arena, const struct value *config, struct diags *diags);
};

struct function_parameter {
    const char *name, *doc;
};

enum { FUNCTION_PARAMETERS_MAX = 3 };

/* A pure function of the language. It works without a configured provider. */
struct function_table {
    const char *name;    /* without a prefix */
    const char *summary; /* one sentence */
    const char *doc;
    /* Texts that are known and not null. Ends with a NULL name. */
    struct function_parameter parameters[FUNCTION_PARAMETERS_MAX + 1];
    const struct attribute *result; /* the rows of an object; NULL: a text */
    /* `arguments` are the texts of the parameters. Returns 0 with *out of the result's type,
     * allocated in the arena; or -1 with err set and *at the index of the argument at fault, -1 for
     * none. */
    int (*call)(struct arena *arena, const char *const *arguments,
                const struct value **out, int *at, struct error *err);
};

#endif
