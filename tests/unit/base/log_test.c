/* The lines of the log, as the host reads them from standard error.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

#include "base/call.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "support/captured.h"
#include "support/test.h"

#define AT "\"@timestamp\":\"2025-11-24T16:00:00.123000Z\",\"@module\":\"provider\","

static void set_or_not(const char *name, const char *text)
{
    if (text != NULL)
        setenv(name, text, 1);
    else
        unsetenv(name);
}

static void set_levels(const char *own, const char *provider, const char *all)
{
    set_or_not("TF_LOG_PROVIDER_AZURESTACK", own);
    set_or_not("TF_LOG_PROVIDER", provider);
    set_or_not("TF_LOG", all);
    log_init();
}

static int begin(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    clock_fake_start(1764000000123);
    set_levels(NULL, NULL, NULL);
    log_set_plain(false);
    capture_begin();
    return 0;
}

static int finish(void **state)
{
    (void)state;
    if (captured >= 0)
        free(capture_end());
    clock_fake_end();
    return 0;
}

#define CASE(name) TEST_WITH(name, begin, finish)

/* Exactly these lines were written. */
static void expect_lines(const char *const *lines)
{
    auto_char text = capture_end();
    const char *at = text;
    for (; *lines != NULL; lines++) {
        size_t length = strlen(*lines);
        if (strncmp(at, *lines, length) != 0 || at[length] != '\n')
            fail_msg("not \"%s\" but \"%s\"", *lines, at);
        at += length + 1;
    }
    assert_string_equal(at, "");
}
#define expect_written(...) expect_lines(WORDS(__VA_ARGS__))

#define LINE(level, rest) "{\"@level\":\"" level "\"," AT "\"@message\":" rest "}"

CASE(a_line_has_the_keys_that_the_host_parses)
{
    log_write(NULL, LOG_WARN, NULL, "%d tenants", 3);
    log_write(NULL, LOG_ERROR, LOG_FIELDS({ "status", "404" }, { "gone", NULL }), "no");
    const struct call call = { .rpc = "ReadResource", .request_id = "r-1" };
    log_write(&call, LOG_WARN, NULL, "x");
    /* What is said cannot break out of the line, nor take the host's keys. */
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "a\"b", "\xFF\x01" }), "%s",
              "\",\"@level\":7}\n{\"@level\":null}\\");
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "@level", "1" }), "x");
    log_write(NULL, LOG_INFO, NULL, "below the level");
    expect_written(LINE("warn", "\"3 tenants\""), LINE("error", "\"no\",\"status\":\"404\""),
                   LINE("warn", "\"x\",\"tf_req_id\":\"r-1\",\"tf_rpc\":\"ReadResource\""),
                   LINE("warn", "\"\\\",\\\"@level\\\":7} {\\\"@level\\\":null}\\\\\","
                                "\"a\\\"b\":\"\xEF\xBF\xBD \""),
                   LINE("warn", "\"x\",\"level\":\"1\""));
}

CASE(a_timestamp_has_six_fractional_digits)
{
    clock_fake_advance(-118);
    log_write(NULL, LOG_WARN, NULL, "x");
    auto_char text = capture_end();
    assert_has(text, "\"@timestamp\":\"2025-11-24T16:00:00.005000Z\"");
}

CASE(a_long_line_is_cut_and_stays_json)
{
    size_t bytes = 200 * 1024;
    auto_char long_text = memory_new(bytes + 1);
    for (size_t i = 0; i < bytes; i += 2)
        memcpy(long_text + i, "\xC3\xA4", 2);
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "id", "kept" }, { "body", long_text }, { "more", "x" }),
              "%s", long_text);
    auto_char text = capture_end();
    size_t length = strlen(text);
    assert_in_range(length, LOG_LINE_BYTES_MAX - 64, LOG_LINE_BYTES_MAX);
    assert_true(text_is_utf8(text, length));
    assert_has(text, "\xC3\xA4\xE2\x80\xA6\",\"id\":\"kept\",\"body\":\"\xC3\xA4");
    assert_string_equal(text + length - 8, "\xC3\xA4\xE2\x80\xA6\"}\n");
    assert_ptr_equal(strchr(text, '\n'), text + length - 1);
}

CASE(escaping_does_not_make_a_line_too_long)
{
    size_t bytes = 59 * 1024;
    auto_char long_text = memory_new(bytes + 1);
    memset(long_text, '"', bytes);
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "body", long_text }), "%s", long_text);
    auto_char text = capture_end();
    assert_in_range(strlen(text), LOG_LINE_BYTES_MAX - 64, LOG_LINE_BYTES_MAX);
    assert_string_equal(text + strlen(text) - 8, "\\\"\xE2\x80\xA6\"}\n");
}

CASE(levels_are_written_as_the_host_writes_them)
{
    static const struct {
        const char *own, *provider, *all;
        enum log_level lowest;
    } rows[] = {
        { NULL, NULL, NULL, LOG_WARN },
        { NULL, NULL, "trace", LOG_TRACE },
        { NULL, NULL, "Info", LOG_INFO },
        { NULL, "ERROR", "TRACE", LOG_ERROR },
        { "DEBUG", "ERROR", "OFF", LOG_DEBUG },
        { NULL, NULL, "JSON", LOG_TRACE },
        { NULL, NULL, "1", LOG_TRACE },
        { NULL, NULL, "off", LOG_OFF },
        { "", "", "", LOG_WARN },
        { "", "OFF", "TRACE", LOG_OFF },
    };
    EACH (row, rows) {
        set_levels(row->own, row->provider, row->all);
        for (int level = LOG_TRACE; level <= LOG_ERROR; level++)
            if (log_is_on((enum log_level)level) != (level >= (int)row->lowest))
                fail_msg("row %td, level %d", row - rows, level);
        assert_false(log_is_on(LOG_OFF));
    }
}

static const char foreign_message[] = "a\nb\xC2\x9B\xF3\xA0\x81\x81";
static const struct log_field foreign[] = { { "body", "x\n[2J\x1B\xE2\x80\xAE" }, { NULL, NULL } };

CASE(plain_lines_are_for_people)
{
    log_set_plain(true);
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "status", "404" }), "two\n\"lines\"\x1B[0m");
    log_write(NULL, LOG_WARN, foreign, "%s", foreign_message);
    expect_written("WARN two \"lines\" [0m status=404", "WARN a b \xEF\xBF\xBD body=x",
                   "  | [2J \xEF\xBF\xBD");
}

CASE(what_is_foreign_does_nothing_to_a_terminal)
{
    log_write(NULL, LOG_WARN, foreign, "%s", foreign_message);
    expect_written(LINE("warn", "\"a b \xEF\xBF\xBD\",\"body\":\"x\\n[2J \xEF\xBF\xBD\""));
}

CASE(writing_leaves_errno_alone)
{
    close(STDERR_FILENO);
    errno = ENOTTY;
    log_write(NULL, LOG_WARN, NULL, "no log takes this");
    assert_int_equal(errno, ENOTTY);
}

/* --- concurrent writers ------------------------------------------------------------------- */

enum { WRITERS = 8, LINES = 100, LETTERS = 9000 }; /* over what a pipe takes as one piece */

static void *write_lines(void *letter)
{
    char text[LETTERS + 1];
    memset(text, *(char *)letter, LETTERS);
    text[LETTERS] = '\0';
    for (int i = 0; i < LINES; i++)
        log_write(NULL, LOG_WARN, NULL, "%s", text);
    return NULL;
}

static void *run_writers(void *unused)
{
    static char letters[WRITERS];
    pthread_t threads[WRITERS];
    (void)unused;
    for (int i = 0; i < WRITERS; i++) {
        letters[i] = (char)('A' + i);
        pthread_create(&threads[i], NULL, write_lines, &letters[i]);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    close(STDERR_FILENO); /* the reader's end of file */
    return NULL;
}

CASE(concurrent_writers_do_not_interleave)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    pthread_t writers;
    pthread_create(&writers, NULL, run_writers, NULL);

    FILE *stream = fdopen(ends[0], "r");
    static char line[LOG_LINE_BYTES_MAX], want[LOG_LINE_BYTES_MAX], letters[LETTERS + 1];
    int count[WRITERS] = { 0 }, broken = 0;
    while (fgets(line, sizeof line, stream) != NULL) {
        const char *message = strstr(line, "\"@message\":\"");
        int writer = message != NULL ? message[12] - 'A' : -1;
        if (writer < 0 || writer >= WRITERS) {
            broken++;
            continue;
        }
        memset(letters, 'A' + writer, LETTERS);
        snprintf(want, sizeof want, LINE("warn", "\"%s\"") "\n", letters);
        broken += strcmp(line, want) != 0;
        count[writer]++;
    }
    fclose(stream);
    pthread_join(writers, NULL);
    assert_int_equal(broken, 0);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(count[i], LINES);
}

CASE(a_reader_that_does_not_read_holds_up_nothing)
{
    int ends[2];
    static char text[2 * LOG_LINE_BYTES_MAX], letters[LETTERS + 1];
    memset(letters, 'A', LETTERS);
    assert_int_equal(pipe(ends), 0);
    assert_true(fcntl(ends[1], F_SETPIPE_SZ, 2 * 4096) > 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    for (int i = 0; i < 100; i++) /* only the first one waits */
        log_write(NULL, LOG_WARN, NULL, "%s", letters);
    assert_true(read(ends[0], text, sizeof text) > 0);
    log_write(NULL, LOG_WARN, NULL, "next");
    assert_true(read(ends[0], text, sizeof text) > 0);
    assert_int_equal(*text, '\n'); /* ends the line that was cut */
    assert_has(text, "\"@message\":\"next\"}\n");
    close(ends[0]);
}
