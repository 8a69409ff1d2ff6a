/* The size of a block, from Windows's allocator.
 * SPDX-License-Identifier: MPL-2.0 */
#include <malloc.h>

#include "base/memory.h"

size_t memory_size(void *memory)
{
    return _msize(memory);
}
