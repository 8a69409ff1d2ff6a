/* The process as a whole on macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include <mach-o/ldsyms.h>

#include "base/posix.h"

void process_set_up_memory(void)
{
}

/* The system requires an administrator for a debugger, and its crash reports contain registers and
 * addresses, but no memory. PT_DENY_ATTACH is not used, because it would end a process that is
 * being traced. */
void process_forbid_reading(void)
{
}

const void *process_base(void)
{
    return &_mh_execute_header;
}
