/* What differs between Linux and macOS, for the files x_posix.c. It is defined in x_linux.c and
 * x_darwin.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_POSIX_H
#define BASE_POSIX_H

#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* ---- child ------------------------------------------------------------------------------- */

/* A descriptor that becomes readable when the child ends; the caller closes it. -1: the system has
 * none, and the caller has to poll. */
int child_end_fd(pid_t pid);
/* The program does not inherit descriptors from `first` on. Call it after all other actions.
 * Returns the flags that posix_spawn() needs for it. */
short child_keep_out(posix_spawn_file_actions_t *actions, int first);

/* ---- process ----------------------------------------------------------------------------- */

/* Configures the allocator. Called at the start. */
void process_set_up_memory(void);
/* Besides the limit of core dumps: other processes of the user cannot read this process's
 * memory. */
void process_forbid_reading(void);
/* Where the program is in memory, for the addresses in a crash report; async-signal-safe. */
const void *process_base(void);

#endif
