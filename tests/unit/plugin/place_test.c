/* Where the server listens if other providers start at the same time, which remove what they take
 * for abandoned.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "plugin/internal.h"
#include "support/test.h"

/* What another provider does with each new folder as long as these are not 0: it removes the folder,
 * or locks it in order to remove it, before the one that made it has locked it. */
static unsigned to_remove, to_lock;
static int other = -1;
static char other_folder[PLUGIN_ADDRESS_MAX + 1];

/* In place of the C library's. */
char *mkdtemp(char *pattern)
{
    char *(*real)(char *) = (char *(*)(char *))dlsym(RTLD_NEXT, "mkdtemp");
    char *made = real(pattern);
    if (made != NULL && to_remove > 0) {
        to_remove--;
        assert_int_equal(rmdir(made), 0);
    } else if (made != NULL && to_lock > 0) {
        to_lock--;
        snprintf(other_folder, sizeof other_folder, "%s", made);
        other = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    }
    return made;
}

TEST(a_folder_that_another_provider_removes_is_not_used)
{
    static const struct {
        unsigned removed, locked;
    } rows[] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 2, 1 } };
    char base[] = "/tmp/place-XXXXXX";
    assert_non_null(mkdtemp(base));
    setenv("PLUGIN_UNIX_SOCKET_DIR", base, 1);
    EACH (row, rows) {
        struct plugin_place place;
        struct error err = NO_ERROR;
        to_remove = row->removed;
        to_lock = row->locked;
        assert_int_equal(plugin_place_find(&place, &err), 0);
        assert_int_equal(to_remove + to_lock, 0);
        assert_has(place.directory, base);
        if (other >= 0) {
            assert_string_not_equal(place.directory, other_folder);
            assert_int_equal(rmdir(other_folder), 0);
            close(other);
            other = -1;
        }
        /* It is locked, so it stays. */
        int again = open(place.directory, O_RDONLY | O_DIRECTORY);
        assert_true(again >= 0);
        assert_int_equal(flock(again, LOCK_EX | LOCK_NB), -1);
        close(again);
        plugin_place_remove(&place);
    }
    assert_int_equal(rmdir(base), 0);
}
