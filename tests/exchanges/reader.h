/* How an exchange file is read: one function for each word with which a line begins.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_READER_H
#define EXCHANGES_READER_H

#include "exchanges/script.h"

struct reader {
    struct script *script;
    const char *path;
    int line;
};

/* What stands behind the word is read; -1 when it is not understood, which was said. */
struct script_line {
    const char *word;
    int (*read)(struct reader *reader, const char *rest);
};
/* Each ends with a NULL word. */
extern const struct script_line script_exchange_lines[], script_result_lines[];

/* Prints it with the place; -1. */
int reader_complain(const struct reader *reader, const char *fault);
/* NULL: it cannot be read. */
char *reader_file(struct arena *arena, const char *path);
const char *reader_skip_space(const char *text);
/* The word at *text, which moves behind it and the white space there. */
const char *reader_word(struct arena *arena, const char **text);
/* Borrowed from the script; NULL: it is none, which was said. */
const json_t *reader_json(struct reader *reader, const char *text);
/* The string literal at *text, which moves behind it. NULL if there is none. */
const char *reader_string(struct reader *reader, const char **text);
/* "5s", "2m"; -1: it is no time. And "A..B", or "A" alone. */
int reader_ms(const char *text, int64_t *ms);
bool reader_range(struct arena *arena, const char *text, const char **least,
                  const char **most);
/* `many FIRST..LAST TEXT`: the text for each number, of five digits in place of `%`, with commas between. NULL: it is
 * none. */
const char *reader_repeat(struct arena *arena, const char *rest);
/* The act that lines are about, and its exchange whose answer is still to come; NULL: there is none. */
struct script_act *reader_act(struct reader *reader);
struct script_exchange *reader_exchange(struct reader *reader);
struct script_exchange reader_fresh_exchange(void);

#endif
