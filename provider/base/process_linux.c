/* What concerns the process as a whole on Linux.
 * SPDX-License-Identifier: MPL-2.0 */
#include <malloc.h>
#include <sys/prctl.h>

#include "base/posix.h"

void process_set_up_memory(void)
{
    /* A heap for each thread costs a mapping, and pages that other threads do not use; few threads
     * compute at once, and what they take is mostly in their own caches. */
    mallopt(M_ARENA_MAX, 1);
}

void process_forbid_reading(void)
{
    /* The limit does not bind a kernel that pipes dumps to a program; this does. */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

extern const char __executable_start[] __attribute__((weak)); /* by the linker */

const void *process_base(void)
{
    return __executable_start;
}
