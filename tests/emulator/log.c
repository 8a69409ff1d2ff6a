/* The log: one JSON line per event, flushed at once, numbered from 1. Tests read nothing else.
 * SPDX-License-Identifier: MPL-2.0 */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "text.h"

struct log {
    char *path;
    FILE *stream;
    long count;
};

struct log *requests_log;

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static void open_stream(struct log *log)
{
    log->stream = fopen(log->path, "ae");
    if (log->stream == NULL) {
        perror(log->path);
        exit(1);
    }
}

struct log *log_open(const char *dir, const char *name, int is_lazy)
{
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL)
        abort();
    log->path = text_format("%s/%s", dir, name);
    if (!is_lazy)
        open_stream(log);
    return log;
}

void log_close(struct log *log)
{
    if (log == NULL)
        return;
    if (log->stream != NULL)
        fclose(log->stream);
    free(log->path);
    free(log);
}

long log_event(struct log *log, const char *event, json_t *fields)
{
    if (log->stream == NULL)
        open_stream(log);
    json_t *line = json_pack("{s:I, s:I, s:s}", "n", (json_int_t)++log->count, "t",
                             (json_int_t)clock_wall_ms(), "event", event);
    if (fields != NULL)
        json_object_update(line, fields);
    /* A line counts when its end is there: however it comes to be written, a reader leaves a
     * last line without one for later. */
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (text == NULL)
        abort();
    fprintf(log->stream, "%s\n", text);
    if (fflush(log->stream) != 0) {
        perror(log->path);
        exit(1);
    }
    free(text);
    json_decref(line);
    json_decref(fields);
    return log->count;
}

long log_position(const struct log *log)
{
    return log->count;
}
