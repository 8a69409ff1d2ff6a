/* The manual: docs/ in the registry's layout, written from the tables, the examples and the
 * pages in tests/docs/pages, in which {{words}} stand for what the tables say.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DOCS_DOCS_H
#define DOCS_DOCS_H

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"

enum { PAGE_BYTES_MAX = 500 * 1024 }; /* the registry shows no longer ones */

/* What a page is about: of the tables at most one is set; none for index and guides. */
struct page {
    struct arena *arena;
    const char *root; /* of the source tree */
    const char *path; /* below docs/, with .md */
    const struct resource_table *resource;
    const struct resource_table *list; /* as a list resource */
    const struct data_source_table *data_source, *ephemeral;
    const struct function_table *function;
};

/* The page from its template. Ends the program when the template is wrong. */
void page_write(struct buf *out, const struct page *page);

/* "azurestack_customer_subscription"; of a function its bare name. */
const char *page_type(const struct page *page);

/* Whole sections with their headings; nothing where the tables have nothing to say. */
void section_arguments(struct buf *out, const struct page *page);
void section_attributes(struct buf *out, const struct page *page);
void section_variables(struct buf *out, const struct page *page);
void section_timeouts(struct buf *out, const struct page *page);
void section_identity(struct buf *out, const struct page *page);
void section_function(struct buf *out, const struct page *page);
void section_remedies(struct buf *out, const struct page *page);
void section_common_remedies(struct buf *out, const struct page *page);
void section_sign_in_remedies(struct buf *out, const struct page *page);
void section_api(struct buf *out, const struct page *page);

/* The text of a file, in the arena. Ends the program, naming the file, without one. */
char *docs_read(struct arena *arena, const char *path);
/* Prints "docs: …" and ends the program. */
void docs_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
