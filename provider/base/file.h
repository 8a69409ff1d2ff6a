/* Files, as the provider reads them: whole. Paths are UTF-8 on every system.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum file_outcome {
    FILE_READ,
    FILE_UNREADABLE,
    FILE_NOT_REGULAR, /* a folder, a pipe, a device */
    FILE_TOO_BIG,
};

enum file_links { FILE_FOLLOWS_LINKS, FILE_IS_NO_LINK };

/*
 * The whole file, at most `bytes_max` bytes of it. A pipe without a writer does not block.
 *
 *   data    heap, the caller's to wipe and to free; not NULL for an empty file. It was not
 *           moved while it was read, so no copy is left behind.
 *   reason  with FILE_UNREADABLE the system's words, static
 *
 * With FILE_IS_NO_LINK a path that is a symbolic link is FILE_UNREADABLE.
 */
enum file_outcome file_read(const char *path, enum file_links links, size_t bytes_max,
                            uint8_t **data, size_t *length, const char **reason);
bool file_exists(const char *path);
/* The path is a name right in that folder, whether or not there is such a file: no other folder is
 * in between, and so no `..` either. */
bool file_is_right_in(const char *folder, const char *path);
/* It is there, and its permissions keep it from us. */
bool file_is_forbidden(const char *path);

/* All of the text to a descriptor. One that does not take it now is waited for as long as
 * `patience_ms`; -1: forever. False: it was not written, errno says why. */
bool file_write_all(int descriptor, const char *text, size_t length, int patience_ms);

struct folder;
/* NULL: it cannot be read, and `*reason` is static. */
struct folder *folder_open(const char *path, const char **reason);
/* The next name, valid until the next call; NULL: there is none. Links to other files of the
 * same folder are left out: they would only show that file again. */
const char *folder_next(struct folder *folder);
void folder_close(struct folder *folder);

/* The separators of the paths in a list such as PATH, and of the parts of a path. */
extern const char file_list_separator[], file_separator[];

/* A place that differs from system to system, or what is said about one: the text for this system. Of
 * the one for Windows, `%NAME%` at its beginning is that variable's value. NULL: the variable is not
 * set. */
const char *file_place(struct arena *arena, const char *posix, const char *windows);

#endif
