/* Reading a file: the part that is the same on every system.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/file_system.h"
#include "base/memory.h"
#include "base/secret.h"

/* For files up to this size the buffer has the size of the limit, because a file may grow while it
 * is read. */
enum { SMALL_BYTES = 1024 * 1024 };

static enum file_outcome read_whole(const struct file_opened *file, size_t bytes_max,
                                    uint8_t **data, size_t *length, const char **reason)
{
    size_t room = bytes_max <= SMALL_BYTES ? bytes_max : (size_t)file->bytes, taken = 0;
    uint8_t *read = memory_new(room + 1);
    ptrdiff_t count;
    do {
        count = file_read_some(file, read + taken, room + 1 - taken, reason);
        taken += count > 0 ? (size_t)count : 0;
    } while (count > 0 && taken <= room);
    if (count >= 0 && taken <= room) {
        *data = read;
        *length = taken;
        return FILE_READ;
    }
    secret_wipe(read, taken);
    free(read);
    if (count >= 0 && room == bytes_max)
        return FILE_TOO_BIG;
    if (count >= 0)
        *reason = "it grew while it was read";
    return FILE_UNREADABLE;
}

enum file_outcome file_read(const char *path, enum file_links links, size_t bytes_max,
                            uint8_t **data, size_t *length, const char **reason)
{
    struct file_opened file;
    enum file_outcome outcome = file_open(path, links, &file, reason);
    if (outcome != FILE_READ)
        return outcome;
    outcome = file.bytes > bytes_max ? FILE_TOO_BIG
                                     : read_whole(&file, bytes_max, data, length, reason);
    file_close(&file);
    return outcome;
}

const char *file_note_space(const char *path)
{
    static const char spaces[] = " \t\r\n";
    size_t length = strlen(path);
    bool has_space = length > 0 && (strchr(spaces, path[0]) != NULL ||
                                    strchr(spaces, path[length - 1]) != NULL);
    return has_space ? ". The path begins or ends with white space" : "";
}

bool file_is_right_in(const char *folder, const char *path)
{
    if (!file_begins_with(path, folder))
        return false;
    const char *rest = path + strlen(folder);
    return *rest != '\0' && strchr(file_separators, *rest) != NULL && rest[1] != '\0' &&
           strpbrk(rest + 1, file_name_ends) == NULL;
}

/* "eyJ" is the beginning of a JSON object in base64. */
static bool is_token(const char *text)
{
    const char *first = strchr(text, '.');
    return strncmp(text, "eyJ", 3) == 0 && first != NULL &&
           strchr(first + 1, '.') != NULL && strpbrk(text, "/\\") == NULL;
}

bool file_is_content(const char *path)
{
    enum { PATH_BYTES_MAX = 1024 };
    return strstr(path, "-----BEGIN ") != NULL || strlen(path) > PATH_BYTES_MAX ||
           is_token(path);
}
