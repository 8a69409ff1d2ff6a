/* What Linux and macOS do differently, for the files x_posix.c: x_linux.c and x_darwin.c define it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_POSIX_H
#define BASE_POSIX_H

#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* ---- child ------------------------------------------------------------------------------- */

/* A descriptor that is readable when the child has ended, the caller's to close; -1: the system has
 * none, and is to be asked again and again. */
int child_end_fd(pid_t pid);
/* No descriptor from `first` on gets to the program. Call it after all other actions. Returns the
 * flags that posix_spawn() wants for it. */
short child_keep_out(posix_spawn_file_actions_t *actions, int first);

/* ---- process ----------------------------------------------------------------------------- */

/* Configures the allocator; called at the start. */
void process_set_up_memory(void);
/* Beyond the limit of core dumps: no other process of the user reads this one's memory. */
void process_forbid_reading(void);
/* Where the program is in memory, for the addresses of a report; async-signal-safe. */
const void *process_base(void);

#endif
