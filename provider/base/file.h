/* Files, which the provider reads as a whole. Paths are UTF-8 on every system.
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
 * Reads the whole file, at most `bytes_max` bytes. Does not block on a pipe without a writer.
 *
 *   data    on the heap; the caller wipes and frees it. Not NULL for an empty file. It is never
 *           moved while it is read, so there is no other copy
 *   reason  with FILE_UNREADABLE the system's text, static
 *
 * With FILE_IS_NO_LINK, a path that is a symbolic link is FILE_UNREADABLE.
 */
enum file_outcome file_read(const char *path, enum file_links links, size_t bytes_max,
                            uint8_t **data, size_t *length, const char **reason);
/* The text is not a path but what a file contains: PEM, a JSON Web Token, or more than a path can
 * have. It may be a secret, so it is not shown. */
bool file_is_content(const char *path);
#define FILE_IS_CONTENT_TEXT                                                             \
    "is the content of a file, not its path. Set it to the path of the file"
/* A sentence for an error with the path, if white space is at an end of it; else "". */
const char *file_note_space(const char *path);
bool file_exists(const char *path);
/* The path is the folder, one separator and a name: no other folder is in between. The name may be
 * `..`, and the file need not exist. */
bool file_is_right_in(const char *folder, const char *path);
/* The file exists, but its permissions do not allow to read it. */
bool file_is_forbidden(const char *path);

/* Writes the whole text to a descriptor. Waits at most `patience_ms` each time it cannot be written;
 * -1: forever. Returns how many bytes were written. Less than all: errno says why, or the time was
 * over. */
size_t file_write_all(int descriptor, const char *text, size_t length, int patience_ms);

struct folder;
/* NULL: it cannot be read; `*reason` is static. */
struct folder *folder_open(const char *path, const char **reason);
/* The next name, valid until the next call; NULL: there are no more. Omits links to other files of
 * the same folder, which would be read twice. */
const char *folder_next(struct folder *folder);
void folder_close(struct folder *folder);

/* The separators of the paths in a list such as PATH, and of the names in a path. */
extern const char file_list_separator[], file_separator[];

/* The text for this system: a path that differs from system to system, or words about one. In the
 * text for Windows, `%NAME%` at the beginning is replaced with that variable. NULL: the variable is
 * not set. */
const char *file_place(struct arena *arena, const char *posix, const char *windows);

#endif
