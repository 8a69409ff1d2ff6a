/* Running another program: the part that is the same on every system.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/child.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"

void child_result_clear(struct child_result *result)
{
    secret_wipe(result->output, result->output_bytes);
    secret_wipe(result->stderr_text, result->stderr_bytes);
    free(result->output);
    free(result->stderr_text);
    *result = (struct child_result){ 0 };
}

const char *child_find(struct arena *arena, const char *name)
{
    const char *at = getenv("PATH"), *path = NULL;
    while (path == NULL && at != NULL && *at != '\0') {
        size_t length = strcspn(at, file_list_separator);
        path = child_find_in(arena, at, length, name);
        at += length + (at[length] != '\0');
    }
    return path;
}
