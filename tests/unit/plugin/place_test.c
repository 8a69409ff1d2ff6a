/* Where the server listens if other providers take its directory for abandoned at the same time.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/internal.h"
#include "support/test.h"

/* What another provider does with one new folder after the other: 'r' it removes it; 'l' it has
 * locked it, in order to remove it. 's' is not another provider: there, no socket can be made. */
static const char *acts = "", *act = "";
static int lock_of_other = -1;

/* In place of the C library's. */
char *mkdtemp(char *pattern)
{
    char *made = ((char *(*)(char *))dlsym(RTLD_NEXT, "mkdtemp"))(pattern);
    act = *acts != '\0' ? acts++ : "";
    if (*act == 'r')
        assert_int_equal(rmdir(made), 0);
    if (*act == 'l')
        lock_of_other = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(*act == 'l' ? flock(lock_of_other, LOCK_EX | LOCK_NB) : 0, 0);
    return made;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return *act == 's' ? (errno = EOPNOTSUPP, -1)
                       : ((__typeof__(bind) *)dlsym(RTLD_NEXT, "bind"))(fd, address, length);
}

TEST(a_folder_that_another_provider_removes_is_not_used)
{
    char base[] = "/tmp/place-XXXXXX";
    assert_non_null(mkdtemp(base));
    setenv("PLUGIN_UNIX_SOCKET_DIR", base, 1);
    EACH_TEXT (row, "r", "l", "rrl", "s", "") {
        struct plugin_place place;
        struct error err = NO_ERROR;
        acts = row;
        assert_int_equal(plugin_place_find(&place, &err), 0);
        assert_string_equal(acts, "");
        assert_int_equal(strstr(place.directory, base) == NULL, *row == 's');
        close(lock_of_other);
        lock_of_other = -1;
        int again = open(place.directory, O_RDONLY | O_DIRECTORY);
        assert_int_equal(flock(again, LOCK_EX | LOCK_NB), -1); /* it is this provider's */
        close(again);
        plugin_place_remove(&place);
    }
    assert_int_equal(rmdir(base), 0);
}
