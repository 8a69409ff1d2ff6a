/* Functions that take the same arguments as printf(): the compiler checks a call against its text.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

/* The position of the text, and of the first argument that it refers to.
 *
 * On Windows gcc takes `printf` for Microsoft's, which does not know %zu. The build has MinGW's, which
 * knows all of GNU's (__USE_MINGW_ANSI_STDIO). */
#ifdef _WIN32
#define PRINTF_FORMAT(format_position, first)                                            \
    __attribute__((format(gnu_printf, format_position, first)))
#else
#define PRINTF_FORMAT(format_position, first)                                            \
    __attribute__((format(printf, format_position, first)))
#endif

#endif
