/* What the plans of a session found wrong with the service.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/findings.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

struct findings {
    pthread_mutex_t lock;
    json_t *causes;          /* a set */
    int64_t silent_until_ms; /* monotonic */
};

struct findings *findings_new(void)
{
    struct findings *findings = memory_new(sizeof *findings);
    pthread_mutex_init(&findings->lock, NULL);
    findings->causes = json_object();
    return findings;
}

void findings_free(struct findings *findings)
{
    if (findings == NULL)
        return;
    json_decref(findings->causes);
    pthread_mutex_destroy(&findings->lock);
    free(findings);
}

bool findings_add(struct findings *findings, const char *cause)
{
    pthread_mutex_lock(&findings->lock);
    bool is_new = json_object_get(findings->causes, cause) == NULL;
    if (is_new)
        json_object_set_new(findings->causes, cause, json_true());
    pthread_mutex_unlock(&findings->lock);
    return is_new;
}

bool findings_has(struct findings *findings, const char *cause)
{
    pthread_mutex_lock(&findings->lock);
    bool has = json_object_get(findings->causes, cause) != NULL;
    pthread_mutex_unlock(&findings->lock);
    return has;
}

bool findings_has_any(struct findings *findings)
{
    pthread_mutex_lock(&findings->lock);
    bool has_any = json_object_size(findings->causes) > 0;
    pthread_mutex_unlock(&findings->lock);
    return has_any;
}

void findings_set_silent(struct findings *findings)
{
    pthread_mutex_lock(&findings->lock);
    findings->silent_until_ms = clock_monotonic_ms() + FINDINGS_SILENT_MS;
    pthread_mutex_unlock(&findings->lock);
}

bool findings_is_silent(struct findings *findings)
{
    pthread_mutex_lock(&findings->lock);
    bool is_silent = clock_monotonic_ms() < findings->silent_until_ms;
    pthread_mutex_unlock(&findings->lock);
    return is_silent;
}
