/* The functions of the system that file.c needs. They are in file_posix.c and file_windows.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_FILE_SYSTEM_H
#define BASE_FILE_SYSTEM_H

#include "base/file.h"

struct file_opened {
    intptr_t handle;
    uint64_t bytes; /* its size when it was opened */
};

/* FILE_READ: the file is open and regular; the caller closes it. Else nothing is open. */
enum file_outcome file_open(const char *path, enum file_links links,
                            struct file_opened *out, const char **reason);
/* How many bytes were read; 0: end of file; -1: error, with the system's reason. */
ptrdiff_t file_read_some(const struct file_opened *file, uint8_t *data, size_t room,
                         const char **reason);
void file_close(const struct file_opened *file);

/* The characters that separate a file's name from its folder, and those that no name of a file
 * contains. */
extern const char file_separators[], file_name_ends[];
/* The path begins with the folder's path, as the system compares names. */
bool file_begins_with(const char *path, const char *folder);

#endif
