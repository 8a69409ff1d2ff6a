/* The log: one JSON object per line on standard error.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/call.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define ELLIPSIS "\xE2\x80\xA6"

enum {
    /* Leaves space for the fields, which are more precise. */
    MESSAGE_BYTES_MAX = 48 * 1024,
    CALL_FIELD_BYTES_MAX = 512,
    WRITE_WAIT_MS = 2000,
};

static const char *const level_names[] = { "trace", "debug", "info",
                                           "warn",  "error", "off" };

static atomic_int lowest_level = LOG_WARN;
static atomic_bool is_plain;

/* One line is made at a time, in static memory. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char line[LOG_LINE_BYTES_MAX];
static size_t line_length;
static char message[LOG_LINE_BYTES_MAX];

void log_init(void)
{
    static const char *const variables[] = { "TF_LOG_PROVIDER_AZURESTACK",
                                             "TF_LOG_PROVIDER", "TF_LOG" };
    atomic_store(&lowest_level, LOG_WARN);
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *text = getenv(variables[i]);
        if (text == NULL || *text == '\0')
            continue;
        /* As in Terraform: JSON, and any unknown value, is TRACE. */
        int level = LOG_TRACE;
        for (int known = LOG_TRACE; known <= LOG_OFF; known++)
            if (text_equal_ignoring_case(text, level_names[known]))
                level = known;
        atomic_store(&lowest_level, level);
        return;
    }
}

void log_set_plain(bool wants_plain)
{
    atomic_store(&is_plain, wants_plain);
}

bool log_is_on(enum log_level level)
{
    return level < LOG_OFF && (int)level >= atomic_load(&lowest_level);
}

static void add(const char *text, size_t length)
{
    memcpy(line + line_length, text, length);
    line_length += length;
}

/* What to do with line breaks: a message gets spaces, a field keeps them in a form that is easy to
 * read. */
enum form { FORM_MESSAGE, FORM_FIELD };

/* Writes one character in the form that the line needs; returns its bytes. */
static size_t shown_char(enum form form, const char *text, size_t length, char *out,
                         size_t *taken)
{
    static const char mark[] = "\n  | "; /* as Terraform shows a value of several lines */
    char clean[TEXT_CLEAN_CHAR_BYTES];
    size_t ignored, bytes = text_clean_char(text, length, clean, taken);
    bool is_plain_now = atomic_load(&is_plain), is_break = *clean == '\n';
    if (is_break && form == FORM_MESSAGE)
        *clean = ' ';
    else if (is_break && is_plain_now)
        return (size_t)((char *)mempcpy(out, mark, sizeof mark - 1) - out);
    if (is_plain_now)
        return (size_t)((char *)mempcpy(out, clean, bytes) - out);
    return text_json_char(clean, bytes, out, &ignored);
}

/* Adds the text. Cuts it with an ellipsis, so that the line has at most `end` bytes. */
static void add_value(enum form form, const char *text, size_t length, size_t end)
{
    size_t cut = line_length;
    while (length != 0) {
        char out[TEXT_JSON_CHAR_BYTES];
        size_t taken, bytes = shown_char(form, text, length, out, &taken);
        if (line_length + bytes > end) {
            line_length = cut;
            if (cut + strlen(ELLIPSIS) <= end)
                add(ELLIPSIS, strlen(ELLIPSIS));
            return;
        }
        add(out, bytes);
        text += taken;
        length -= taken;
        if (line_length + strlen(ELLIPSIS) <= end)
            cut = line_length;
    }
}

/* Adds a field with at most `most` bytes of its value. A field is omitted if not even a few
 * characters of its value fit. */
static void add_field(const char *name, const char *text, size_t most)
{
    if (text == NULL)
        return;
    while (*name == '@') /* Terraform's own fields */
        name++;
    const size_t frame = strlen(",\"\":\"\"") + strlen("}\n");
    size_t name_bytes = strlen(name);
    if (line_length + frame + name_bytes * TEXT_JSON_CHAR_BYTES + 16 > sizeof line)
        return;
    bool plain = atomic_load(&is_plain);
    add(plain ? " " : ",\"", plain ? 1 : 2);
    add_value(FORM_MESSAGE, name, name_bytes, sizeof line);
    add(plain ? "=" : "\":\"", plain ? 1 : 3);
    size_t end = sizeof line - strlen("\"}\n");
    if (end - line_length > most)
        end = line_length + most;
    add_value(FORM_FIELD, text, strlen(text), end);
    if (!plain)
        add("\"", 1);
}

/* Exactly six fractional digits: with three, Terraform shows the line unparsed. */
static void format_time(char text[40])
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    if (clock_is_fake()) {
        int64_t wall_ms = clock_wall_ms();
        now.tv_sec = (time_t)(wall_ms / 1000);
        now.tv_nsec = (long)(wall_ms % 1000 * 1000000);
    }
    if (gmtime_r(&now.tv_sec, &utc) == NULL)
        memset(&utc, 0, sizeof utc);
    size_t length = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, 40 - length, ".%06ldZ", now.tv_nsec / 1000 % 1000000);
}

/* A line that cannot be written in time is lost, because no call must wait for the reader of the
 * log. As long as the reader does not read, the following lines do not wait at all. */
static void write_line(void)
{
    static bool is_late, is_cut; /* the last line was lost; a part of it was written */
    int patience_ms = is_late ? 0 : WRITE_WAIT_MS;
    if (is_cut && file_write_all(STDERR_FILENO, "\n", 1, patience_ms) == 0)
        return;
    size_t written = file_write_all(STDERR_FILENO, line, line_length, patience_ms);
    is_late = written < line_length;
    is_cut = is_late && written > 0;
}

static void make_line(const struct call *call, enum log_level level,
                      const struct log_field *fields, size_t message_length)
{
    bool plain = atomic_load(&is_plain);
    line_length = 0;
    if (plain) {
        char name[8];
        size_t length = strlen(level_names[level]);
        for (size_t i = 0; i < length; i++)
            name[i] = (char)(level_names[level][i] - 'a' + 'A');
        add(name, length);
        add(" ", 1);
        add_value(FORM_MESSAGE, message, message_length, MESSAGE_BYTES_MAX);
    } else {
        char time[40], start[128];
        format_time(time);
        int length = snprintf(start, sizeof start,
                              "{\"@level\":\"%s\",\"@timestamp\":\"%s\","
                              "\"@module\":\"provider\",\"@message\":\"",
                              level_names[level], time);
        add(start, (size_t)length);
        add_value(FORM_MESSAGE, message, message_length, MESSAGE_BYTES_MAX);
        add("\"", 1);
    }
    if (call != NULL) {
        add_field("tf_req_id", call->request_id, CALL_FIELD_BYTES_MAX);
        add_field("tf_rpc", call->rpc, CALL_FIELD_BYTES_MAX);
        add_field("tf_resource_type", call->resource_type, CALL_FIELD_BYTES_MAX);
    }
    for (; fields != NULL && fields->name != NULL; fields++)
        add_field(fields->name, fields->text, sizeof line);
    add(plain ? "\n" : "}\n", plain ? 1 : 2);
}

void log_write(const struct call *call, enum log_level level,
               const struct log_field *fields, const char *format, ...)
{
    if (!log_is_on(level))
        return;
    int saved = errno;
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    if (vsnprintf(message, sizeof message, format, arguments) < 0)
        snprintf(message, sizeof message, "(a message that cannot be printed)");
    va_end(arguments);
    size_t message_length = strlen(message);
    make_line(call, level, fields, message_length);
    write_line();
    pthread_mutex_unlock(&lock);
    errno = saved;
}
