/* The lines of the log, as the host reads them from standard error.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/call.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "support/test.h"

#define AT "\"@timestamp\":\"2025-11-24T16:00:00.123000Z\",\"@module\":\"provider\","
static const int64_t wall_ms = 1764000000123;

static int captured = -1, saved_stderr = -1;

static int begin(void **state)
{
    (void)state;
    clock_fake_start(wall_ms);
    unsetenv("TF_LOG_PROVIDER_AZURESTACK");
    unsetenv("TF_LOG_PROVIDER");
    unsetenv("TF_LOG");
    log_init();
    log_set_plain(false);
    captured = memfd_create("log", MFD_CLOEXEC);
    saved_stderr = dup(STDERR_FILENO);
    return captured < 0 || dup2(captured, STDERR_FILENO) < 0 ? -1 : 0;
}

/* What was written since begin(). */
static char *end(void)
{
    if (saved_stderr >= 0) {
        dup2(saved_stderr, STDERR_FILENO);
        close(saved_stderr);
        saved_stderr = -1;
    }
    off_t length = lseek(captured, 0, SEEK_END);
    char *text = memory_new((size_t)length + 1);
    assert_int_equal(pread(captured, text, (size_t)length, 0), length);
    return text;
}

static int finish(void **state)
{
    (void)state;
    auto_char rest = end();
    close(captured);
    clock_fake_end();
    return 0;
}

#define CASE(name) TEST_WITH(name, begin, finish)

CASE(a_line_has_the_keys_that_the_host_parses)
{
    log_write(NULL, LOG_WARN, NULL, "%d tenants", 3);
    log_write(NULL, LOG_ERROR, LOG_FIELDS({ "status", "404" }, { "gone", NULL }), "no");
    auto_char text = end();
    assert_string_equal(text, "{\"@level\":\"warn\"," AT "\"@message\":\"3 tenants\"}\n"
                              "{\"@level\":\"error\"," AT "\"@message\":\"no\","
                              "\"status\":\"404\"}\n");
}

CASE(a_timestamp_has_six_fractional_digits)
{
    clock_fake_advance(-118);
    log_write(NULL, LOG_WARN, NULL, "x");
    auto_char text = end();
    assert_non_null(strstr(text, "\"@timestamp\":\"2025-11-24T16:00:00.005000Z\""));
}

CASE(a_call_names_itself)
{
    struct call call = { .rpc = "ReadResource", .request_id = "r-1" };
    log_write(&call, LOG_WARN, NULL, "x");
    auto_char text = end();
    assert_string_equal(text, "{\"@level\":\"warn\"," AT "\"@message\":\"x\","
                              "\"tf_req_id\":\"r-1\",\"tf_rpc\":\"ReadResource\"}\n");
}

CASE(what_is_said_cannot_break_out_of_the_line)
{
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "a\"b", "\xFF\x01" }), "%s",
              "\",\"@level\":7}\n{\"@level\":null}\\");
    auto_char text = end();
    assert_string_equal(
        text, "{\"@level\":\"warn\"," AT
              "\"@message\":\"\\\",\\\"@level\\\":7} {\\\"@level\\\":null}\\\\\","
              "\"a\\\"b\":\"\xEF\xBF\xBD \"}\n");
}

CASE(a_field_cannot_take_the_hosts_keys)
{
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "@level", "1" }), "x");
    auto_char text = end();
    assert_string_equal(text, "{\"@level\":\"warn\"," AT
                              "\"@message\":\"x\",\"level\":\"1\"}\n");
}

CASE(a_long_line_is_cut_and_stays_json)
{
    size_t bytes = 200 * 1024;
    auto_char long_text = memory_new(bytes + 1);
    for (size_t i = 0; i < bytes; i += 2)
        memcpy(long_text + i, "\xC3\xA4", 2);
    log_write(NULL, LOG_WARN,
              LOG_FIELDS({ "id", "kept" }, { "body", long_text }, { "more", "x" }), "%s",
              long_text);
    auto_char text = end();
    size_t length = strlen(text);
    assert_in_range(length, LOG_LINE_BYTES_MAX - 64, LOG_LINE_BYTES_MAX);
    assert_true(text_is_utf8(text, length));
    assert_non_null(
        strstr(text, "\xC3\xA4\xE2\x80\xA6\",\"id\":\"kept\",\"body\":\"\xC3\xA4"));
    assert_string_equal(text + length - 8, "\xC3\xA4\xE2\x80\xA6\"}\n");
    assert_ptr_equal(strchr(text, '\n'), text + length - 1);
}

CASE(escaping_does_not_make_a_line_too_long)
{
    size_t bytes = 59 * 1024;
    auto_char long_text = memory_new(bytes + 1);
    memset(long_text, '"', bytes);
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "body", long_text }), "%s", long_text);
    auto_char text = end();
    assert_in_range(strlen(text), LOG_LINE_BYTES_MAX - 64, LOG_LINE_BYTES_MAX);
    assert_string_equal(text + strlen(text) - 8, "\\\"\xE2\x80\xA6\"}\n");
}

CASE(levels_are_spelt_as_the_host_spells_them)
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsetenv("TF_LOG_PROVIDER_AZURESTACK");
        unsetenv("TF_LOG_PROVIDER");
        unsetenv("TF_LOG");
        if (rows[i].own != NULL)
            setenv("TF_LOG_PROVIDER_AZURESTACK", rows[i].own, 1);
        if (rows[i].provider != NULL)
            setenv("TF_LOG_PROVIDER", rows[i].provider, 1);
        if (rows[i].all != NULL)
            setenv("TF_LOG", rows[i].all, 1);
        log_init();
        for (int level = LOG_TRACE; level <= LOG_ERROR; level++)
            if (log_is_on((enum log_level)level) != (level >= (int)rows[i].lowest))
                fail_msg("row %zu, level %d", i, level);
        assert_false(log_is_on(LOG_OFF));
    }
}

CASE(what_is_below_the_level_is_not_written)
{
    log_write(NULL, LOG_INFO, NULL, "not this");
    log_write(NULL, LOG_WARN, NULL, "this");
    auto_char text = end();
    assert_null(strstr(text, "not this"));
    assert_non_null(strstr(text, "this"));
}

CASE(plain_lines_are_for_people)
{
    log_set_plain(true);
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "status", "404" }), "two\n\"lines\"\x1B[0m");
    auto_char text = end();
    assert_string_equal(text, "WARN two \"lines\" [0m status=404\n");
}

#define FOREIGN "a\nb\xC2\x9B\xF3\xA0\x81\x81", "x\n[2J\x1B\xE2\x80\xAE"

static void log_foreign(const char *message, const char *body)
{
    log_write(NULL, LOG_WARN, LOG_FIELDS({ "body", body }), "%s", message);
}

CASE(what_is_foreign_does_nothing_to_a_terminal)
{
    log_foreign(FOREIGN);
    auto_char text = end();
    assert_non_null(strstr(text, "\"@message\":\"a b \xEF\xBF\xBD\","
                                 "\"body\":\"x\\n[2J \xEF\xBF\xBD\"}\n"));
}

CASE(what_is_foreign_makes_no_line_of_its_own)
{
    log_set_plain(true);
    log_foreign(FOREIGN);
    auto_char text = end();
    assert_string_equal(text, "WARN a b \xEF\xBF\xBD body=x\n  | [2J \xEF\xBF\xBD\n");
}

CASE(writing_leaves_errno_alone)
{
    close(STDERR_FILENO);
    errno = ENOTTY;
    log_write(NULL, LOG_WARN, NULL, "nobody hears this");
    assert_int_equal(errno, ENOTTY);
}

/* --- concurrent writers ------------------------------------------------------------------- */

enum {
    WRITERS = 8,
    LINES = 100,
    LETTERS = 9000
}; /* over what a pipe takes as one piece */

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
        snprintf(want, sizeof want, "{\"@level\":\"warn\"," AT "\"@message\":\"%s\"}\n",
                 letters);
        broken += strcmp(line, want) != 0;
        count[writer]++;
    }
    fclose(stream);
    pthread_join(writers, NULL);
    assert_int_equal(broken, 0);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(count[i], LINES);
}

static int before_all(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return 0;
}

TEST_GROUP(before_all, NULL)
