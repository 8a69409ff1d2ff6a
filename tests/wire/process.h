/* The provider as a process: started as a host starts it, watched until it ends.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_PROCESS_H
#define WIRE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "identity.h"

/* What every host sets: it is public, and keeps people from starting a plugin by hand. */
#define WIRE_COOKIE                                                                      \
    "TF_PLUGIN_MAGIC_COOKIE="                                                            \
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

/* Nothing here takes so long; a sanitizer on a loaded machine takes some of it. */
enum { WIRE_LIMIT_MS = 60 * 1000 };

struct wire_start {
    const struct wire_identity *host; /* whose certificate is handed over; NULL: no TLS */
    const char *const *variables;     /* more of them, NAME=text, ends with NULL */
    const char *option;               /* of the command line; NULL: none */
    const char *temporary;            /* TMPDIR; NULL: a new directory of its own */
    bool without_cookie;
    bool allows_failure; /* no handshake line is no failure of the test */
};

struct wire_provider {
    pid_t pid; /* 0: it ended, and `status` is what waitpid says */
    int status;
    int out;             /* its standard output */
    char temporary[256]; /* its TMPDIR */
    bool owns_temporary;
    char error_path[300]; /* where its standard error goes */
    char line[8192];      /* the first on standard output, without the newline */
    char *fields[8];      /* of the handshake; the text they point to is `parts` */
    size_t field_count;
    char parts[8192];
};

/* Needs PROVIDER_BINARY in the environment. Fails the test if there is no handshake. */
struct wire_provider *wire_start(const struct wire_start *start);
/* Kills it if it still runs, and removes its files. NULL is fine. */
void wire_provider_free(struct wire_provider *provider);
const char *wire_socket_path(const struct wire_provider *provider);

/* Waits for its end; false when the limit is over. Sets pid to 0 and status. */
bool wire_wait_for_exit(struct wire_provider *provider, int limit_ms);
/* Waits until a path is not there any more. */
bool wire_wait_until_gone(const char *path, int limit_ms);
/* What it writes on standard output after the line that was read, to its end; what it wrote
 * on standard error so far. The caller frees both. */
char *wire_read_output(struct wire_provider *provider);
char *wire_read_errors(const struct wire_provider *provider);
/* How many entries a directory has. */
size_t wire_count_entries(const char *directory);
/* Empties and removes a directory. */
void wire_remove_tree(const char *directory);
long long wire_now_ms(void);

/* A listener on loopback that accepts and says nothing more. */
struct wire_silence {
    int listener;
    int port;
};
void wire_silence_open(struct wire_silence *silence);
void wire_silence_close(struct wire_silence *silence);
/* The descriptor of a connection, -1 if none comes within the limit. */
int wire_silence_accept(struct wire_silence *silence, int limit_ms);
/* The peer closed the connection, whatever it sent before. */
bool wire_wait_until_closed(int connection, int limit_ms);

#endif
