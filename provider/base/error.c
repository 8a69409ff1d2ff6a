/* Why a function below `engine` failed.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Removes the beginning of a UTF-8 sequence that vsnprintf() has cut. */
static void drop_broken_tail(char *text, size_t room)
{
    size_t length = strlen(text);
    if (length + 1 < room)
        return;
    size_t start = length;
    while (start > 0 && length - start < 4 &&
           ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        text[start - 1] = '\0';
}

int error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    /* Not directly into err->text, which may be one of the arguments. */
    char text[sizeof err->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    err->kind = kind;
    err->cause = ERR_NONE;
    memcpy(err->text, text, strlen(text) + 1);
    drop_broken_tail(err->text, sizeof err->text);
    return -1;
}

int error_context(struct error *err, const char *format, ...)
{
    char before[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(before, sizeof before, format, arguments);
    va_end(arguments);
    drop_broken_tail(before, sizeof before);

    char after[sizeof err->text];
    memcpy(after, err->text, sizeof after);
    size_t length = strlen(before);
    memcpy(err->text, before, length);
    snprintf(err->text + length, sizeof err->text - length, ": %s", after);
    drop_broken_tail(err->text, sizeof err->text);
    return -1;
}
