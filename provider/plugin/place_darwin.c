/* Groups of macOS. Most of them are in no file.
 * SPDX-License-Identifier: MPL-2.0 */
#include <grp.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plugin/internal.h"

enum { GROUP_BYTES_MAX = 64 * 1024 };

int64_t plugin_place_find_group(const char *name)
{
    char *room = memory_new(GROUP_BYTES_MAX);
    struct group entry, *found = NULL;
    bool is_found =
        getgrnam_r(name, &entry, room, GROUP_BYTES_MAX, &found) == 0 && found != NULL;
    int64_t number = is_found ? (int64_t)found->gr_gid : -1;
    free(room);
    return number;
}
