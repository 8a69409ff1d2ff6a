/* Error codes are answered with words. Each of them is on the page docs/guides/error_codes.md.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/schema/rules.h"

TEST(every_row_of_a_table_can_stand_in_a_diagnostic)
{
    const struct resource_table *table = &customer_subscription_table;
    for (const struct remedy *row = schema_common_remedies; row->code != NULL; row++)
        check_remedy(row->code, row);
    for (const struct remedy *row = table->remedies; row->code != NULL; row++) {
        check_remedy(row->code, row);
        NEEDS(row->code, schema_find_remedy(table, row->code) == row);
        /* The attribute at fault can be configured: a path to nothing is refused by the host. */
        const struct attribute *blamed =
            row->attribute != NULL ? schema_find(table->attributes, row->attribute)
                                   : NULL;
        NEEDS(row->code,
              row->attribute == NULL ||
                  (blamed != NULL && (blamed->flags & (REQUIRED | OPTIONAL)) != 0));
    }
}

TEST(codes_are_found_in_any_case_and_whole)
{
    const struct resource_table *table = &customer_subscription_table;
    assert_ptr_equal(schema_find_remedy(table, "SCOPELOCKED"),
                     schema_find_remedy(table, "ScopeLocked"));
    assert_null(schema_find_remedy(table, "ScopeLock"));
    assert_null(schema_find_remedy(table, "ScopeLockedX"));
    assert_null(schema_find_remedy(table, ""));
    assert_null(schema_find_remedy(table, "SomethingNobodyKnows"));
}

TEST(the_row_of_a_table_comes_before_the_common_one)
{
    static const struct remedy own[] = { { "scopelocked", "it is mine", "Do.", NULL },
                                         { NULL, NULL, NULL, NULL } };
    const struct resource_table with = { .remedies = own }, without = { .name = "x" };
    assert_ptr_equal(schema_find_remedy(&with, "ScopeLocked"), &own[0]);
    assert_string_equal(schema_find_remedy(&without, "ScopeLocked")->code, "ScopeLocked");
    assert_non_null(schema_find_remedy(&with, "TooManyRequests"));
}
