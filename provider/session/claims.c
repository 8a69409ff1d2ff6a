/* What is planned in this process, to find contradictions.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/claims.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

struct claims {
    pthread_mutex_t lock;
    json_t *owners; /* lower-case key: owner */
};

struct claims *claims_new(void)
{
    struct claims *claims = memory_new(sizeof *claims);
    pthread_mutex_init(&claims->lock, NULL);
    claims->owners = json_object();
    return claims;
}

void claims_free(struct claims *claims)
{
    if (claims == NULL)
        return;
    json_decref(claims->owners);
    pthread_mutex_destroy(&claims->lock);
    free(claims);
}

const char *claims_make(struct claims *claims, struct arena *arena, const char *key,
                        const char *owner)
{
    const char *place = text_lower(arena, key), *other = NULL;
    pthread_mutex_lock(&claims->lock);
    const char *holder = json_string_value(json_object_get(claims->owners, place));
    if (holder == NULL)
        json_object_set_new(claims->owners, place, json_string(owner));
    else if (!text_equal_ignoring_case(holder, owner))
        other = arena_copy_text(arena, holder);
    pthread_mutex_unlock(&claims->lock);
    return other;
}

bool claims_has(struct claims *claims, const char *key)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&claims->lock);
    bool has = json_object_get(claims->owners, text_lower(arena, key)) != NULL;
    pthread_mutex_unlock(&claims->lock);
    return has;
}
