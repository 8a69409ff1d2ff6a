/* Replaces dlopen() in the released binary (with the linker's --wrap). OpenSSL's configuration file
 * may name providers and engines, which are shared objects: these would bring the machine's C library
 * and OpenSSL into a process that has others already, and crash it if the versions differ.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stddef.h>

void *__wrap_dlopen(const char *path, int mode);
char *__wrap_dlerror(void);

void *__wrap_dlopen(const char *path, int mode)
{
    (void)path, (void)mode;
    return NULL;
}

char *__wrap_dlerror(void)
{
    static char text[] = "this program loads no shared objects";
    return text;
}
