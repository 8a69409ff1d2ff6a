/* The Azure CLI that never ends; what it is asked, and what is made of its answers:
 * tests/exchanges/sign_in.
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "support/folder.h"
#include "unit/auth/credential_run.h"

static int prepare(void **state)
{
    clearenv();
    if (folder_begin(state) < 0)
        return -1;
    setenv("PATH", arena_print(folder_paths, "%s:/usr/bin:/bin", folder), 1);
    return mkfifo(in_folder("fifo"), 0600);
}

static void *fetch_apart(void *state)
{
    return (void *)(intptr_t)ask(state);
}

TEST(an_endless_one_is_ended_and_only_its_own_time_is_a_refusal)
{
    static const struct {
        int64_t call_ms, later_ms; /* 0: a stop */
        enum error_kind kind;
        const char *words;
    } rows[] = {
        /* Final: no other call waits a minute for it. */
        { 600 * 1000, 60 * 1000, ERR_CREDENTIAL, "did not finish within 60 s" },
        { 15 * 1000, 15 * 1000, ERR_TIMEOUT, "" },
        { 600 * 1000, 0, ERR_STOPPED, "Azure CLI" },
    };
    static const struct auth_config config = { .authority = "https://login.test",
                                               .uses_cli = true };
    auto_char script = memory_print("#!/bin/sh\ntrap '' TERM; exec 3>%s; echo up >&3; sleep 1000\n",
                                    in_folder("fifo"));
    chmod(put_text("az", script), 0700);
    EACH (row, rows) {
        auto_run run = begin(&config, ANSWERS({ 0 }));
        assert_true(run->credential->source->is_slow); /* what that means: cache_test.c */
        run->call.deadline_ms = clock_monotonic_ms() + row->call_ms;
        pthread_t thread;
        pthread_create(&thread, NULL, fetch_apart, run);
        int fd = open(in_folder("fifo"), O_RDONLY);
        char word[3];
        assert_int_equal(read(fd, word, 3), 3); /* it runs */
        if (row->later_ms != 0)
            clock_fake_advance(row->later_ms);
        else
            stop_request(run->stop);
        assert_int_equal(read(fd, word, 1), 0); /* all who held it are gone */
        close(fd);
        void *result;
        pthread_join(thread, &result);
        assert_int_equal((int)(intptr_t)result, -1);
        assert_error(&run->err, row->kind, row->words);
    }
}

TEST_GROUP(prepare, folder_end)
