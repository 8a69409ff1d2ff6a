/* A folder of the test's own, which is removed with all that is in it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

#include <unistd.h>

#include "base/arena.h"
#include "base/memory.h"
#include "support/test.h"

static char folder[32];
static struct arena *folder_paths;

/* For TEST_WITH and TEST_GROUP. */
static inline int folder_begin(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/azurestack-XXXXXX");
    folder_paths = arena_new();
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static inline int folder_end(void **state)
{
    (void)state;
    arena_free(folder_paths);
    auto_char command = memory_print("rm -r %s", folder);
    return system(command);
}

/* The path of a file in it; good until the folder goes, as are those below. */
static inline const char *in_folder(const char *name)
{
    return arena_print(folder_paths, "%s/%s", folder, name);
}

/* Overwrites the file. */
static inline const char *put_bytes(const char *name, const void *data, size_t length)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, length, file) != length || fclose(file) != 0)
        fail_msg("%s cannot be written", path);
    return path;
}

static inline const char *put_text(const char *name, const char *text)
{
    return put_bytes(name, text, strlen(text));
}

#endif
