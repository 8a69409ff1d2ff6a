/* The two clocks, and the seam by which a test runs hours in no time.
 *
 * Milliseconds everywhere. `monotonic` never goes back and is what deadlines and
 * waits are made of; `wall` is the calendar (since 1970, UTC) and is used where a
 * service names a date.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

int64_t clock_monotonic_ms(void);
int64_t clock_wall_ms(void);
/* Until the monotonic clock shows this; not for what a stop may interrupt. */
void clock_sleep_until(int64_t monotonic_ms);

/* 2026-11-24T09:41:07Z */
enum { CLOCK_RFC3339_BYTES = 32 };
void clock_format_rfc3339(int64_t wall_ms, char text[CLOCK_RFC3339_BYTES]);
/* The other direction, of this form alone. False: it has another one, or there is no such time. */
bool clock_parse_rfc3339(const char *text, int64_t *wall_ms);
/* The same of a time as services write it: with a fraction of a second or without, and with an offset
 * (+02:00), Z or nothing at its end, which is UTC. */
bool clock_parse_time(const char *text, int64_t *wall_ms);

/* For tests: both clocks stand still and move by clock_fake_advance only; a
 * call_sleep() advances them by what it would have waited. */
void clock_fake_start(int64_t wall_ms);
void clock_fake_advance(int64_t ms);
void clock_fake_end(void);
bool clock_is_fake(void);

#endif
