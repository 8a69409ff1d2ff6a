/* The report: a line for each check as soon as it is known, or one JSON object at the end.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "doctor/internal.h"
#include "schema/tables.h"

static const char *const words[] = {
    [DOCTOR_OK] = "ok",
    [DOCTOR_WARNING] = "warning",
    [DOCTOR_FAILED] = "failed",
    [DOCTOR_SKIPPED] = "skipped",
};
static const char todo_mark[] = "What to do: ";
/* A service's text has no empty line, so it cannot contain these. */
static const char todo_start[] = "\n\nWhat to do: ";
static const char footer_start[] = "\n\nHTTP status:";

/* The text on one line: every run of white space becomes one space, without any at the ends. */
static const char *make_line(struct arena *arena, const char *text, size_t length)
{
    char *line = arena_take(arena, length + 1), *to = line;
    for (size_t i = 0; i < length; i++) {
        bool is_space = text[i] == ' ' || text[i] == '\n' || text[i] == '\t';
        if (!is_space)
            *to++ = text[i];
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > line && to[-1] == ' ')
        to--;
    *to = '\0';
    return line;
}

/* A service's text may contain control characters, which a terminal would execute. */
static const char *clean(struct arena *arena, const char *text)
{
    enum { LINE_BYTES_MAX = 4096 };
    return text_clean_line(arena, text, strlen(text), LINE_BYTES_MAX);
}

static const char *show_subject(struct arena *arena, struct subject subject)
{
    return subject.service == NULL
               ? subject.check
               : arena_print(arena, "%s: %s", subject.service, subject.check);
}

static void add(struct doctor *doctor, struct subject subject, enum doctor_status status,
                const char *text, const char *todo)
{
    if (status == DOCTOR_FAILED && doctor->is_azure_optional &&
        text_equal(subject.service, azure_service.name))
        status = DOCTOR_WARNING;
    doctor->has_failed |= status == DOCTOR_FAILED;
    json_array_append_new(doctor->checks,
                          json_pack("{s:s?, s:s, s:s, s:s, s:s?}", "service",
                                    subject.service, "check", subject.check, "status",
                                    words[status], "text", text, "what_to_do", todo));
    if (doctor->options->is_json)
        return;
    fprintf(doctor->options->out, "%-7s  %s: %s\n", words[status],
            show_subject(doctor->call->arena, subject), text);
    if (todo != NULL)
        fprintf(doctor->options->out, "         %s%s\n", todo_mark, todo);
    if (fflush(doctor->options->out) != 0) /* such as `doctor | head` */
        stop_request(doctor->call->stop);
}

static void split(struct doctor *doctor, struct subject subject,
                  enum doctor_status status, const char *text)
{
    struct arena *arena = doctor->call->arena;
    const char *mark = strstr(text, todo_start), *todo = NULL;
    size_t length = mark != NULL ? (size_t)(mark - text) : strlen(text);
    if (mark != NULL) {
        mark += strlen(todo_start);
        const char *end = strstr(mark, footer_start);
        size_t todo_length = end != NULL ? (size_t)(end - mark) : strlen(mark);
        todo = clean(arena, make_line(arena, mark, todo_length));
    } else if (strstr(text, footer_start) != NULL) {
        length = (size_t)(strstr(text, footer_start) - text);
    }
    add(doctor, subject, status, clean(arena, make_line(arena, text, length)), todo);
}

void doctor_report(struct doctor *doctor, struct subject subject,
                   enum doctor_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    size_t length = (size_t)vsnprintf(NULL, 0, format, arguments);
    char *text = arena_take(doctor->call->arena, length + 1);
    vsnprintf(text, length + 1, format, again);
    va_end(again);
    va_end(arguments);
    split(doctor, subject, status, text);
}

bool doctor_report_diags(struct doctor *doctor, struct subject subject,
                         struct diags *diags)
{
    bool has_error = diags_have_error(diags);
    for (const struct diagnostic *one = diags->first; one != NULL; one = one->next) {
        bool is_harmless =
            subject.is_optional ||
            (subject.harmless != NULL && strstr(one->detail, subject.harmless) != NULL);
        split(doctor, subject,
              one->severity == SEVERITY_ERROR && !is_harmless ? DOCTOR_FAILED
                                                              : DOCTOR_WARNING,
              arena_print(doctor->call->arena, "%s. %s", one->summary, one->detail));
    }
    diags_init(diags, doctor->call->arena);
    return has_error;
}

int doctor_report_end(struct doctor *doctor)
{
    FILE *out = doctor->options->out;
    if (doctor->options->is_json) {
        json_t *report = json_pack("{s:s, s:b, s:O}", "version", doctor->options->version,
                                   "ok", !doctor->has_failed, "checks", doctor->checks);
        json_dumpf(report, out, JSON_INDENT(2));
        fputc('\n', out);
        json_decref(report);
    }
    return fflush(out) != 0 || ferror(out) ? -1 : 0;
}
