/* Reports the reason for a missing token or service in full only once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/diag_once.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct diag_once {
    pthread_mutex_t lock;
    char *reason; /* the last reason that was shown; NULL: none */
};

struct diag_once *diag_once_new(void)
{
    struct diag_once *once = memory_new(sizeof *once);
    pthread_mutex_init(&once->lock, NULL);
    return once;
}

void diag_once_free(struct diag_once *once)
{
    if (once == NULL)
        return;
    free(once->reason);
    pthread_mutex_destroy(&once->lock);
    free(once);
}

/* " (AADSTS7000215)" if Entra returned an error number, which people search for. */
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

const char *diag_once_text(struct diag_once *once, struct arena *arena, const char *fact,
                           const char *reason)
{
    pthread_mutex_lock(&once->lock);
    bool is_new = once->reason == NULL || !text_equal(once->reason, reason);
    if (is_new) {
        free(once->reason);
        once->reason = memory_copy_text(reason);
    }
    pthread_mutex_unlock(&once->lock);
    return is_new
               ? reason
               : arena_print(arena,
                             "%s. Another error of this run has the same cause; see that "
                             "error%s for the details and what to do",
                             fact, number_of(arena, reason));
}
