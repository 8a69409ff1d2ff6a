/* The log: one JSON line per event, flushed at once, numbered from 1. Tests read nothing else.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_LOG_H
#define EMULATOR_LOG_H

#include <stdint.h>
#include <jansson.h>

struct log;

/* The file is made by the first line when `is_lazy`, so that an empty log is no file. */
struct log *log_open(const char *dir, const char *name, int is_lazy);
void log_close(struct log *log);

/* Writes {"n":…,"t":…,"event":event, …fields}; takes `fields`, which may be NULL. Returns n. */
long log_event(struct log *log, const char *event, json_t *fields);
long log_position(const struct log *log);

/* The log of the two main listeners and the back door. */
extern struct log *requests_log;

/* Milliseconds: of the wall clock for people, of the monotonic clock for delays. */
int64_t clock_wall_ms(void);
int64_t clock_ms(void);

#endif
