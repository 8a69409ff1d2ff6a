/* Writes docs/, or says where docs/ is not what would be written.
 *
 *     docs TREE            writes
 *     docs --check TREE    status 1 and the first line of each page that differs
 *
 * Whole pages come from here; a guide only if tests/docs/pages/guides has it, the others are
 * written by hand where they are.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "docs.h"
#include "registry.h"
#include "schema/tables.h"

enum { PAGES_MAX = 500 };

struct manual {
    struct arena *arena;
    const char *root;
    struct page pages[PAGES_MAX];
    size_t count;
};

void docs_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("docs: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/* NULL, with errno, if there is none. */
static char *read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *text = arena_take(arena, PAGE_BYTES_MAX + 1);
    size_t length = fread(text, 1, PAGE_BYTES_MAX, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

char *docs_read(struct arena *arena, const char *path)
{
    char *text = read_file(arena, path);
    if (text == NULL)
        docs_fail("%s: %s", path, strerror(errno));
    return text;
}

/* ---- which pages there are ------------------------------------------------------------------- */

static struct page *add(struct manual *manual, const char *folder, const char *name)
{
    if (manual->count == PAGES_MAX)
        docs_fail("more than %d pages", PAGES_MAX);
    struct page *page = &manual->pages[manual->count++];
    *page = (struct page){ .arena = manual->arena,
                           .root = manual->root,
                           .path = arena_print(manual->arena, "%s%s.md", folder, name) };
    return page;
}

static void add_guides(struct manual *manual)
{
    const char *folder =
        arena_print(manual->arena, "%s/tests/docs/pages/guides", manual->root);
    DIR *directory = opendir(folder);
    if (directory == NULL)
        docs_fail("%s: %s", folder, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *end = strstr(entry->d_name, ".md");
        if (end != NULL)
            add(manual, "guides/",
                arena_copy_bytes_as_text(manual->arena, entry->d_name,
                                         (size_t)(end - entry->d_name)));
    }
    closedir(directory);
}

static void add_all(struct manual *manual)
{
    add(manual, "", "index");
    for (const struct resource_table *const *one = registry_resources; *one != NULL;
         one++) {
        add(manual, "resources/", (*one)->name)->resource = *one;
        if ((*one)->list != NULL)
            add(manual, "list-resources/", (*one)->name)->list = *one;
    }
    for (const struct engine_reader *one = registry_data_sources; one->table != NULL;
         one++)
        add(manual, "data-sources/", one->table->name)->data_source = one->table;
    for (const struct engine_reader *one = registry_ephemeral; one->table != NULL; one++)
        add(manual, "ephemeral-resources/", one->table->name)->ephemeral = one->table;
    for (const struct function_table *const *one = registry_functions; *one != NULL;
         one++)
        add(manual, "functions/", (*one)->name)->function = *one;
    add_guides(manual);
}

/* ---- what becomes of them -------------------------------------------------------------------- */

static void write_page(const struct page *page, const char *path, const char *text)
{
    char *folder = arena_copy_text(page->arena, path);
    *strrchr(folder, '/') = '\0';
    mkdir(folder, 0777);
    FILE *file = fopen(path, "we");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        docs_fail("%s: %s", path, strerror(errno));
}

/* Tells the first line that differs. */
static bool is_same(const struct page *page, const char *there, const char *want)
{
    if (there == NULL) {
        printf("docs/%s is missing\n", page->path);
        return false;
    }
    if (strcmp(there, want) == 0)
        return true;
    size_t line = 1, start = 0, i = 0;
    for (; there[i] == want[i]; i++) {
        if (want[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    printf("docs/%s:%zu: it is\n    %.*s\nand would be written as\n    %.*s\n",
           page->path, line, (int)strcspn(there + start, "\n"), there + start,
           (int)strcspn(want + start, "\n"), want + start);
    return false;
}

/* Files of the folders that are written whole, which nothing writes any more. */
static bool has_strangers(const struct manual *manual)
{
    static const char *const folders[] = { "resources", "list-resources", "data-sources",
                                           "ephemeral-resources", "functions" };
    bool found = false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        DIR *directory =
            opendir(arena_print(manual->arena, "%s/docs/%s", manual->root, folders[i]));
        for (const struct dirent *entry;
             directory != NULL && (entry = readdir(directory)) != NULL;) {
            const char *path =
                arena_print(manual->arena, "%s/%s", folders[i], entry->d_name);
            bool is_known = *entry->d_name == '.';
            for (size_t j = 0; j < manual->count; j++)
                is_known = is_known || strcmp(manual->pages[j].path, path) == 0;
            if (!is_known)
                printf("docs/%s belongs to no table\n", path);
            found = found || !is_known;
        }
        if (directory != NULL)
            closedir(directory);
    }
    return found;
}

static bool handle(const struct page *page, bool is_check)
{
    auto_buf text = { 0 };
    buf_init(&text, PAGE_BYTES_MAX);
    page_write(&text, page);
    const char *path = arena_print(page->arena, "%s/docs/%s", page->root, page->path);
    if (is_check)
        return is_same(page, read_file(page->arena, path), buf_text(&text));
    write_page(page, path, buf_text(&text));
    return true;
}

int main(int argc, char **argv)
{
    bool is_check = argc == 3 && strcmp(argv[1], "--check") == 0;
    if (argc != 2 + is_check)
        docs_fail("usage: docs [--check] TREE");
    auto_arena arena = arena_new();
    static struct manual manual;
    manual = (struct manual){ .arena = arena, .root = argv[argc - 1] };
    add_all(&manual);
    bool is_good = true;
    for (size_t i = 0; i < manual.count; i++)
        is_good = handle(&manual.pages[i], is_check) && is_good;
    is_good = !has_strangers(&manual) && is_good;
    if (is_check && !is_good)
        puts("To write it: cmake --build --preset debug --target docs");
    return is_good ? 0 : 1;
}
