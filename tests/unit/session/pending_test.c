/* Who waits, and what is left to those who do.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/pending.h"
#include "support/test.h"

TEST(a_few_wait_and_the_rest_is_left_to_them_once)
{
    struct pending *pending = pending_new();
    for (unsigned i = 0; i < PENDING_WAITERS_MAX; i++)
        assert_true(pending_enter(pending, "/waits"));
    assert_false(pending_enter(pending, "/left"));
    assert_int_equal(pending_waiters(pending), PENDING_WAITERS_MAX);
    json_t *left = pending_take_left(pending);
    assert_int_equal(json_array_size(left), 1);
    assert_string_equal(json_string_value(json_array_get(left, 0)), "/left");
    json_decref(left);
    left = pending_take_left(pending);
    assert_int_equal(json_array_size(left), 0);
    json_decref(left);
    pending_leave(pending);
    assert_true(pending_enter(pending, "/waits again"));
    pending_free(pending);
    pending_free(NULL);
}

TEST(the_last_one_stays_while_something_is_left)
{
    struct pending *pending = pending_new();
    for (unsigned i = 0; i < PENDING_WAITERS_MAX; i++)
        assert_true(pending_enter(pending, "/waits"));
    assert_false(pending_enter(pending, "/left"));
    for (unsigned i = 1; i < PENDING_WAITERS_MAX; i++)
        assert_true(pending_leave_early(pending));
    assert_false(pending_leave_early(pending));
    assert_int_equal(pending_waiters(pending), 1);
    json_decref(pending_take_left(pending));
    assert_true(pending_leave_early(pending));
    assert_int_equal(pending_waiters(pending), 0);
    pending_free(pending);
}
