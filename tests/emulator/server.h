/* The listeners and what holds them together.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_SERVER_H
#define EMULATOR_SERVER_H

#include <stdbool.h>
#include <event2/event.h>

/* Opens all listeners and writes DIR/control-port, DIR/second-port, DIR/machine-port and, last,
 * DIR/port. A machine_port of -1: no such listener. False: it says why on stderr. */
bool server_start(struct event_base *base, const char *dir, int port, int machine_port);
void server_stop(void);

struct event_base *server_base(void);
int server_port(void);
int server_second_port(void);

/* Every open connection of the main listener gets a RST. */
void server_disconnect_all(void);
/* The same, and for so long new ones are refused by the system. */
void server_refuse(long ms);
/* The same, and for so long new ones are accepted by the system and hear nothing. */
void server_silence(long ms);
/* The same, and new ones find the switch `tls` in this mode; for so long, or for good: 0. */
void server_spoil_tls(const char *mode, long ms);

#endif
