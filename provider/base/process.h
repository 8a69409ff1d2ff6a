/* The process as a whole: how it crashes, and what it must not leave behind.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>

#include "base/error.h"

/* A fatal signal writes `panic: …` lines on standard error, which Terraform shows even if logging
 * is off, and then ends the process with that signal. There is no core dump, because memory
 * contains credentials; AZURESTACK_CORE_DUMP=1 allows dumps and debuggers. SIGPIPE is ignored. No
 * file or connection gets the number of a standard stream that is closed. Call it once, before
 * threads are started.
 *
 *   version   for the report; borrowed until the process ends */
void process_init(const char *version);

/* How many files and connections are open at the same time: gRPC's and those to the service. gRPC
 * aborts if it cannot open one. */
enum { PROCESS_FILES_MIN = 64 };

/* Allows the process to open that many, if the system permits.
 *
 * Errors: ERR_INTERNAL  the limit is lower, and the process may not raise it */
int process_check_files(struct error *err);

/* Child processes do not inherit the standard streams: with them, a child would make Terraform wait
 * for its end. */
void process_keep_streams(void);
/* From now on, nothing is written to standard output. */
void process_leave_stdout(void);

/* Stores the parent process. Call it once, early: the parent may be gone before
 * process_parent_is_gone() is called. */
void process_remember_parent(void);
bool process_parent_is_gone(void);
long process_id(void);

/* Names the task of this thread, for a crash report. `task` is a literal, or a text that lives as
 * long as it is set. NULL: the task is done. */
void process_set_task(const char *task);

#endif
