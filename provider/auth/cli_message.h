/* The output of a command line program, for an error message: the lines that matter, without
 * colours, secrets and noise, and what to do.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CLI_MESSAGE_H
#define AUTH_CLI_MESSAGE_H

#include "base/arena.h"
#include "base/bytes.h"

enum { CLI_MESSAGE_BYTES_MAX = 1200 };

/* Removes escape sequences (colours, titles, links) and NUL bytes from a text in place. Returns the
 * new length; the bytes after it keep their content.
 * Source: ECMA-48, 5.4 and 5.6 */
size_t cli_message_strip(char *text, size_t length);

/* The lines of a stripped text that have content: each cleaned, with a line break and an indent
 * between them, secrets as `***`. If they have more than CLI_MESSAGE_BYTES_MAX bytes, some are
 * omitted, with `…` in their place: first warnings and the steps of a stack trace, then other
 * lines, last errors and instructions. "": there is no such line. */
const char *cli_message_show(struct arena *arena, struct bytes text);

/* What to do about the message; NULL: it is not known. Looks at errors first, then at warnings. */
const char *cli_message_advice(struct arena *arena, struct bytes text);

#endif
