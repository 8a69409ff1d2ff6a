/* The two clocks. Tests can replace them, and so run hours in no time.
 *
 * All times are in milliseconds. `monotonic` never goes back and is used for deadlines and waits.
 * `wall` is the calendar time (since 1970, UTC) and is used for a service's dates.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

int64_t clock_monotonic_ms(void);
int64_t clock_wall_ms(void);

/* A moment, for the age of what a service said. */
struct clock_mark {
    int64_t monotonic_ms, wall_ms;
};
struct clock_mark clock_mark_now(void);
/* How old it is, with the time in which the machine slept, which the monotonic clock does not count. A
 * wall clock that was set forward counts as sleep, one that was set back does not. */
int64_t clock_age_ms(const struct clock_mark *mark);

/* 2026-11-24T09:41:07Z */
enum { CLOCK_RFC3339_BYTES = 32 };
void clock_format_rfc3339(int64_t wall_ms, char text[CLOCK_RFC3339_BYTES]);
/* Parses exactly this form. False: the text has another form, or there is no such time. */
bool clock_parse_rfc3339(const char *text, int64_t *wall_ms);
/* Parses a time as services write it: with or without a fraction of a second, and at the end an
 * offset (+02:00), Z, or nothing, which means UTC. */
bool clock_parse_time(const char *text, int64_t *wall_ms);

/* For tests: both clocks stand still. Only clock_fake_advance() moves them, and call_sleep(), by
 * the time that it would have waited. */
void clock_fake_start(int64_t wall_ms);
void clock_fake_advance(int64_t ms);
void clock_fake_sleep(int64_t ms); /* of the machine: moves the wall clock only */
void clock_fake_end(void);
bool clock_is_fake(void);

#endif
