/* Errors and warnings for the user.
 * SPDX-License-Identifier: MPL-2.0 */
#include "value/diags.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Far above the length of the provider's own texts, and about as much as Terraform can show. */
enum { SUMMARY_BYTES_MAX = 300, DETAIL_BYTES_MAX = 16 * 1024 };

void diags_init(struct diags *diags, struct arena *arena)
{
    *diags = (struct diags){ .arena = arena };
    diags->last = &diags->first;
}

static void add(struct diags *diags, enum severity severity, const struct path *path,
                const char *summary, const char *format, va_list arguments)
{
    struct arena *arena = diags->arena;
    auto_char detail = NULL;
    int length = vasprintf(&detail, format, arguments);
    if (length < 0)
        memory_exhausted(0);
    struct diagnostic *diagnostic = arena_take(arena, sizeof *diagnostic);
    *diagnostic = (struct diagnostic){
        .severity = severity,
        .summary = text_clean_line(arena, summary, strlen(summary), SUMMARY_BYTES_MAX),
        .detail = text_clean(arena, detail, (size_t)length, DETAIL_BYTES_MAX),
        .path = path,
    };
    *diags->last = diagnostic;
    diags->last = &diagnostic->next;
    diags->error_count += severity == SEVERITY_ERROR;
}

int diags_error(struct diags *diags, const struct path *path, const char *summary,
                const char *detail, ...)
{
    va_list arguments;
    va_start(arguments, detail);
    add(diags, SEVERITY_ERROR, path, summary, detail, arguments);
    va_end(arguments);
    return -1;
}

int diags_warning(struct diags *diags, const struct path *path, const char *summary,
                  const char *detail, ...)
{
    va_list arguments;
    va_start(arguments, detail);
    add(diags, SEVERITY_WARNING, path, summary, detail, arguments);
    va_end(arguments);
    return 0;
}

bool diags_have_error(const struct diags *diags)
{
    return diags->error_count != 0;
}
