/* Files of Linux and macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/secret.h"

const char file_list_separator[] = ":", file_separator[] = "/";

/* Up to this size the room is for the limit, since a file may grow while it is read. */
enum { SMALL_BYTES = 1024 * 1024 };

static bool read_all(int fd, uint8_t *data, size_t room, size_t *length)
{
    while (*length < room) {
        ssize_t count = read(fd, data + *length, room - *length);
        if (count > 0)
            *length += (size_t)count;
        else if (count == 0)
            return true;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

static enum file_outcome read_open(int fd, size_t bytes_max, uint8_t **data,
                                   size_t *length, const char **reason)
{
    struct stat about;
    if (fd < 0 || fstat(fd, &about) < 0) {
        *reason = strerrordesc_np(errno);
        return FILE_UNREADABLE;
    }
    if (!S_ISREG(about.st_mode))
        return FILE_NOT_REGULAR;
    if (about.st_size > (off_t)bytes_max)
        return FILE_TOO_BIG;
    size_t room = bytes_max <= SMALL_BYTES ? bytes_max : (size_t)about.st_size;
    uint8_t *read = memory_new(room + 1);
    size_t taken = 0;
    bool is_read = read_all(fd, read, room + 1, &taken);
    if (is_read && taken <= bytes_max) {
        *data = read;
        *length = taken;
        return FILE_READ;
    }
    if (!is_read)
        *reason = strerrordesc_np(errno);
    secret_wipe(read, taken);
    free(read);
    return is_read ? FILE_TOO_BIG : FILE_UNREADABLE;
}

enum file_outcome file_read(const char *path, enum file_links links, size_t bytes_max,
                            uint8_t **data, size_t *length, const char **reason)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
                            (links == FILE_IS_NO_LINK ? O_NOFOLLOW : 0));
    enum file_outcome outcome = read_open(fd, bytes_max, data, length, reason);
    if (fd >= 0)
        close(fd);
    return outcome;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_forbidden(const char *path)
{
    return access(path, R_OK) < 0 && errno == EACCES;
}

bool file_write_all(int descriptor, const char *text, size_t length, int patience_ms)
{
    while (length > 0) {
        ssize_t written = write(descriptor, text, length);
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            struct pollfd wait = { .fd = descriptor, .events = POLLOUT };
            if (poll(&wait, 1, patience_ms) == 0)
                return false;
        } else if (written == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

struct folder {
    DIR *stream;
};

struct folder *folder_open(const char *path, const char **reason)
{
    DIR *stream = opendir(path);
    if (stream == NULL) {
        *reason = strerrordesc_np(errno);
        return NULL;
    }
    struct folder *folder = memory_new(sizeof *folder);
    folder->stream = stream;
    return folder;
}

static bool is_link_inside(const struct folder *folder, const char *name)
{
    char target[4096];
    ssize_t length = readlinkat(dirfd(folder->stream), name, target, sizeof target);
    return length > 0 && memchr(target, '/', (size_t)length) == NULL;
}

const char *folder_next(struct folder *folder)
{
    for (struct dirent *entry; (entry = readdir(folder->stream)) != NULL;) {
        if (!is_link_inside(folder, entry->d_name))
            return entry->d_name;
    }
    return NULL;
}

void folder_close(struct folder *folder)
{
    closedir(folder->stream);
    free(folder);
}

const char *file_place(struct arena *arena, const char *posix, const char *windows)
{
    (void)arena, (void)windows;
    return posix;
}
