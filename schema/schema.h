/* The tables that describe everything this provider manages, and the functions that read them.
 *
 * A table describes an object; provider/engine acts on it. Tables are constant data, so they can be
 * printed, compared, documented and tested without a network. One row is one attribute. What a row
 * cannot express becomes a column that the next resource can use as well.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "schema/data_source.h"
#include "schema/resource.h"

struct provider_table {
    const char *name; /* "azurestack" */
    const char *doc;
    const struct attribute *attributes;
};

/* The rows of the `timeouts` block that a table has. In the arena; ends with a NULL name. */
const struct attribute *schema_timeouts_rows(struct arena *arena,
                                             const struct resource_table *table);

/* Object types in the schema: of all attributes, of one, and of a resource with its `timeouts`
 * block. In the arena. */
const struct type *schema_rows_type(struct arena *arena, const struct attribute *rows);
const struct type *schema_attribute_type(struct arena *arena,
                                         const struct attribute *attribute);
const struct type *schema_resource_type(struct arena *arena,
                                        const struct resource_table *table);

/* The value of the row's default_value, which is not NULL. In the arena. */
const struct value *schema_default(struct arena *arena, const struct attribute *row);

/* The row with the name; NULL: none. */
const struct attribute *schema_find(const struct attribute *rows, const char *name);
/* The first row with the flag; NULL: none. */
const struct attribute *schema_find_flag(const struct attribute *rows, unsigned flag);
size_t schema_count(const struct attribute *rows);

/* 0: exactly one of the choice's attributes has a value (`may_be_several`: at least one), or none if
 * `may_lack`, or one is unknown and may be it. -1 with an error that ends with the choice's advice
 * (NULL: none). */
int schema_check_choice(struct arena *arena, const struct choice *choice, bool may_lack,
                        const struct value *object, struct diags *diags);

/* Adds an error for each REQUIRED row that is null in a configuration's object, which is at `parent`.
 * Terraform refuses an omitted argument, but passes `argument = null`. schema_validate() checks nested
 * objects. */
void schema_check_required(const struct attribute *rows, const struct value *object,
                           const struct path *parent, struct diags *diags);

/* Checks every known value in `object` by its row: one_of, characters_max, id_type, check. A text with
 * U+0000, and a null element of a collection, are errors in every row. Checks REQUIRED rows in nested
 * objects, but not at the top, since an import knows a part only. Unknown values pass. `parent`:
 * PATH_NONE at the top. */
void schema_validate(struct arena *arena, const struct attribute *rows,
                     const struct value *object, const struct path *parent,
                     struct diags *diags);

#endif
