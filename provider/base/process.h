/* What concerns the process as a whole: how it dies, and what it must not leave behind.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>

#include "base/error.h"

/* A fatal signal writes `panic: …` lines on standard error, which the host shows to the
 * user even with logging off, then ends the process with that signal. No core dump is
 * made, since memory holds credentials, unless AZURESTACK_CORE_DUMP is set to 1; then
 * dumps and debuggers are left alone. SIGPIPE is ignored. Call once, before threads are
 * started.
 *
 *   version   shown in the report; borrowed until the process ends */
void process_init(const char *version);

/* Files and connections that are open at once: gRPC's, and those to the service. gRPC aborts where
 * it gets none. */
enum { PROCESS_FILES_MIN = 64 };

/* Lets the process open that many, if the system does.
 *
 * Errors: ERR_INTERNAL  it may open fewer, and may not raise the limit */
int process_check_files(struct error *err);

/* The standard streams stay with this process: one that inherited them would keep the host waiting
 * for its end. */
void process_keep_streams(void);
/* From here on, nothing is written to standard output. */
void process_leave_stdout(void);

/* Who started this process. Call once, early: it may be gone before the first question. */
void process_remember_parent(void);
bool process_parent_is_gone(void);
long process_id(void);

/* Names what this thread does now, for the report; a literal or a text that lives as
 * long as it is set. NULL when it is done. */
void process_set_task(const char *task);

#endif
