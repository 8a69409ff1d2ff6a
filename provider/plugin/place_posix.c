/* Where the server listens on Linux and macOS: a socket in a directory of its own.
 * Source: go-plugin server.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <grpc/grpc_security.h>

#include "base/log.h"
#include "base/text.h"
#include "plugin/internal.h"

#define DIRECTORY_PATTERN "/azs-XXXXXX"
#define SOCKET_NAME "/p"

const char plugin_place_network[] = "unix";
const struct plugin_variable plugin_place_variables[] = {
    { "PLUGIN_UNIX_SOCKET_DIR, TMPDIR",
      "The directory for the socket to Terraform. The first of these variables whose path "
      "is short enough applies." },
    { "PLUGIN_UNIX_SOCKET_GROUP",
      "A group, by name or number, that may also connect to the socket." },
    { NULL, NULL },
};

/* The directory is not used if it would break the handshake line, or is too long. */
static bool is_usable(const char *base, size_t length, struct error *err)
{
    if (*base != '/')
        return error_set(err, ERR_INVALID, "%s: not an absolute path", base) == 0;
    if (length + strlen(DIRECTORY_PATTERN SOCKET_NAME) > PLUGIN_ADDRESS_MAX)
        return error_set(err, ERR_TOO_BIG, "%s: too long for the path of a socket",
                         base) == 0;
    for (const char *at = base; *at != '\0'; at++)
        if (*at == '|' || (unsigned char)*at < ' ')
            return error_set(
                       err, ERR_INVALID,
                       "%s: has a character that is not allowed in the plugin handshake",
                       base) == 0;
    return true;
}

/* Locked as long as the process lives, which shows others that the directory is in use. */
static int directory_lock = -1;

/* Some file systems cannot: FAT, some shares, folders that a virtual machine gets from its host. If
 * the socket cannot be made, removes the directory. */
static bool can_hold_socket(const char *directory)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s" SOCKET_NAME, directory);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    bool can = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    unlink(address.sun_path);
    if (!can) {
        rmdir(directory);
        close(directory_lock);
    }
    errno = reason;
    return can;
}

/* Makes a directory for this process, and locks it. Another process may remove it before it is
 * locked, or have locked it in order to remove it; then a new one is made. */
static bool make_own(char *directory)
{
    char pattern[PLUGIN_ADDRESS_MAX + 1];
    snprintf(pattern, sizeof pattern, "%s", directory);
    for (unsigned tries = 0; tries < 10; tries++) {
        struct stat held, named;
        snprintf(directory, sizeof pattern, "%s", pattern);
        if (mkdtemp(directory) == NULL)
            return false;
        directory_lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory_lock < 0 && errno == ENOENT)
            continue;
        if (directory_lock < 0)
            return true; /* without a lock, it only looks stale to others */
        bool is_taken =
            flock(directory_lock, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
        if (!is_taken && fstat(directory_lock, &held) == 0 &&
            lstat(directory, &named) == 0 && held.st_ino == named.st_ino)
            return true;
        close(directory_lock);
    }
    return false;
}

/* Removes the directory of a provider that was killed, and the socket in it, if it belongs to this
 * user and no process has locked it. */
static void sweep_one(const char *directory)
{
    struct stat found;
    char socket[PLUGIN_ADDRESS_MAX + 8];
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &found) == 0 && found.st_uid == geteuid() &&
        flock(fd, LOCK_EX | LOCK_NB) == 0) {
        snprintf(socket, sizeof socket, "%s" SOCKET_NAME, directory);
        unlink(socket);
        rmdir(directory);
    }
    close(fd);
}

static void sweep(const char *base, size_t length)
{
    char path[PLUGIN_ADDRESS_MAX + 1];
    snprintf(path, sizeof path, "%.*s", (int)length, base);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strncmp(entry->d_name, "azs-", 4) != 0 ||
            strlen(entry->d_name) != sizeof DIRECTORY_PATTERN - 2)
            continue;
        snprintf(path, sizeof path, "%.*s/%s", (int)length, base, entry->d_name);
        sweep_one(path);
    }
    closedir(folder);
}

static int make_place(const char *const *candidates, struct plugin_place *out,
                      struct error *err)
{
    struct error first = NO_ERROR;
    for (; *candidates != NULL; candidates++) {
        const char *base = *candidates;
        if (*base == '\0')
            continue;
        size_t length = strlen(base);
        while (length > 1 && base[length - 1] == '/')
            length--;
        struct error why = NO_ERROR;
        struct plugin_place made;
        if (is_usable(base, length, &why)) {
            snprintf(made.directory, sizeof made.directory, "%.*s" DIRECTORY_PATTERN,
                     (int)length, base);
            sweep(base, length);
            if (make_own(made.directory) && can_hold_socket(made.directory)) {
                size_t used = strlen(made.directory);
                memcpy(made.address, made.directory, used);
                memcpy(made.address + used, SOCKET_NAME, sizeof SOCKET_NAME);
                *out = made;
                return 0;
            }
            error_set(&why, ERR_INVALID, "%s: %s", base, strerror(errno));
        }
        log_write(NULL, LOG_DEBUG, NULL, "cannot use %s for the socket", why.text);
        if (first.kind == ERR_NONE)
            first = why;
    }
    if (first.kind == ERR_NONE)
        error_set(&first, ERR_INVALID, "no directory is set");
    return error_set(err, first.kind,
                     "cannot create a directory for the socket: %s. Set TMPDIR to a "
                     "short, absolute path of a writable directory",
                     first.text);
}

static const char *environment(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? text : "";
}

int plugin_place_find(struct plugin_place *out, struct error *err)
{
    const char *candidates[] = { environment("PLUGIN_UNIX_SOCKET_DIR"),
                                 environment("TMPDIR"),
                                 "/tmp",
                                 environment("XDG_RUNTIME_DIR"),
                                 "/var/tmp",
                                 "/dev/shm",
                                 NULL };
    return make_place(candidates, out, err);
}

static int find_group(const char *name, gid_t *out, struct error *err)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(name, &end, 10);
    if (*end == '\0' && errno == 0 && *name >= '0' && *name <= '9' &&
        number < UINT32_MAX) {
        *out = (gid_t)number;
        return 0;
    }
    int64_t found = plugin_place_find_group(name);
    if (found < 0)
        return error_set(err, ERR_INVALID,
                         "PLUGIN_UNIX_SOCKET_GROUP: group %s does not exist", name);
    *out = (gid_t)found;
    return 0;
}

int plugin_place_restrict(const struct plugin_place *place, struct error *err)
{
    const char *name = environment("PLUGIN_UNIX_SOCKET_GROUP");
    gid_t group = 0;
    if (*name == '\0') {
        if (chmod(place->address, 0600) < 0)
            return error_set(err, ERR_INTERNAL, "%s: %s", place->address,
                             strerror(errno));
        return 0;
    }
    if (find_group(name, &group, err) < 0)
        return -1;
    if (chown(place->address, (uid_t)-1, group) < 0 || chmod(place->address, 0660) < 0 ||
        chown(place->directory, (uid_t)-1, group) < 0 ||
        chmod(place->directory, 0710) < 0)
        return error_set(err, ERR_INVALID,
                         "cannot give the socket to group %s (PLUGIN_UNIX_SOCKET_GROUP): "
                         "%s",
                         name, strerror(errno));
    return 0;
}

void plugin_place_remove(struct plugin_place *place)
{
    if (*place->directory == '\0')
        return;
    unlink(place->address);
    rmdir(place->directory);
    *place->directory = '\0';
}

int plugin_place_listen(struct plugin_place *place, grpc_server *grpc,
                        grpc_server_credentials *credentials, struct error *err)
{
    /* gRPC decodes the text as part of a URL. Paths of CI systems have escapes, such as %2F. */
    char address[sizeof "unix:" + 3 * PLUGIN_ADDRESS_MAX] = "unix:", *end = address + 5;
    for (const char *at = place->address; *at != '\0'; at++)
        end = *at == '%' ? stpcpy(end, "%25") : mempcpy(end, at, 1);
    *end = '\0';
    if (grpc_server_add_http2_port(grpc, address, credentials) == 0)
        return error_set(err, ERR_INTERNAL, "cannot listen on %s", place->address);
    return 0;
}
