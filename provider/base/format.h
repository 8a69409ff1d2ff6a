/* For functions with the arguments of printf(): the compiler checks each call.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

/* `format_position`: of the format text; `first`: of the first argument that it formats.
 *
 * For Windows, gcc interprets `printf` as Microsoft's, which has no %zu. The build uses MinGW's,
 * which has all of GNU's formats (__USE_MINGW_ANSI_STDIO). */
#ifdef _WIN32
#define PRINTF_FORMAT(format_position, first)                                            \
    __attribute__((format(gnu_printf, format_position, first)))
#else
#define PRINTF_FORMAT(format_position, first)                                            \
    __attribute__((format(printf, format_position, first)))
#endif

#endif
