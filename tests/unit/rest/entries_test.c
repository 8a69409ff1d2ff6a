/* How a list keeps the IDs of its objects.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/entries.h"
#include "support/test.h"

TEST(an_id_is_kept_without_what_its_list_shares)
{
    auto_arena arena = arena_new();
    static const struct {
        const char *id, *key, *back;
    } rows[] = {
        { "/v1/Things/A", "a", "/v1/things/a" },
        { "v1/THINGS/a/b", "a/b", "/v1/things/a/b" },
        /* What is not below the list is kept whole, and so is what would look like that. */
        { "/v1/Things", "/v1/things", "/v1/things" },
        { "/v1/Thingsome/A", "/v1/thingsome/a", "/v1/thingsome/a" },
        { "/v2/Things/A", "/v2/things/a", "/v2/things/a" },
        { "/v1/Things//A", "/v1/things//a", "/v1/things//a" },
    };
    struct entries entries;
    entries_init(&entries, "/v1/Things", NULL);
    EACH (row, rows) {
        assert_string_equal(entries_key(&entries, arena, row->id), row->key);
        assert_string_equal(entries_id(&entries, arena, row->key), row->back);
    }
    entries_clear(&entries);
}
