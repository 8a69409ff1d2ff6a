/* Groups of Linux.
 * SPDX-License-Identifier: MPL-2.0 */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "plugin/internal.h"

enum { GROUP_BYTES_MAX = 64 * 1024 };

/* Reads only /etc/group. The C library's function would load modules, which a static program cannot
 * do. */
int64_t plugin_place_find_group(const char *name)
{
    FILE *file = fopen("/etc/group", "re");
    char *room = memory_new(GROUP_BYTES_MAX);
    struct group entry, *found = NULL;
    while (file != NULL &&
           fgetgrent_r(file, &entry, room, GROUP_BYTES_MAX, &found) == 0 &&
           !text_equal(found->gr_name, name))
        found = NULL;
    int64_t number = found != NULL ? (int64_t)found->gr_gid : -1;
    if (file != NULL)
        fclose(file);
    free(room);
    return number;
}
