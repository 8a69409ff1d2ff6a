/* Which variables are used beside what the provider block says about signing in; each case is in
 * tests/exchanges/configure.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/settings.h"
#include "configure/configure.h"
#include "schema/tables.h"
#include "support/value_of.h"

static struct settings read_settings(struct arena *arena, const char *block)
{
    const struct attribute *rows = provider_table.attributes;
    const struct value *value =
        value_of(arena, schema_rows_type(arena, rows), arena_print(arena, "{%s}", block));
    return settings_read(arena, rows, value, SETTINGS_OF_ALL);
}

/* Whatever else is set: a secret of the environment beside another client ID of the block
 * is read in no case. */
TEST(a_secret_is_never_read_beside_another_client_id)
{
    static const char *const bound[] = { "client_secret", "client_secret_file_path",
                                         "client_certificate", "client_certificate_path" };
    static const char *const clients[] = { "client_id", "client_id_file_path" };
    for (unsigned mask = 0; mask < 1U << 6; mask++) {
        for (size_t c = 0; c < 2; c++) {
            auto_arena arena = arena_new();
            clearenv();
            for (size_t i = 0; i < 6; i++) {
                const char *name = i < 4 ? bound[i] : clients[i - 4];
                if ((mask & 1U << i) != 0)
                    setenv(schema_find(provider_table.attributes, name)->env[0], "e", 1);
            }
            const struct settings settings =
                read_settings(arena, arena_print(arena, "'%s':'b'", clients[c]));
            for (size_t i = 0; i < 4; i++) {
                bool is_alone = (mask >> 4) == 0;
                bool is_read = settings_text(&settings, bound[i]) != NULL;
                assert_int_equal(is_read, (mask & 1U << i) != 0 && is_alone);
            }
        }
    }
}

TEST(validation_of_the_block_reads_no_variables)
{
    clearenv();
    setenv("ARM_SUBSCRIPTION_ID", "x", 1);
    auto_call call;
    call_init(&call, NULL);
    struct diags diags;
    diags_init(&diags, call.arena);
    const struct value *config =
        value_object_of_nulls(call.arena, schema_rows_type(call.arena, provider_table.attributes));
    assert_int_equal(configure_validate(&call, &provider_table, config, &diags), 0);
    assert_null(diags.first);
}

TEST(the_columns_name_rows)
{
    for (const struct attribute *row = provider_table.attributes; row->name != NULL; row++) {
        const char *const *const lists[] = { row->other_forms, row->given_with };
        for (size_t i = 0; i < 2; i++) {
            for (const char *const *name = lists[i]; name != NULL && *name != NULL; name++) {
                const struct attribute *other = schema_find(provider_table.attributes, *name);
                assert_non_null(other);
                assert_ptr_equal(other->type, &type_string);
                assert_string_not_equal(*name, row->name);
            }
        }
        /* A way that cannot be chosen in the block would always lose. */
        assert_true((row->flags & CHOOSES) == 0 || row->sign_in != SIGN_IN_ANY);
        assert_true((row->flags & CHOOSES) == 0 || row->type == &type_bool ||
                    row->type == &type_string);
    }
}
