/* A page from its template: {{word}} or {{word argument}} becomes what the tables and the
 * examples say. A page without a template of its own takes the `default.md` of its folder.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>
#include <unistd.h>

#include "docs.h"
#include "schema/tables.h"

typedef void word_fn(struct buf *out, const struct page *page, const char *argument);

const char *page_type(const struct page *page)
{
    const char *name = page->resource != NULL      ? page->resource->name
                       : page->list != NULL        ? page->list->name
                       : page->data_source != NULL ? page->data_source->name
                       : page->ephemeral != NULL   ? page->ephemeral->name
                                                   : NULL;
    if (page->function != NULL)
        return page->function->name;
    return name != NULL ? arena_print(page->arena, "%s_%s", provider_table.name, name)
                        : provider_table.name;
}

static const char *page_doc(const struct page *page)
{
    return page->resource != NULL      ? page->resource->doc
           : page->data_source != NULL ? page->data_source->doc
           : page->ephemeral != NULL   ? page->ephemeral->doc
           : page->function != NULL    ? page->function->doc
           : page->list != NULL ? arena_print(page->arena, "Lists the %ss of a %s.",
                                              page->list->noun, page->list->parent_noun)
                                : provider_table.doc;
}

/* ---- words ---------------------------------------------------------------------------------- */

static void word_type(struct buf *out, const struct page *page, const char *argument)
{
    (void)argument;
    buf_add_text(out, page_type(page));
}

static void word_doc(struct buf *out, const struct page *page, const char *argument)
{
    (void)argument;
    buf_add_text(out, page_doc(page));
}

static const char *language_of(const char *path)
{
    const char *end = strrchr(path, '.');
    return end == NULL || strcmp(end, ".sh") == 0 ? "shell"
           : strcmp(end, ".tf") == 0 || strcmp(end, ".hcl") == 0 ||
                   strcmp(end, ".tfvars") == 0
               ? "hcl"
           : strcmp(end, ".yml") == 0 || strcmp(end, ".yaml") == 0 ? "yaml"
           : strcmp(end, ".json") == 0                             ? "json"
                                                                   : "text";
}

/* A file below examples/; {type} in its name is the page's type. */
static void word_example(struct buf *out, const struct page *page, const char *argument)
{
    const char *at = strstr(argument, "{type}");
    const char *path =
        at == NULL ? argument
                   : arena_print(page->arena, "%.*s%s%s", (int)(at - argument), argument,
                                 page_type(page), at + strlen("{type}"));
    const char *text = docs_read(
        page->arena, arena_print(page->arena, "%s/examples/%s", page->root, path));
    size_t length = strlen(text);
    while (length != 0 && text[length - 1] == '\n')
        length--;
    buf_print(out, "```%s\n%.*s\n```", language_of(path), (int)length, text);
}

#define SECTION(name)                                                                    \
    static void word_##name(struct buf *out, const struct page *page,                    \
                            const char *argument)                                        \
    {                                                                                    \
        (void)argument;                                                                  \
        section_##name(out, page);                                                       \
    }
SECTION(arguments)
SECTION(attributes)
SECTION(variables)
SECTION(timeouts)
SECTION(identity)
SECTION(function)
SECTION(common_remedies)
SECTION(sign_in_remedies)
SECTION(api)

/* Of the page's own resource, or of the one that the argument names. */
static void word_remedies(struct buf *out, const struct page *page, const char *argument)
{
    struct page other = *page;
    if (strcmp(argument, customer_subscription_table.name) == 0)
        other.resource = &customer_subscription_table;
    else if (strcmp(argument, registration_table.name) == 0)
        other.resource = &registration_table;
    section_remedies(out, &other);
}

static const struct {
    const char *name;
    word_fn *write;
} words[] = {
    { "type", word_type },
    { "doc", word_doc },
    { "example", word_example },
    { "arguments", word_arguments },
    { "attributes", word_attributes },
    { "variables", word_variables },
    { "timeouts", word_timeouts },
    { "identity", word_identity },
    { "function", word_function },
    { "remedies", word_remedies },
    { "common_remedies", word_common_remedies },
    { "sign_in_remedies", word_sign_in_remedies },
    { "api", word_api },
};

/* ---- templates ------------------------------------------------------------------------------ */

static const char *read_template(const struct page *page)
{
    struct arena *arena = page->arena;
    const char *path =
        arena_print(arena, "%s/tests/docs/pages/%s", page->root, page->path);
    if (access(path, R_OK) != 0)
        path = arena_print(arena, "%s/tests/docs/pages/%.*s/default.md", page->root,
                           (int)strcspn(page->path, "/"), page->path);
    return docs_read(arena, path);
}

static void write_word(struct buf *out, const struct page *page, const char *word)
{
    size_t length = strcspn(word, " ");
    const char *argument = word[length] == ' ' ? word + length + 1 : "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].name) == length &&
            strncmp(words[i].name, word, length) == 0) {
            words[i].write(out, page, argument);
            return;
        }
    }
    docs_fail("%s: there is no word {{%s}}", page->path, word);
}

/* Sections that say nothing leave empty lines: one in a row is enough, and none at the end. */
static void add_without_gaps(struct buf *out, const char *text)
{
    size_t newlines = 0;
    for (; *text != '\0'; text++) {
        newlines = *text == '\n' ? newlines + 1 : 0;
        if (newlines <= 2)
            buf_add_char(out, *text);
    }
    while (out->length > 1 && out->data[out->length - 2] == '\n')
        out->data[--out->length] = '\0';
}

void page_write(struct buf *out, const struct page *page)
{
    auto_buf raw = { 0 };
    buf_init(&raw, PAGE_BYTES_MAX);
    const char *text = read_template(page);
    for (const char *at; (at = strstr(text, "{{")) != NULL;) {
        const char *end = strstr(at, "}}");
        if (end == NULL)
            docs_fail("%s: {{ without }}", page->path);
        buf_add(&raw, text, (size_t)(at - text));
        write_word(&raw, page,
                   arena_copy_bytes_as_text(page->arena, at + 2, (size_t)(end - at - 2)));
        text = end + 2;
    }
    buf_add_text(&raw, text);
    add_without_gaps(out, buf_text(&raw));
    if (raw.is_over || out->is_over)
        docs_fail("%s: more than %d bytes", page->path, PAGE_BYTES_MAX);
}
