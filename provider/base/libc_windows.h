/* What GNU's C library has and Windows' has not. The build includes this before every file, and
 * on Windows alone: the layers above are written for GNU's library. Texts are UTF-8 here too,
 * the environment's among them, whatever code page the machine has.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_LIBC_WINDOWS_H
#define BASE_LIBC_WINDOWS_H

/* First, and neither with sockets, whose names are common words, nor with wincrypt.h, which has
 * macros with the names of OpenSSL's types. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
/* Names that we have for other things. */
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
/* "Unknown error 4711" in place of NULL. Numbers from 10000 on are those of sockets. */
const char *strerrordesc_np(int number);

struct tm *gmtime_r(const time_t *seconds, struct tm *out);
time_t timegm(struct tm *utc);
/* %Y %m %d %H %I %M %S %p, and characters that stand for themselves. */
char *strptime(const char *text, const char *format, struct tm *out);

void arc4random_buf(void *data, size_t length);
uint32_t arc4random_uniform(uint32_t bound);

/* The value is valid until the process ends. */
char *libc_getenv(const char *name);
int unsetenv(const char *name);
/* A copy of all variables as they are now, valid until any thread calls this again. */
char **libc_environ(void);
#define getenv libc_getenv
#undef environ
#define environ (libc_environ())

/* Heap; NULL: it is not in that encoding. */
wchar_t *libc_to_wide(const char *text);
char *libc_from_wide(const wchar_t *text);

#endif
