/* A borrowed run of bytes. `data` may be NULL when `length` is 0.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data;
    size_t length;
};

#define BYTES(pointer, count)                                                            \
    ((struct bytes){ .data = (const uint8_t *)(pointer), .length = (count) })
#define NO_BYTES ((struct bytes){ .data = NULL, .length = 0 })

#endif
