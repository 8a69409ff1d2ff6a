/* What file.c needs of the system: file_posix.c and file_windows.c have it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_FILE_SYSTEM_H
#define BASE_FILE_SYSTEM_H

#include "base/file.h"

struct file_opened {
    intptr_t handle;
    uint64_t bytes; /* its size when it was opened */
};

/* FILE_READ: it is open, regular, and the caller's to close. */
enum file_outcome file_open(const char *path, enum file_links links,
                            struct file_opened *out, const char **reason);
/* How many bytes were read, 0 at the end; -1 with the system's reason. */
ptrdiff_t file_read_some(const struct file_opened *file, uint8_t *data, size_t room,
                         const char **reason);
void file_close(const struct file_opened *file);

/* What separates the name of a file from its folder, and what no name of a file has. */
extern const char file_separators[], file_name_ends[];
/* Whether the path begins with this folder's, as the system compares them. */
bool file_begins_with(const char *path, const char *folder);

#endif
