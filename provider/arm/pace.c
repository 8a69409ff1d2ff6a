/* Staying within what the service allows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/pace.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

struct kind {
    int64_t left;    /* calls, by the latest answer; -1: never told */
    int64_t next_ms; /* monotonic: when the next call may go out while few are left */
};

struct arm_pace {
    const struct dialect *dialect;
    pthread_mutex_t lock;
    struct kind kinds[ARM_KIND_COUNT];
    int64_t waited_ms;
    bool is_logged, is_told;
};

struct arm_pace *arm_pace_new(const struct dialect *dialect)
{
    struct arm_pace *pace = memory_new(sizeof *pace);
    pace->dialect = dialect;
    pthread_mutex_init(&pace->lock, NULL);
    for (size_t i = 0; i < ARM_KIND_COUNT; i++)
        pace->kinds[i].left = -1;
    return pace;
}

void arm_pace_free(struct arm_pace *pace)
{
    if (pace == NULL)
        return;
    if (pace->waited_ms > 0)
        log_write(NULL, LOG_INFO, NULL,
                  "waited %lld ms in all to stay within the rate limits of %s",
                  (long long)pace->waited_ms, pace->dialect->name);
    pthread_mutex_destroy(&pace->lock);
    free(pace);
}

enum arm_kind arm_kind_of(const char *method)
{
    if (strcmp(method, "GET") == 0)
        return ARM_KIND_READ;
    return strcmp(method, "DELETE") == 0 ? ARM_KIND_DELETE : ARM_KIND_WRITE;
}

int arm_pace_wait(struct call *call, struct arm_pace *pace, enum arm_kind kind,
                  struct error *err)
{
    if (pace == NULL)
        return 0;
    pthread_mutex_lock(&pace->lock);
    struct kind *own = &pace->kinds[kind];
    int64_t now_ms = clock_monotonic_ms(), wait_ms = 0;
    if (own->left >= 0 && own->left < ARM_PACE_LOW) {
        int64_t turn_ms = own->next_ms > now_ms ? own->next_ms : now_ms;
        own->next_ms = turn_ms + pace->dialect->rates[kind].gap_ms;
        wait_ms = turn_ms - now_ms;
    }
    pace->waited_ms += wait_ms;
    bool is_first = wait_ms > 0 && !pace->is_logged;
    pace->is_logged |= is_first;
    pthread_mutex_unlock(&pace->lock);
    if (is_first)
        log_write(call, LOG_INFO, NULL,
                  "%s allows few more %s for now; the calls of this run are spread out",
                  pace->dialect->name, pace->dialect->rates[kind].header_end);
    return wait_ms > 0 ? call_sleep(call, wait_ms, err) : 0;
}

static bool is_about(const struct dialect *dialect, enum arm_kind kind, const char *name)
{
    const char *word = dialect->rates[kind].header_end;
    size_t length = strlen(name), word_length = strlen(word);
    return text_starts_ignoring_case(name, dialect->rate_header_start) &&
           length > word_length && name[length - word_length - 1] == '-' &&
           text_equal_ignoring_case(name + length - word_length, word);
}

void arm_pace_learn(struct arm_pace *pace, enum arm_kind kind,
                    const struct http_reply *reply)
{
    if (pace == NULL || pace->dialect->rate_header_start == NULL)
        return;
    int64_t least = -1;
    for (size_t i = 0; i < reply->header_count; i++) {
        const char *value = reply->headers[i].value;
        if (!is_about(pace->dialect, kind, reply->headers[i].name) ||
            !isdigit((unsigned char)*value))
            continue;
        long long left = strtoll(value, NULL, 10);
        if (least < 0 || left < least)
            least = left;
    }
    if (least < 0)
        return;
    pthread_mutex_lock(&pace->lock);
    pace->kinds[kind].left = least;
    pthread_mutex_unlock(&pace->lock);
}

void arm_pace_add_wait(struct arm_pace *pace, int64_t ms)
{
    if (pace == NULL || ms <= 0)
        return;
    pthread_mutex_lock(&pace->lock);
    pace->waited_ms += ms;
    pthread_mutex_unlock(&pace->lock);
}

bool arm_pace_is_worth_telling(struct arm_pace *pace, int64_t *waited_ms)
{
    if (pace == NULL)
        return false;
    pthread_mutex_lock(&pace->lock);
    bool is_worth = pace->waited_ms >= ARM_PACE_TELL_MS && !pace->is_told;
    pace->is_told |= is_worth;
    *waited_ms = pace->waited_ms;
    pthread_mutex_unlock(&pace->lock);
    return is_worth;
}
