/* The process as a whole on Linux.
 * SPDX-License-Identifier: MPL-2.0 */
#include <malloc.h>
#include <sys/prctl.h>

#include "base/posix.h"

void process_set_up_memory(void)
{
    /* A heap for each thread would need a mapping, and pages that other threads cannot use. Few
     * threads compute at the same time, and they mostly allocate from their own caches. */
    mallopt(M_ARENA_MAX, 1);
}

void process_forbid_reading(void)
{
    /* A kernel that pipes core dumps to a program ignores the limit, but not this. */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

extern const char __executable_start[] __attribute__((weak)); /* defined by the linker */

const void *process_base(void)
{
    return __executable_start;
}
