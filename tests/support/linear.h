/* Whether a pass over foreign bytes takes time in proportion to them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_LINEAR_H
#define SUPPORT_LINEAR_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* A pass that looks at each byte a few times takes a tenth of a second of the processor for this
 * much, in the slowest build. One that looks at each byte again for each other takes minutes. */
enum { LINEAR_BYTES = 512 * 1024, LINEAR_CPU_S = 20 };

static char linear_says[200];

static void linear_fail(int number)
{
    (void)number;
    if (write(STDERR_FILENO, linear_says, strlen(linear_says)) < 0)
        _exit(2);
    _exit(1);
}

/* What happens between these two may take LINEAR_CPU_S of the processor; else the process ends
 * and says `what`: no test waits for the end of a pass that is quadratic. */
static inline void linear_begin(const char *what)
{
    snprintf(linear_says, sizeof linear_says, "more than %d s for %s\n", LINEAR_CPU_S,
             what);
    signal(SIGPROF, linear_fail);
    setitimer(ITIMER_PROF, &(struct itimerval){ .it_value.tv_sec = LINEAR_CPU_S }, NULL);
}

static inline void linear_end(void)
{
    setitimer(ITIMER_PROF, &(struct itimerval){ 0 }, NULL);
}

/* `start`, then `pattern` again and again. The text does not end in NUL. */
static inline void linear_check(void (*pass)(const char *text, size_t length),
                                const char *start, const char *pattern)
{
    char *text = malloc(LINEAR_BYTES), what[160];
    size_t used = strlen(start), length = strlen(pattern);
    memcpy(text, start, used);
    for (; used < LINEAR_BYTES; used++)
        text[used] = pattern[(used - strlen(start)) % length];
    snprintf(what, sizeof what, "%d bytes of \"%s\", then \"%s\" repeated", LINEAR_BYTES,
             start, pattern);
    linear_begin(what);
    pass(text, LINEAR_BYTES);
    linear_end();
    free(text);
}

#endif
