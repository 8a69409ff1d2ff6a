/* Secrets: shared, compared, and gone when the last holder lets go.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "base/secret.h"
#include "support/test.h"

/* Looks at memory that was given back. The sanitizer keeps it aside unchanged; reading it
 * is what this test is about, so this one function may. */
__attribute__((no_sanitize("address"), noinline)) static size_t
count_remains(const volatile char *freed, const char *text, size_t length)
{
    size_t found = 0;
    for (size_t i = 0; i < length; i++)
        found += freed[i] == text[i];
    return found;
}

static const char password[] = "hunter2-hunter2-hunter2-hunter2";

static void skip_without_sanitizer(void)
{
#ifndef __SANITIZE_ADDRESS__
    print_message("skipped: only the address sanitizer keeps freed memory to be looked at\n");
    skip();
#endif
}

/* `place` is a number, so that the compiler does not see what becomes of it. */
static void assert_remains(volatile uintptr_t place, size_t count)
{
    assert_int_equal(count_remains((const char *)place, password, strlen(password)), count);
}

/* jansson and curl are given these. */
TEST(what_a_library_gives_back_is_wiped)
{
    skip_without_sanitizer();
    char *memory = malloc(sizeof password);
    volatile uintptr_t place = (uintptr_t)memory;
    memcpy(memory, password, sizeof password);
    char *moved = memory_move_and_wipe(memory, 4 * sizeof password);
    assert_string_equal(moved, password);
    assert_ptr_equal(memory_move_and_wipe(moved, sizeof password), moved);
    volatile uintptr_t new_place = (uintptr_t)moved;
    memory_wipe_and_free(moved);
    memory_wipe_and_free(NULL);
    memory_wipe_and_free(memory_move_and_wipe(NULL, 0));
    assert_remains(place, 0);
    assert_remains(new_place, 0);
}

/* A call's memory holds what was configured, and what was asked and answered. */
TEST(a_secret_and_what_a_call_held_are_wiped)
{
    skip_without_sanitizer();
    struct secret *secret = secret_new(password, strlen(password));
    volatile uintptr_t place = (uintptr_t)secret_reveal(secret);
    secret_free(secret_ref(secret));
    assert_remains(place, strlen(password));
    secret_free(secret);
    assert_remains(place, 0);
    struct arena *arena = arena_new();
    place = (uintptr_t)arena_copy_text(arena, password);
    arena_free(arena);
    assert_remains(place, 0);
}

TEST(wiping_overwrites_everything_and_nothing_else)
{
    char memory[] = "abcdefgh";
    secret_wipe(memory + 2, 4);
    assert_memory_equal(memory, "ab\0\0\0\0gh", 9);
    secret_wipe(NULL, 0);
}

TEST(a_secret_lives_until_its_last_reference)
{
    struct secret *first = secret_new("token", 5);
    struct secret *second = secret_ref(first);
    secret_free(first);
    assert_string_equal(secret_reveal(second), "token");
    assert_int_equal(secret_length(second), 5);
    secret_free(second);
    secret_free(NULL);
    assert_null(secret_ref(NULL));
}

TEST(a_secret_is_cut_out_of_its_source)
{
    auto_secret secret = secret_new("token=abc&x=y", 5);
    assert_string_equal(secret_reveal(secret), "token");
    auto_secret empty = secret_new(NULL, 0);
    assert_string_equal(secret_reveal(empty), "");
}

TEST(secrets_are_equal_by_content)
{
    auto_secret same = secret_new("same", 4);
    static const char *const others[] = { "samf", "Same", "same!", "sam", "" };
    EACH (text, others) {
        auto_secret other = secret_new(*text, strlen(*text));
        assert_false(secret_equal(same, other));
    }
    auto_secret twin = secret_new("same", 4);
    assert_true(secret_equal(same, twin));
    assert_false(secret_equal(same, NULL));
    assert_false(secret_equal(NULL, same));
    assert_true(secret_equal(NULL, NULL));
}
