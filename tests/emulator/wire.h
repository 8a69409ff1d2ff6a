/* Answers that are not sent as HTTP servers send them: in part, slowly, never, with a lie.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_WIRE_H
#define EMULATOR_WIRE_H

#include "exchange.h"

/* The bytes of the answer's body; to be freed. NULL: it has none. */
char *wire_body(const struct exchange *x, size_t *length);

/* Sends the answer the way HTTP wants it; the request is done with. */
void wire_send(struct exchange *x);

/* Does the rule concern the bytes? Then wire_send_badly is used; it takes the connection over
 * and the request with it. */
bool wire_owns(const char *what);
void wire_send_badly(struct exchange *x, const json_t *rule);

/* Ends a connection without a word: what is under way is lost on both sides. */
void wire_reset(int fd);
void wire_stop(void);

#endif
