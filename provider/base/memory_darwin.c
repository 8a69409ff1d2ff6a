/* The size of a block, from macOS's allocator.
 * SPDX-License-Identifier: MPL-2.0 */
#include <malloc/malloc.h>

#include "base/memory.h"

size_t memory_size(void *memory)
{
    return malloc_size(memory);
}
