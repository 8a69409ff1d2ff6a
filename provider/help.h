/* What --help says.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HELP_H
#define HELP_H

/* Writes the manual to standard output. Returns 0, or 1 if not all of it could be written. */
int help_print(const char *version);

#endif
