/* GUIDs made of texts. The expected ones are those of RFC 9562, appendix A.4, and of Python's
 * uuid.uuid5().
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "id/made.h"
#include "support/test.h"

TEST(a_text_has_the_guid_that_the_standard_gives_it)
{
    static const unsigned char dns[16] = { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                           0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
    auto_arena arena = arena_new();
    assert_string_equal(id_make_guid_in(arena, dns, "www.example.com", 15),
                        "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(a_text_always_has_the_same_guid_in_this_provider_s_namespace)
{
    auto_arena arena = arena_new();
    assert_string_equal(id_make_guid(arena, "abc", 3), "43621398-1edd-543c-bf0f-720d890c3549");
    assert_string_equal(id_make_guid(arena, "abc\0", 0), "c245cb5a-3fe9-573e-88f7-fe448eb40283");
}
