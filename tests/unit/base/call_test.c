/* Waiting, and stops.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "base/call.h"
#include "base/clock.h"
#include "support/test.h"

static void *request_stop(void *stop)
{
    stop_request(stop);
    return NULL;
}

TEST(an_endless_wait_without_a_deadline_ends_with_a_stop)
{
    auto_stop stop = stop_new();
    auto_call call;
    call_init(&call, stop);
    struct error err = NO_ERROR;
    /* Real clocks: the sums in it must not overflow. */
    pthread_t thread;
    pthread_create(&thread, NULL, request_stop, stop);
    assert_int_equal(call_sleep(&call, CLOCK_NEVER, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    pthread_join(thread, NULL);
}

TEST(a_wait_ends_at_the_deadline)
{
    clock_fake_start(0);
    auto_call call;
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    assert_int_equal(call_shorten(&call, 500), CLOCK_NEVER);
    call_shorten(&call, 600);
    call_shorten(&call, CLOCK_NEVER);
    assert_int_equal(call_sleep(&call, 100, &err), 0);
    assert_int_equal(call_left_ms(&call), 400);
    assert_int_equal(call_sleep(&call, 1000, &err), -1);
    assert_int_equal(err.kind, ERR_TIMEOUT);
    assert_int_equal(clock_wall_ms(), 500);
    clock_fake_end();
}

TEST(a_negative_wait_is_none)
{
    clock_fake_start(1000);
    auto_call call;
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    assert_int_equal(call_sleep(&call, -500, &err), 0);
    assert_int_equal(clock_wall_ms(), 1000);
    clock_fake_end();
}

TEST(a_shielded_call_has_its_grace_after_a_stop_but_not_after_an_abort)
{
    clock_fake_start(0);
    auto_stop stop = stop_new();
    auto_call open, shielded;
    call_init(&open, stop);
    call_init(&shielded, stop);
    shielded.is_shielded = true;
    struct error err = NO_ERROR;
    stop_request(stop);
    assert_int_equal(call_check(&open, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    assert_int_equal(call_left_ms(&shielded), CALL_GRACE_MS);
    assert_int_equal(call_sleep(&shielded, CALL_GRACE_MS - 1, &err), 0);
    assert_int_equal(call_sleep(&shielded, 1, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);

    stop_reset(stop);
    assert_int_equal(call_check(&shielded, &err), 0);
    stop_abort(stop);
    assert_int_equal(call_check(&shielded, &err), -1);
    clock_fake_end();
}
