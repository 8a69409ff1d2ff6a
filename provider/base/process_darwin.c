/* What concerns the process as a whole on macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include <mach-o/ldsyms.h>

#include "base/posix.h"

void process_set_up_memory(void)
{
}

/* The system asks for an administrator before it lets a debugger look, and its crash reports hold
 * registers and addresses, no memory. PT_DENY_ATTACH would end a process that is being traced. */
void process_forbid_reading(void)
{
}

const void *process_base(void)
{
    return &_mh_execute_header;
}
