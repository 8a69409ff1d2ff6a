/* The back door, and the configuration, which is the same list of things to change.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_CONTROL_H
#define EMULATOR_CONTROL_H

#include <stdio.h>
#include <event2/http.h>
#include <jansson.h>

/* Takes the configuration that every reset goes back to, and goes there. NULL, or what is
 * wrong with it, to be freed by the caller. */
char *control_configure(json_t *config);
void control_stop(void);
/* The operations, for --help. */
void control_print(FILE *stream);

/* One request of the plain listener. */
void control_answer(struct evhttp_request *request, void *unused);

#endif
