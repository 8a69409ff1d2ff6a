/* What is written to standard error, where the log is, between two calls.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_CAPTURED_H
#define SUPPORT_CAPTURED_H

#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/must.h"

static int captured = -1, captured_stderr = -1; /* -1: not between them */

static inline void capture_begin(void)
{
    captured = memfd_create("captured", MFD_CLOEXEC);
    captured_stderr = dup(STDERR_FILENO);
    must(captured >= 0 && dup2(captured, STDERR_FILENO) >= 0, "capture standard error");
}

/* The caller's to free. */
static inline char *capture_end(void)
{
    dup2(captured_stderr, STDERR_FILENO);
    close(captured_stderr);
    off_t length = lseek(captured, 0, SEEK_END);
    char *text = memory_new((size_t)length + 1);
    must(pread(captured, text, (size_t)length, 0) == length, "read what was captured");
    close(captured);
    captured = -1;
    return text;
}

#endif
