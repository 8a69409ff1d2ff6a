/* Runs another program and collects its output. The program inherits no descriptors except its own
 * pipes. It leads a process group of its own, which ends with the call if the program has not ended
 * by itself.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>

#include "base/call.h"

struct child {
    const char *const *argv; /* ends with NULL; argv[0] is the path of the program */
    const char *const *environment; /* "NAME=value", ends with NULL */
    /* Limit for its standard output. More output ends the program. */
    size_t output_bytes_max;
    int64_t patience_ms; /* within the call's deadline */
};

/* Both texts end with NUL. child_result_clear() wipes them. */
struct child_result {
    char *output; /* all of standard output */
    size_t output_bytes;
    char *stderr_text; /* standard error, at most CHILD_STDERR_BYTES_MAX */
    size_t stderr_bytes;
    int status; /* 0 to 255; 128 + the signal that ended it; -1: unknown */
};

enum { CHILD_STDERR_BYTES_MAX = 256 * 1024 };

/*
 * Waits until the program ends. Does not wait for programs that it started in the background.
 *
 * Errors: ERR_INVALID  it cannot be started; the text has the system's reason
 *         ERR_TOO_BIG  more output than output_bytes_max
 *         ERR_TIMEOUT  the call's time is over, or patience_ms is: then *is_patience_over is true
 *         ERR_STOPPED  the call was stopped, or child_end_all() was called before the program began
 * After an error, no process of its process group is left.
 */
int child_run(struct call *call, const struct child *child, struct child_result *out,
              bool *is_patience_over, struct error *err);
/* Ends all programs that are running, with their process groups, and lets no other start: with
 * ERR_STOPPED. For a process that exits at once, and so cannot wait for its calls. */
void child_end_all(void);
/* From now on, a signal that ends this process (Ctrl-C) ends the programs first, also if the process
 * that started this one had blocked it. Once, on the first thread, before others are started. */
void child_end_on_signals(void);
void child_result_clear(struct child_result *result);
#define auto_child_result CLEANUP(child_result_clear) struct child_result

/* The path of a program on PATH, in the arena; NULL: there is none. Relative folders in PATH are
 * ignored, so that no program is taken from the current directory. */
const char *child_find(struct arena *arena, const char *name);
/* The same for one folder: the first `length` bytes of the text. */
const char *child_find_in(struct arena *arena, const char *folder, size_t length,
                          const char *name);

#endif
