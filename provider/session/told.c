/* Why there is no token, or no service, told whole once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/told.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct told {
    pthread_mutex_t lock;
    char *reason; /* the last one that was shown; NULL: none */
};

struct told *told_new(void)
{
    struct told *told = memory_new(sizeof *told);
    pthread_mutex_init(&told->lock, NULL);
    return told;
}

void told_free(struct told *told)
{
    if (told == NULL)
        return;
    free(told->reason);
    pthread_mutex_destroy(&told->lock);
    free(told);
}

/* " (AADSTS7000215)" where Entra gave it a number: what people search for. */
static const char *number_of(struct arena *arena, const char *reason)
{
    static const char start[] = "AADSTS";
    const char *at = strstr(reason, start);
    if (at == NULL)
        return "";
    size_t digits = strspn(at + strlen(start), "0123456789");
    return arena_print(arena, " (%.*s)",
                       (int)(strlen(start) + (digits < 10 ? digits : 10)), at);
}

const char *told_choose(struct told *told, struct arena *arena, const char *fact,
                        const char *reason)
{
    pthread_mutex_lock(&told->lock);
    bool is_new = told->reason == NULL || !text_equal(told->reason, reason);
    if (is_new) {
        free(told->reason);
        told->reason = memory_copy_text(reason);
    }
    pthread_mutex_unlock(&told->lock);
    return is_new ? reason
                  : arena_print(arena,
                                "%s, for the reason that another error of this run tells "
                                "in full%s, with what to do",
                                fact, number_of(arena, reason));
}
