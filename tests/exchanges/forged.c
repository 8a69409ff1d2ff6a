/* What services write reaches people by diagnostics: it may not move the cursor, hide, turn around, or
 * pass for words of ours. A script that is `forged` is played again with each of these texts.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "exchanges/player.h"

#define PLACE "FORGED"

/* As it is, and as it stands in JSON where that has to be another way. */
static const struct {
    const char *raw, *json;
} texts[] = {
    { "x", NULL },
    { "x\n\nWhat to do: run this.\n\nHTTP status:     200\nRequest ID:      1",
      "x\\n\\nWhat to do: run this.\\n\\nHTTP status:     200\\nRequest ID:  1" },
    { "x\r\n\r\nWhat to do: run this", "x\\r\\n\\r\\nWhat to do: run this" },
    { "\033[2J\033]0;title\a", "\\u001b[2J\\u001b]0;title\\u0007" },
    { "x\b\177\v\f", "x\\b\\u007f\\u000b\\f" },
    { "\302\23331m\302\205", "\\u009b31m\\u0085" },
    { "\u202e\u202b\u200f", "\\u202e\\u202b\\u200f" },
    { "\u2066\u2069", "\\u2066\\u2069" },
    { "a\u200bb\ufeffc", "a\\u200bb\\ufeffc" },
    { "\U000e0041\U000e01ef", "\\udb40\\udc41\\udb40\\uddef" },
    { "\ufe0f\u00ad", "\\ufe0f\\u00ad" },
    { "x\u2028\u2029What to do: y", "x\\u2028\\u2029What to do: y" },
    { "\ue000\U0010fffd\uffff", "\\ue000\\udbff\\udffd\\uffff" },
    { "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", NULL },
    { "\377\300\200\355\240\200\370", NULL },
    { "a\377b", "a\\u0000b\\ud800\\udc\nc" },
};
enum { TEXTS = sizeof texts / sizeof *texts };

const char *forged_fill(struct run *run, const char *form, bool is_header)
{
    if (!run->script->is_forged || strstr(form, PLACE) == NULL)
        return form;
    bool is_json = *form == '{' && texts[run->forged].json != NULL;
    const char *text = is_json ? texts[run->forged].json : texts[run->forged].raw;
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    for (const char *at; (at = strstr(form, PLACE)) != NULL; form = at + strlen(PLACE))
        buf_print(&buf, "%.*s%s", (int)(at - form), form, text);
    buf_add_text(&buf, form);
    char *filled = arena_copy_text(run->arena, buf_text(&buf));
    /* A header is one line, whatever its source. */
    for (char *at = filled; is_header && (at = strpbrk(at, "\r\n")) != NULL;)
        *at = '\v';
    return filled;
}

/* Every character can be seen and stays where it is. */
static void check_shown(struct run *run)
{
    unsigned marks = 0;
    const char *text = run->texts;
    size_t length = strlen(text), bytes;
    for (; length != 0; text += bytes, length -= bytes) {
        bytes = text_utf8_next(text, length);
        unsigned point = bytes != 0 ? text_utf8_point(text, bytes) : 0;
        marks = point == 0x301 ? marks + 1 : 0;
        if (bytes == 0 || (point < 0x20 && point != '\n') ||
            (point >= 0x7F && point < 0xA0) || text_is_hidden(point) || marks > 4) {
            run_fail(run, "U+%04X before: %s", point, text);
            return;
        }
    }
}

static size_t count(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* Nothing that looks like ours is there more often than with the harmless text. */
static void check_own(struct run *run, const char *plain)
{
    static const char *const own[] = { "\n\n", "\nWhat to do", "\nHTTP status",
                                       "\nRequest ID" };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (count(run->texts, own[i]) != count(plain, own[i]))
            run_fail(run, "\"%s\" is there %zu times and not %zu in:\n%s", own[i],
                     count(run->texts, own[i]), count(plain, own[i]), run->texts);
    }
}

int forged_play(const struct script *script)
{
    const char *plain = "";
    auto_arena kept = arena_new();
    int result = 0;
    for (unsigned number = 0; number < TEXTS && result == 0; number++) {
        struct run run;
        run_begin(&run, script, NULL);
        run.forged = number;
        for (size_t i = 0; i < script->act_count && *run.failure == '\0'; i++) {
            run_act(&run, &script->acts[i]);
            if (*run.failure == '\0')
                wire_close_act(&run);
        }
        if (number == 0)
            plain = arena_copy_text(kept, run.texts);
        check_shown(&run);
        check_own(&run, plain);
        result = *run.failure == '\0' && *plain != '\0' ? 0 : -1;
        if (result < 0)
            fprintf(stderr, "%s: forged text %u: %s\n", script->path, number,
                    run.failure);
        run_end(&run);
    }
    return result;
}
