/* What a session remembers of ids.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/notes.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"

/* jansson's objects are the hash tables at hand. */
struct notes {
    pthread_mutex_t lock;
    bool tells_case_apart;
    json_t *sets[NOTE_COUNT];
};

static const char *key_of(const struct notes *notes, struct arena *arena, const char *id)
{
    return notes->tells_case_apart ? id : text_lower(arena, id);
}

struct notes *notes_new(bool tells_case_apart)
{
    struct notes *notes = memory_new(sizeof *notes);
    notes->tells_case_apart = tells_case_apart;
    pthread_mutex_init(&notes->lock, NULL);
    for (size_t i = 0; i < NOTE_COUNT; i++)
        notes->sets[i] = json_object();
    return notes;
}

void notes_free(struct notes *notes)
{
    if (notes == NULL)
        return;
    for (size_t i = 0; i < NOTE_COUNT; i++)
        json_decref(notes->sets[i]);
    pthread_mutex_destroy(&notes->lock);
    free(notes);
}

bool notes_add(struct notes *notes, enum note note, const char *id)
{
    auto_arena arena = arena_new();
    const char *key = key_of(notes, arena, id);
    pthread_mutex_lock(&notes->lock);
    bool is_new = json_object_get(notes->sets[note], key) == NULL;
    json_object_set_new_nocheck(notes->sets[note], key, json_true());
    pthread_mutex_unlock(&notes->lock);
    return is_new;
}

void notes_drop(struct notes *notes, enum note note, const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&notes->lock);
    json_object_del(notes->sets[note], key_of(notes, arena, id));
    pthread_mutex_unlock(&notes->lock);
}

bool notes_has(struct notes *notes, enum note note, const char *id)
{
    auto_arena arena = arena_new();
    pthread_mutex_lock(&notes->lock);
    bool has = json_object_get(notes->sets[note], key_of(notes, arena, id)) != NULL;
    pthread_mutex_unlock(&notes->lock);
    return has;
}
