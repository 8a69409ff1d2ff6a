/* The size of a block, from glibc's allocator.
 * SPDX-License-Identifier: MPL-2.0 */
#include <malloc.h>

#include "base/memory.h"

size_t memory_size(void *memory)
{
    return malloc_usable_size(memory);
}
