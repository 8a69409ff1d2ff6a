/* What the manual says of attributes: lists of arguments and attributes, and the provider's
 * variables. The wording is azurerm's, which users know.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "docs.h"
#include "schema/tables.h"

enum { ROWS_MAX = 200 };

struct rows {
    const struct attribute *items[ROWS_MAX];
    size_t count;
};

static const struct attribute *rows_of(const struct page *page)
{
    return page->resource != NULL      ? page->resource->attributes
           : page->list != NULL        ? page->list->list
           : page->data_source != NULL ? page->data_source->attributes
           : page->ephemeral != NULL   ? page->ephemeral->attributes
           : page->function != NULL    ? page->function->result
                                       : provider_table.attributes;
}

/* ---- order ------------------------------------------------------------------------------ */

static bool is_argument(const struct attribute *row)
{
    return (row->flags & (REQUIRED | OPTIONAL)) != 0;
}

static int compare(const void *a, const void *b)
{
    const struct attribute *x = *(const struct attribute *const *)a,
                           *y = *(const struct attribute *const *)b;
    unsigned differs = (x->flags ^ y->flags) & REQUIRED;
    if (differs != 0)
        return (x->flags & REQUIRED) != 0 ? -1 : 1;
    bool x_is_id = strcmp(x->name, "id") == 0, y_is_id = strcmp(y->name, "id") == 0;
    if (x_is_id != y_is_id && !is_argument(x))
        return x_is_id ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Required ones first, then by the alphabet; `id` leads the attributes. The provider block
 * keeps the order of its table, which is that of the ways to sign in. */
static void choose(struct rows *chosen, const struct attribute *rows, bool arguments)
{
    chosen->count = 0;
    for (const struct attribute *row = rows; row != NULL && row->name != NULL; row++) {
        if (is_argument(row) == arguments && chosen->count < ROWS_MAX)
            chosen->items[chosen->count++] = row;
    }
    if (rows != provider_table.attributes)
        qsort(chosen->items, chosen->count, sizeof *chosen->items, compare);
}

/* ---- one row ------------------------------------------------------------------------------ */

/* "Optional, list of string, sensitive". */
static void add_marks(struct buf *out, struct arena *arena, const struct attribute *row)
{
    buf_add_text(out, (row->flags & REQUIRED) != 0 ? "Required" : "Optional");
    if (row->nesting == NESTING_LIST || row->nesting == NESTING_SET)
        buf_add_text(out, row->nesting == NESTING_LIST ? ", list of objects"
                                                       : ", set of objects");
    else if (row->nesting != NESTING_NONE)
        buf_add_text(out, row->nesting == NESTING_MAP ? ", map of objects" : ", object");
    else if (row->type != &type_string)
        buf_print(out, ", %s", type_name(arena, row->type));
    if ((row->flags & SENSITIVE) != 0)
        buf_add_text(out, ", sensitive");
    if ((row->flags & WRITE_ONLY) != 0)
        buf_add_text(out, ", write-only");
}

/* What the columns say and `.doc` does not say itself. */
static void add_columns(struct buf *out, const struct attribute *row)
{
    if (row->one_of != NULL && strstr(row->doc, "ossible values are") == NULL) {
        buf_add_text(out, " Possible values are");
        for (const char *const *one = row->one_of; *one != NULL; one++)
            buf_print(out, "%s `%s`",
                      one == row->one_of ? ""
                      : one[1] == NULL   ? " and"
                                         : ",",
                      *one);
        buf_add_char(out, '.');
    }
    for (const char *const *one = row->env; one != NULL && *one != NULL; one++) {
        if (strstr(row->doc, *one) == NULL)
            buf_print(out,
                      " This can also be sourced from the `%s` Environment Variable.",
                      *one);
    }
    if (row->default_value != NULL && strstr(row->doc, "efaults to") == NULL)
        buf_print(out, " Defaults to `%s`.", row->default_value);
    if ((row->flags & REPLACE) != 0 && is_argument(row) &&
        strstr(row->doc, "Changing this forces a new resource") == NULL)
        buf_add_text(out, " Changing this forces a new resource to be created.");
    if (row->version != NULL)
        buf_print(
            out,
            " The value stands in no plan and no state: change `%s` to send another "
            "one. This needs Terraform 1.11 or OpenTofu 1.11, or later.",
            row->version);
}

static void add_list(struct buf *out, struct arena *arena, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct attribute *row = rows->items[i];
        buf_print(out, "* `%s` - ", row->name);
        if (is_argument(row)) {
            buf_add_char(out, '(');
            add_marks(out, arena, row);
            buf_add_text(out, ") ");
        } else if ((row->flags & SENSITIVE) != 0) {
            buf_add_text(out, "(Sensitive) ");
        }
        buf_add_text(out, row->doc);
        add_columns(out, row);
        buf_add_text(out, "\n\n");
    }
}

static void add_nested(struct buf *out, struct arena *arena, const struct rows *rows,
                       bool arguments)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct attribute *row = rows->items[i];
        if (row->nesting == NESTING_NONE)
            continue;
        struct rows inner;
        choose(&inner, row->rows, arguments);
        buf_print(out, "---\n\n%s `%s` %s:\n\n",
                  row->nesting == NESTING_SINGLE ? "The object" : "An element of",
                  row->name,
                  arguments ? "supports the following" : "exports the following");
        add_list(out, arena, &inner);
    }
}

/* ---- sections ------------------------------------------------------------------------------- */

void section_arguments(struct buf *out, const struct page *page)
{
    struct rows rows;
    choose(&rows, rows_of(page), true);
    if (rows.count == 0)
        return;
    buf_print(out, "## Arguments Reference\n\n%s\n\n",
              page->list != NULL ? "This list resource supports the following arguments, "
                                   "inside its `config` block:"
                                 : "The following arguments are supported:");
    add_list(out, page->arena, &rows);
    add_nested(out, page->arena, &rows, true);
}

void section_attributes(struct buf *out, const struct page *page)
{
    struct rows rows;
    choose(&rows, rows_of(page), false);
    if (rows.count == 0)
        return;
    buf_add_text(out,
                 "## Attributes Reference\n\nIn addition to the Arguments listed above "
                 "- the following Attributes are exported:\n\n");
    add_list(out, page->arena, &rows);
    add_nested(out, page->arena, &rows, false);
}

static void add_variables(struct buf *out, const struct attribute *rows,
                          const char *above)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        buf_print(out, "| `%s%s%s` |", above, *above != '\0' ? "." : "", row->name);
        for (const char *const *one = row->env; one != NULL && *one != NULL; one++)
            buf_print(out, "%s `%s`", one == row->env ? "" : ",", *one);
        if (row->default_value != NULL)
            buf_print(out, " | `%s` |\n", row->default_value);
        else
            buf_add_text(out, " | |\n");
        if (row->nesting != NESTING_NONE)
            add_variables(out, row->rows, row->name);
    }
}

void section_variables(struct buf *out, const struct page *page)
{
    (void)page;
    buf_add_text(out, "| argument | variables | default |\n| --- | --- | --- |\n");
    add_variables(out, provider_table.attributes, "");
    buf_add_char(out, '\n');
}

void section_timeouts(struct buf *out, const struct page *page)
{
    if (page->resource == NULL)
        return;
    const struct attribute *rows = schema_timeouts_rows(page->arena, page->resource);
    if (rows->name == NULL)
        return;
    buf_add_text(out,
                 "## Timeouts\n\nThe `timeouts` block allows you to specify how long "
                 "certain actions may take, such as `\"1h30m\"`:\n\n");
    for (; rows->name != NULL; rows++)
        buf_print(out, "* `%s` - %s\n\n", rows->name, rows->doc);
}

void section_identity(struct buf *out, const struct page *page)
{
    if (page->resource == NULL || page->resource->identity == NULL)
        return;
    struct rows rows = { .count = 0 };
    for (const struct attribute *row = page->resource->identity; row->name != NULL; row++)
        rows.items[rows.count++] = row;
    add_list(out, page->arena, &rows);
}

void section_function(struct buf *out, const struct page *page)
{
    const struct function_table *function = page->function;
    if (function == NULL)
        return;
    buf_print(out, "## Signature\n\n```text\n%s(", function->name);
    for (const struct function_parameter *one = function->parameters; one->name != NULL;
         one++)
        buf_print(out, "%s%s string", one == function->parameters ? "" : ", ", one->name);
    buf_print(out, ") %s\n```\n\n## Arguments\n\n",
              function->result != NULL ? "object" : "string");
    for (const struct function_parameter *one = function->parameters; one->name != NULL;
         one++)
        buf_print(out, "* `%s` - (Required) %s\n\n", one->name, one->doc);
    struct rows rows;
    choose(&rows, function->result, false);
    if (rows.count != 0)
        buf_add_text(out, "## Result\n\nAn object with the following attributes:\n\n");
    add_list(out, page->arena, &rows);
}
