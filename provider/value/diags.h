/* Errors and warnings for the user. From `engine` up, every function takes a struct diags and
 * returns -1 exactly if it added an error.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_DIAGS_H
#define VALUE_DIAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/format.h"
#include "value/path.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct diagnostic {
    struct diagnostic *next;
    enum severity severity;
    const char *summary; /* one short line without a full stop */
    const char *detail;  /* plain text, may have several lines */
    const struct path *path;
};

struct diags {
    struct arena *arena;
    struct diagnostic *first, **last;
    size_t error_count;
};

void diags_init(struct diags *diags, struct arena *arena);
/* Both copy the texts, clean them to valid UTF-8, and cut a summary of more than 300 bytes and a
 * detail of more than 16 KiB. They borrow the path, which is in the same arena. diags_error()
 * returns -1, diags_warning() 0. */
int diags_error(struct diags *diags, const struct path *path, const char *summary,
                const char *detail, ...) PRINTF_FORMAT(4, 5);
int diags_warning(struct diags *diags, const struct path *path, const char *summary,
                  const char *detail, ...) PRINTF_FORMAT(4, 5);
bool diags_have_error(const struct diags *diags);

#endif
