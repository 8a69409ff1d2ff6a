/* Chooses among several api-versions.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/versions.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct rest_versions {
    pthread_mutex_t lock;
    json_t *known; /* list -> index */
};

struct rest_versions *rest_versions_new(void)
{
    struct rest_versions *versions = memory_new(sizeof *versions);
    pthread_mutex_init(&versions->lock, NULL);
    versions->known = json_object();
    return versions;
}

void rest_versions_free(struct rest_versions *versions)
{
    if (versions == NULL)
        return;
    json_decref(versions->known);
    pthread_mutex_destroy(&versions->lock);
    free(versions);
}

const char *rest_versions_at(struct arena *arena, const char *list, size_t index)
{
    for (; index > 0 && *list != '\0'; index--) {
        list += strcspn(list, " ");
        list += *list == ' ';
    }
    return *list != '\0' ? arena_copy_bytes_as_text(arena, list, strcspn(list, " "))
                         : NULL;
}

size_t rest_versions_first(struct rest_versions *versions, const char *list)
{
    if (versions == NULL)
        return 0;
    pthread_mutex_lock(&versions->lock);
    json_int_t index = json_integer_value(json_object_get(versions->known, list));
    pthread_mutex_unlock(&versions->lock);
    return (size_t)index;
}

void rest_versions_set(struct rest_versions *versions, const char *list, size_t index)
{
    if (versions == NULL)
        return;
    pthread_mutex_lock(&versions->lock);
    json_object_set_new(versions->known, list, json_integer((json_int_t)index));
    pthread_mutex_unlock(&versions->lock);
}
