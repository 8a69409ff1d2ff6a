/* What a session remembers of ids.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "session/object_flags.h"
#include "support/test.h"

TEST(notes_ignore_case_and_keep_their_kinds_apart)
{
    struct object_flags *flags = object_flags_new(false);
    assert_true(object_flags_add(flags, OBJECT_DELETED, "/Subscriptions/A"));
    assert_false(object_flags_add(flags, OBJECT_DELETED, "/subscriptions/a"));
    assert_true(object_flags_has(flags, OBJECT_DELETED, "/subscriptions/a"));
    assert_false(object_flags_has(flags, OBJECT_READABLE, "/subscriptions/a"));
    assert_false(object_flags_has(flags, OBJECT_DELETED, "/subscriptions/a/"));
    object_flags_remove(flags, OBJECT_READABLE, "/subscriptions/a");
    assert_true(object_flags_has(flags, OBJECT_DELETED, "/SUBSCRIPTIONS/A"));
    object_flags_remove(flags, OBJECT_DELETED, "/SUBSCRIPTIONS/a");
    assert_false(object_flags_has(flags, OBJECT_DELETED, "/subscriptions/a"));
    object_flags_remove(flags, OBJECT_DELETED, "/never/there");
    /* Any bytes are an id: what a service wrote is not always UTF-8. */
    object_flags_add(flags, OBJECT_READABLE, "/\xff\xfe");
    assert_true(object_flags_has(flags, OBJECT_READABLE, "/\xff\xfe"));
    object_flags_add(flags, OBJECT_READABLE, "");
    assert_true(object_flags_has(flags, OBJECT_READABLE, ""));
    object_flags_free(flags);
    object_flags_free(NULL);
}

struct writer {
    struct object_flags *flags;
    int number;
};

static void *write_notes(void *state)
{
    const struct writer *writer = state;
    for (int i = 0; i < 200; i++) {
        char id[40];
        snprintf(id, sizeof id, "/%d/%d", writer->number, i);
        object_flags_add(writer->flags, OBJECT_READABLE, id);
        if (i % 2 == 0)
            object_flags_remove(writer->flags, OBJECT_READABLE, id);
    }
    return NULL;
}

TEST(notes_are_written_by_many_at_once)
{
    struct object_flags *flags = object_flags_new(false);
    enum { WRITERS = 8 };
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){ flags, i };
        assert_int_equal(pthread_create(&threads[i], NULL, write_notes, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WRITERS; i++) {
        for (int k = 0; k < 200; k++) {
            char id[40];
            snprintf(id, sizeof id, "/%d/%d", i, k);
            assert_int_equal(object_flags_has(flags, OBJECT_READABLE, id), k % 2);
        }
    }
    object_flags_free(flags);
}
