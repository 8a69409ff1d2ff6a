/* What a session remembers of ids.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "session/notes.h"
#include "support/test.h"

TEST(notes_ignore_case_and_keep_their_kinds_apart)
{
    struct notes *notes = notes_new(false);
    assert_true(notes_add(notes, NOTE_DELETED, "/Subscriptions/A"));
    assert_false(notes_add(notes, NOTE_DELETED, "/subscriptions/a"));
    assert_true(notes_has(notes, NOTE_DELETED, "/subscriptions/a"));
    assert_false(notes_has(notes, NOTE_ANSWERS, "/subscriptions/a"));
    assert_false(notes_has(notes, NOTE_DELETED, "/subscriptions/a/"));
    notes_drop(notes, NOTE_ANSWERS, "/subscriptions/a");
    assert_true(notes_has(notes, NOTE_DELETED, "/SUBSCRIPTIONS/A"));
    notes_drop(notes, NOTE_DELETED, "/SUBSCRIPTIONS/a");
    assert_false(notes_has(notes, NOTE_DELETED, "/subscriptions/a"));
    notes_drop(notes, NOTE_DELETED, "/never/there");
    /* Any bytes are an id: what a service wrote is not always UTF-8. */
    notes_add(notes, NOTE_ANSWERS, "/\xff\xfe");
    assert_true(notes_has(notes, NOTE_ANSWERS, "/\xff\xfe"));
    notes_add(notes, NOTE_ANSWERS, "");
    assert_true(notes_has(notes, NOTE_ANSWERS, ""));
    notes_free(notes);
    notes_free(NULL);
}

struct writer {
    struct notes *notes;
    int number;
};

static void *write_notes(void *state)
{
    const struct writer *writer = state;
    for (int i = 0; i < 200; i++) {
        char id[40];
        snprintf(id, sizeof id, "/%d/%d", writer->number, i);
        notes_add(writer->notes, NOTE_ANSWERS, id);
        if (i % 2 == 0)
            notes_drop(writer->notes, NOTE_ANSWERS, id);
    }
    return NULL;
}

TEST(notes_are_written_by_many_at_once)
{
    struct notes *notes = notes_new(false);
    enum { WRITERS = 8 };
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){ notes, i };
        assert_int_equal(pthread_create(&threads[i], NULL, write_notes, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WRITERS; i++) {
        for (int k = 0; k < 200; k++) {
            char id[40];
            snprintf(id, sizeof id, "/%d/%d", i, k);
            assert_int_equal(notes_has(notes, NOTE_ANSWERS, id), k % 2);
        }
    }
    notes_free(notes);
}
