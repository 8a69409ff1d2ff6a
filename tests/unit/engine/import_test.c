/* What marks an import in the private data; tests/exchanges import and upgrade.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "support/test.h"

TEST(private_data_of_others_are_no_import)
{
    static const char *const texts[] = { "",
                                         "{}",
                                         "null",
                                         "{\"imported\":false}",
                                         "{\"imported\":\"true\"}",
                                         "{\"imported\":true",
                                         "\xFF",
                                         "[true]" };
    EACH (text, texts)
        assert_false(private_is_imported(BYTES(*text, strlen(*text))));
    assert_false(private_is_imported(NO_BYTES));
    assert_true(private_is_imported(private_imported()));
}
