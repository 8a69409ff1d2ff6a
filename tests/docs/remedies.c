/* What the manual says of error codes, and of the API behind a page.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "auth/entra.h"
#include "docs.h"
#include "id/id.h"

/* In a diagnostic the words are filled in from an id; here they are named. */
static const char *find_word(void *state, const char *name)
{
    const struct page *page = state;
    const struct resource_table *table = page->resource;
    const char *parent =
        table != NULL && table->parent_noun != NULL ? table->parent_noun : "resource";
    if (strcmp(name, "noun") == 0)
        return table != NULL ? table->noun : "object";
    if (strcmp(name, "parent_noun") == 0)
        return parent;
    if (strcmp(name, "parent.subscription") == 0)
        return arena_print(page->arena, "&lt;the %s's subscription&gt;", parent);
    if (strcmp(name, "parent.resource_group") == 0)
        return arena_print(page->arena, "&lt;the %s's resource group&gt;", parent);
    if (strcmp(name, "parent.name") == 0)
        return arena_print(page->arena, "&lt;the %s's name&gt;", parent);
    return NULL;
}

static const char *fill(const struct page *page, const char *text)
{
    const char *filled = id_template_fill(page->arena, text, find_word, (void *)page);
    if (filled == NULL)
        docs_fail("%s: a remedy has a word that is not known: %s", page->path, text);
    return filled;
}

static void add_rows(struct buf *out, const struct page *page, const struct remedy *rows)
{
    buf_add_text(out, "| code | what it means | what to do |\n| --- | --- | --- |\n");
    for (; rows != NULL && rows->code != NULL; rows++)
        buf_print(out, "| `%s` | %s | %s |\n", rows->code, fill(page, rows->meaning),
                  fill(page, rows->action));
    buf_add_char(out, '\n');
}

void section_remedies(struct buf *out, const struct page *page)
{
    const struct remedy *rows = page->resource != NULL    ? page->resource->remedies
                                : page->ephemeral != NULL ? page->ephemeral->remedies
                                                          : NULL;
    if (rows != NULL)
        add_rows(out, page, rows);
}

void section_common_remedies(struct buf *out, const struct page *page)
{
    add_rows(out, page, schema_common_remedies);
}

void section_sign_in_remedies(struct buf *out, const struct page *page)
{
    (void)page;
    buf_add_text(out, "| code | what it means | what to do |\n| --- | --- | --- |\n");
    for (const struct entra_code *code = entra_codes; code->number != 0; code++)
        buf_print(out, "| `AADSTS%d` | %s | %s |\n", code->number, code->meaning,
                  code->action);
    buf_add_char(out, '\n');
}

void section_api(struct buf *out, const struct page *page)
{
    const struct resource_table *table =
        page->resource != NULL      ? page->resource
        : page->list != NULL        ? page->list
        : page->data_source != NULL ? page->data_source->object
        : page->ephemeral != NULL   ? page->ephemeral->object
                                    : NULL;
    if (table == NULL)
        return;
    buf_print(
        out,
        "## API Providers\n\nThis uses the following Azure API Providers, in public "
        "Azure Resource Manager:\n\n* `%.*s` - %s\n",
        (int)strcspn(table->id_type, "/"), table->id_type, table->api_version);
}
