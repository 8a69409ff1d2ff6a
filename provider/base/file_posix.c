/* Files of Linux and macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_system.h"
#include "base/memory.h"

const char file_list_separator[] = ":", file_separator[] = "/";

const char file_separators[] = "/", file_name_ends[] = "/";

enum file_outcome file_open(const char *path, enum file_links links,
                            struct file_opened *out, const char **reason)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
                            (links == FILE_IS_NO_LINK ? O_NOFOLLOW : 0));
    bool is_open = fd >= 0 && fstat(fd, &about) == 0;
    if (!is_open)
        *reason = strerrordesc_np(errno);
    if (is_open && S_ISREG(about.st_mode)) {
        *out = (struct file_opened){ fd, (uint64_t)about.st_size };
        return FILE_READ;
    }
    if (fd >= 0)
        close(fd);
    return is_open ? FILE_NOT_REGULAR : FILE_UNREADABLE;
}

ptrdiff_t file_read_some(const struct file_opened *file, uint8_t *data, size_t room,
                         const char **reason)
{
    ssize_t count;
    do
        count = read((int)file->handle, data, room);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        *reason = strerrordesc_np(errno);
    return count;
}

void file_close(const struct file_opened *file)
{
    close((int)file->handle);
}

bool file_begins_with(const char *path, const char *folder)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_forbidden(const char *path)
{
    return access(path, R_OK) < 0 && errno == EACCES;
}

/* False: the descriptor cannot be written in time. */
static bool wait_to_write(int descriptor, int patience_ms)
{
    struct pollfd wait = { .fd = descriptor, .events = POLLOUT };
    int ready;
    do
        ready = poll(&wait, 1, patience_ms);
    while (ready < 0 && errno == EINTR);
    return ready != 0;
}

size_t file_write_all(int descriptor, const char *text, size_t length, int patience_ms)
{
    size_t done = 0;
    while (done < length) {
        /* A pipe that can be written takes this much at once. With more, write() would wait for the
         * reader. */
        size_t part = length - done;
        if (patience_ms >= 0 && part > PIPE_BUF)
            part = PIPE_BUF;
        if (patience_ms >= 0 && !wait_to_write(descriptor, patience_ms))
            break;
        ssize_t written = write(descriptor, text + done, part);
        if (written > 0)
            done += (size_t)written;
        else if (written < 0 && errno == EAGAIN && wait_to_write(descriptor, patience_ms))
            continue;
        else if (written == 0 || errno != EINTR)
            break;
    }
    return done;
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
