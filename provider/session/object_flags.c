/* What a session remembers about IDs.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/object_flags.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"

/* A jansson object serves as the hash table. */
struct object_flags {
    pthread_mutex_t lock;
    bool is_case_sensitive;
    json_t *sets[OBJECT_FLAG_COUNT];
};

static const char *key_of(const struct object_flags *flags, struct arena *arena,
                          const char *id)
{
    return flags->is_case_sensitive ? id : text_lower(arena, id);
}

struct object_flags *object_flags_new(bool is_case_sensitive)
{
    struct object_flags *flags = memory_new(sizeof *flags);
    flags->is_case_sensitive = is_case_sensitive;
    pthread_mutex_init(&flags->lock, NULL);
    for (size_t i = 0; i < OBJECT_FLAG_COUNT; i++)
        flags->sets[i] = json_object();
    return flags;
}

void object_flags_free(struct object_flags *flags)
{
    if (flags == NULL)
        return;
    for (size_t i = 0; i < OBJECT_FLAG_COUNT; i++)
        json_decref(flags->sets[i]);
    pthread_mutex_destroy(&flags->lock);
    free(flags);
}

bool object_flags_add(struct object_flags *flags, enum object_flag flag, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = key_of(flags, arena, id);
    pthread_mutex_lock(&flags->lock);
    bool is_new = json_object_get(flags->sets[flag], key) == NULL;
    json_object_set_new_nocheck(flags->sets[flag], key, json_true());
    pthread_mutex_unlock(&flags->lock);
    return is_new;
}

void object_flags_remove(struct object_flags *flags, enum object_flag flag,
                         const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&flags->lock);
    json_object_del(flags->sets[flag], key_of(flags, arena, id));
    pthread_mutex_unlock(&flags->lock);
}

bool object_flags_has(struct object_flags *flags, enum object_flag flag, const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&flags->lock);
    bool has = json_object_get(flags->sets[flag], key_of(flags, arena, id)) != NULL;
    pthread_mutex_unlock(&flags->lock);
    return has;
}
