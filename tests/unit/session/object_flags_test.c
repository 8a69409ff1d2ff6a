/* What a session remembers of ids.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdatomic.h>

#include "session/object_flags.h"
#include "support/fixture.h"

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

enum { WRITERS = 8, NOTES = 200 };

static void print_id(char id[40], unsigned writer, unsigned note)
{
    snprintf(id, 40, "/%u/%u", writer, note);
}

static void *write_notes(void *flags)
{
    static atomic_uint writers;
    unsigned writer = atomic_fetch_add(&writers, 1);
    for (unsigned i = 0; i < NOTES; i++) {
        char id[40];
        print_id(id, writer, i);
        object_flags_add(flags, OBJECT_READABLE, id);
        if (i % 2 == 0)
            object_flags_remove(flags, OBJECT_READABLE, id);
    }
    return NULL;
}

TEST(notes_are_written_by_many_at_once)
{
    struct object_flags *flags = object_flags_new(false);
    in_threads(WRITERS, write_notes, flags);
    for (unsigned i = 0; i < WRITERS * NOTES; i++) {
        char id[40];
        print_id(id, i / NOTES, i % NOTES);
        assert_int_equal(object_flags_has(flags, OBJECT_READABLE, id), i % 2);
    }
    object_flags_free(flags);
}
