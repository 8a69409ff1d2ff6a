/* What a command line program printed, for an error message: the lines that matter, without
 * colours, secrets and noise, and the advice that fits.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CLI_MESSAGE_H
#define AUTH_CLI_MESSAGE_H

#include "base/arena.h"
#include "base/bytes.h"

enum { CLI_MESSAGE_BYTES_MAX = 1200 };

/* Takes escape sequences (colours, titles, links) and NUL bytes out of a text in place; what is
 * left behind the new end stays as it was. Returns the new length.
 * Source: ECMA-48, 5.4 and 5.6 */
size_t cli_message_strip(char *text, size_t length);

/* The lines of a stripped text that say something, each cleaned, with a line break and an
 * indent between them; secrets are `***`. If they are more than CLI_MESSAGE_BYTES_MAX, errors and what to do
 * come first, then other lines, then warnings and the steps of a stack trace; `…` stands for
 * those that are left out. Empty: there is none. */
const char *cli_message_show(struct arena *arena, struct bytes text);

/* What to do about what it says; NULL: nothing known. Errors are asked first, then warnings. */
const char *cli_message_advice(struct arena *arena, struct bytes text);

#endif
