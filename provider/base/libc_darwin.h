/* Functions of GNU's C library that macOS does not have. The build includes this before every file,
 * on macOS only: the layers above are written for GNU's library.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_LIBC_DARWIN_H
#define BASE_LIBC_DARWIN_H

#define __STDC_WANT_LIB_EXT1__ 1 /* for memset_s() */
#include <stdio.h>
#include <string.h>

extern char **environ;

static inline void *mempcpy(void *to, const void *from, size_t length)
{
    return (char *)memcpy(to, from, length) + length;
}

static inline void *memrchr(const void *data, int byte, size_t length)
{
    const unsigned char *bytes = data;
    while (length-- > 0) {
        if (bytes[length] == (unsigned char)byte)
            return (void *)(bytes + length);
    }
    return NULL;
}

static inline void explicit_bzero(void *data, size_t length)
{
    memset_s(data, length, 0, length);
}

/* NULL: there is no such error. strerror() is not used, because all threads would share its
 * buffer. */
static inline const char *strerrordesc_np(int number)
{
    return number >= 0 && number < sys_nerr ? sys_errlist[number] : NULL;
}

#endif
