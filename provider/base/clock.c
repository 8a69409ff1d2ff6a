/* The two clocks.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* On Linux and macOS, this clock stands still while the machine sleeps, as waits do; on Windows, it
 * goes on. */
#ifdef __APPLE__
#define AWAKE_CLOCK CLOCK_UPTIME_RAW
#else
#define AWAKE_CLOCK CLOCK_MONOTONIC
#endif

static atomic_bool is_fake;
static _Atomic int64_t fake_wall_ms, fake_monotonic_ms;

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    return atomic_load(&is_fake) ? atomic_load(&fake_monotonic_ms) : read_ms(AWAKE_CLOCK);
}

int64_t clock_wall_ms(void)
{
    return atomic_load(&is_fake) ? atomic_load(&fake_wall_ms) : read_ms(CLOCK_REALTIME);
}

struct clock_mark clock_mark_now(void)
{
    return (struct clock_mark){ clock_monotonic_ms(), clock_wall_ms() };
}

int64_t clock_age_ms(const struct clock_mark *mark)
{
    /* The wall clock is adjusted all the time. */
    enum { SLEEP_MS_MIN = 10 * 1000 };
    int64_t awake_ms = clock_monotonic_ms() - mark->monotonic_ms;
    int64_t all_ms = clock_wall_ms() - mark->wall_ms;
    return all_ms - awake_ms < SLEEP_MS_MIN ? awake_ms : all_ms;
}

void clock_format_rfc3339(int64_t wall_ms, char text[CLOCK_RFC3339_BYTES])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(text, CLOCK_RFC3339_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        snprintf(text, CLOCK_RFC3339_BYTES, "unknown");
}

bool clock_parse_rfc3339(const char *text, int64_t *wall_ms)
{
    struct tm utc = { 0 };
    char back[CLOCK_RFC3339_BYTES];
    if (strlen(text) != strlen("2026-11-24T09:41:07Z") ||
        strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc) == NULL)
        return false;
    int64_t found_ms = (int64_t)timegm(&utc) * 1000;
    clock_format_rfc3339(found_ms, back);
    if (strcmp(back, text) != 0) /* such as the 30th of February */
        return false;
    *wall_ms = found_ms;
    return true;
}

/* Parses "+02:00". "Z" or an empty text is an offset of 0. */
static bool parse_offset(const char *text, int64_t *ms)
{
    struct tm time = { 0 };
    *ms = 0;
    if (*text == '\0' || strcmp(text, "Z") == 0)
        return true;
    if ((*text != '+' && *text != '-') || strlen(text) != sizeof "+02:00" - 1)
        return false;
    const char *end = strptime(text + 1, "%H:%M", &time);
    if (end == NULL || *end != '\0')
        return false;
    *ms = (int64_t)(time.tm_hour * 60 + time.tm_min) * 60 * 1000;
    *ms = *text == '-' ? -*ms : *ms;
    return true;
}

bool clock_parse_time(const char *text, int64_t *wall_ms)
{
    enum { SECONDS = sizeof "2026-11-24T09:41:07" - 1 };
    char whole[CLOCK_RFC3339_BYTES];
    int64_t ms = 0, unit = 100, offset_ms;
    if (strnlen(text, SECONDS) < SECONDS)
        return false;
    snprintf(whole, sizeof whole, "%.*sZ", SECONDS, text);
    const char *end = text + SECONDS;
    if (*end == '.' && (end[1] < '0' || end[1] > '9'))
        return false;
    for (end += *end == '.'; *end >= '0' && *end <= '9'; end++, unit /= 10)
        ms += (*end - '0') * unit;
    if (!parse_offset(end, &offset_ms) || !clock_parse_rfc3339(whole, wall_ms))
        return false;
    *wall_ms += ms - offset_ms;
    return true;
}

void clock_fake_start(int64_t wall_ms)
{
    atomic_store(&fake_wall_ms, wall_ms);
    atomic_store(&fake_monotonic_ms, 1000);
    atomic_store(&is_fake, true);
}

void clock_fake_advance(int64_t ms)
{
    atomic_fetch_add(&fake_wall_ms, ms);
    atomic_fetch_add(&fake_monotonic_ms, ms);
}

void clock_fake_sleep(int64_t ms)
{
    atomic_fetch_add(&fake_wall_ms, ms);
}

void clock_fake_end(void)
{
    atomic_store(&is_fake, false);
}

bool clock_is_fake(void)
{
    return atomic_load(&is_fake);
}
