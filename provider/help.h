/* What --help says.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HELP_H
#define HELP_H

/* Writes the manual to standard output; 0, or 1 when it could not be written whole. */
int help_print(const char *version);

#endif
