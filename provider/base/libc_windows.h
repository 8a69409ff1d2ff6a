/* Functions of GNU's C library that Windows does not have. The build includes this before every
 * file, on Windows only: the layers above are written for GNU's library. Texts are UTF-8 here too,
 * also those of the environment, whatever the code page of the machine.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_LIBC_WINDOWS_H
#define BASE_LIBC_WINDOWS_H

/* Included first, and without two headers that it normally includes: that of sockets, because its
 * names are common words, and wincrypt.h, because it has macros with the names of OpenSSL's
 * types. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
/* Names that the provider uses for other things. */
#undef NO_ERROR
#undef OPTIONAL
#undef SEVERITY_ERROR
#undef SEVERITY_WARNING

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

char *stpcpy(char *to, const char *from);
void *mempcpy(void *to, const void *from, size_t length);
void *memmem(const void *data, size_t length, const void *wanted, size_t wanted_length);
void *memrchr(const void *data, int byte, size_t length);
char *strcasestr(const char *text, const char *wanted);
char *strsep(char **rest, const char *delimiters);
void explicit_bzero(void *data, size_t length);
/* "Unknown error 4711" instead of NULL. Numbers from 10000 are errors of sockets. */
const char *strerrordesc_np(int number);
/* The text of GetLastError(), valid until this thread's next call. */
const char *libc_system_error(unsigned long number);

struct tm *gmtime_r(const time_t *seconds, struct tm *out);
time_t timegm(struct tm *utc);
/* Supports %Y %m %d %H %I %M %S %p, and literal characters. */
char *strptime(const char *text, const char *format, struct tm *out);

void arc4random_buf(void *data, size_t length);
uint32_t arc4random_uniform(uint32_t bound);

/* The value is valid until the process ends. */
char *libc_getenv(const char *name);
int unsetenv(const char *name);
/* A copy of all current variables, valid until the process ends. */
char **libc_environ(void);
#define getenv libc_getenv
#undef environ
#define environ (libc_environ())

/* On the heap; NULL: the text is not valid in that encoding. */
wchar_t *libc_to_wide(const char *text);
char *libc_from_wide(const wchar_t *text);

#endif
