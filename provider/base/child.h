/* Runs another program and collects what it prints. It inherits no descriptor but the ends
 * of its own pipes, and leads a process group of its own, which ends with the call.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>

#include "base/call.h"

struct child {
    const char *const *argv; /* ends with NULL; argv[0] is the path of the program */
    const char *const *environment; /* "NAME=value", ends with NULL */
    size_t output_bytes_max; /* of its standard output; passing it ends the program */
    int64_t patience_ms;     /* inside the call's deadline */
};

/* Both texts end in NUL and are wiped by child_result_clear(). */
struct child_result {
    char *output; /* all of standard output */
    size_t output_bytes;
    char *stderr_text; /* standard error, as far as CHILD_STDERR_BYTES_MAX */
    size_t stderr_bytes;
    int status; /* 0 to 255; 128 + the signal that ended it; -1: it is not known */
};

enum { CHILD_STDERR_BYTES_MAX = 256 * 1024 };

/*
 * Waits for the program to end, not for what it may have started in the background.
 *
 * Errors: ERR_INVALID  cannot be started, and the system's reason
 *         ERR_TOO_BIG  more output than output_bytes_max
 *         ERR_TIMEOUT  the call's time is over, or *is_patience_over: the program's own
 *         ERR_STOPPED
 *         After each of these nothing of its process group is left.
 */
int child_run(struct call *call, const struct child *child, struct child_result *out,
              bool *is_patience_over, struct error *err);
void child_result_clear(struct child_result *result);
#define auto_child_result CLEANUP(child_result_clear) struct child_result

/* The path of a program on PATH, in the arena; NULL if there is none. Only what is absolute
 * in PATH counts: a program is not taken from wherever the caller stands. */
const char *child_find(struct arena *arena, const char *name);
/* The same in one folder, the first `length` bytes of the text. */
const char *child_find_in(struct arena *arena, const char *folder, size_t length,
                          const char *name);

#endif
