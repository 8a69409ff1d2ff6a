/* The listener that nobody may contact.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_SECOND_H
#define EMULATOR_SECOND_H

#include <event2/http.h>

#include "log.h"

/* DIR/second.log, which is no file as long as nobody came. */
extern struct log *second_log;

void second_contacted(void);
void second_answer(struct evhttp_request *request, void *unused);

#endif
