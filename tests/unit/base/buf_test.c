/* Bytes that grow up to a ceiling, and the arena.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/arena.h"
#include "base/buf.h"
#include "support/test.h"

TEST(a_buffer_grows_and_ends_in_nul)
{
    auto_buf buf;
    buf_init(&buf, 100000);
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 10000; i++)
        assert_int_equal(buf_print(&buf, "%04d,", i), 0);
    assert_int_equal(buf.length, 50000);
    assert_int_equal(strlen(buf_text(&buf)), 50000);
    assert_string_equal(buf_text(&buf) + 49995, "9999,");
}

TEST(a_buffer_that_is_full_stays_as_it_is)
{
    auto_buf buf;
    buf_init(&buf, 5);
    assert_int_equal(buf_add_text(&buf, "12345"), 0);
    assert_int_equal(buf_add_char(&buf, '6'), -1);
    assert_int_equal(buf_add(&buf, NULL, 0), -1);
    assert_string_equal(buf_text(&buf), "12345");
    buf_clear(&buf);
    assert_int_equal(buf_add_text(&buf, "abc"), 0);
    assert_int_equal(buf_print(&buf, "%s", "abc"), -1);
    assert_string_equal(buf_text(&buf), "abc");
}

TEST(arena_pieces_are_zeroed_aligned_and_apart)
{
    auto_arena arena = arena_new();
    unsigned char *pieces[2000];
    size_t sizes[2000];
    for (size_t i = 0; i < 2000; i++) {
        size_t bytes = sizes[i] = i % 100 == 99 ? 20000 : i % 37;
        pieces[i] = arena_take(arena, bytes);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t at = 0; at < bytes; at++)
            assert_int_equal(pieces[i][at], 0);
        memset(pieces[i], (int)(i % 251), bytes);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t at = 0; at < sizes[i]; at++)
            assert_int_equal(pieces[i][at], i % 251);
    assert_string_equal(arena_print(arena, "%s-%d", "a", 1), "a-1");
    assert_string_equal(arena_copy_bytes_as_text(arena, "abc", 2), "ab");
}
