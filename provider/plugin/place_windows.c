/* Where the server listens on Windows: a port of 127.0.0.1, in the range that Terraform sets. Any
 * program on the machine can connect, but without Terraform's certificate the handshake fails.
 * Source: go-plugin server.go, serverListener_tcp()
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <grpc/grpc_security.h>

#include "base/net.h"
#include "base/text.h"
#include "plugin/internal.h"

const char plugin_place_network[] = "tcp";
const struct plugin_variable plugin_place_variables[] = {
    { "PLUGIN_MIN_PORT, PLUGIN_MAX_PORT",
      "The range from which the provider takes a port of 127.0.0.1 for the connection to "
      "Terraform, which sets both." },
    { NULL, NULL },
};

/* Terraform's own range, in case another host sets none. */
enum { MIN_PORT = 10000, MAX_PORT = 25000, PORT_MAX = 65535 };
/* How many ports that were free a moment before may be refused: more than that is not a race.
 * Terraform starts a process for each provider block, all at the same time. */
enum { REFUSALS_MAX = 100 };

struct range {
    unsigned least, most;
};

static int read_port(const char *name, unsigned other, unsigned *out, struct error *err)
{
    const char *text = getenv(name);
    char *end;
    if (text == NULL || *text == '\0') {
        *out = other;
        return 0;
    }
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number > PORT_MAX)
        return error_set(err, ERR_INVALID, "%s is \"%s\", which is not a port", name,
                         text);
    *out = (unsigned)number;
    return 0;
}

static int read_range(struct range *out, struct error *err)
{
    if (read_port("PLUGIN_MIN_PORT", MIN_PORT, &out->least, err) < 0 ||
        read_port("PLUGIN_MAX_PORT", MAX_PORT, &out->most, err) < 0)
        return -1;
    if (out->least > out->most)
        return error_set(err, ERR_INVALID,
                         "PLUGIN_MIN_PORT is %u, but PLUGIN_MAX_PORT is %u", out->least,
                         out->most);
    return 0;
}

int plugin_place_find(struct plugin_place *out, struct error *err)
{
    struct range range;
    *out = (struct plugin_place){ .directory = "" };
    return read_range(&range, err);
}

/* The port is free now. Tested here, because gRPC logs an error for each port that is in use. */
static bool is_free(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((u_short)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET probe = net_open(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (probe == INVALID_SOCKET)
        return false;
    BOOL is_on = TRUE;
    setsockopt(probe, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&is_on,
               sizeof is_on);
    bool is_bound = bind(probe, (const struct sockaddr *)&address, sizeof address) == 0;
    closesocket(probe);
    return is_bound;
}

int plugin_place_listen(struct plugin_place *place, grpc_server *grpc,
                        grpc_server_credentials *credentials, struct error *err)
{
    struct range range;
    if (read_range(&range, err) < 0)
        return -1;
    unsigned refusals = 0, count = range.most - range.least + 1;
    /* Begins anywhere in the range, because other programs search from its beginning. */
    unsigned skipped = arc4random_uniform(count);
    for (unsigned i = 0; i < count && refusals < REFUSALS_MAX; i++) {
        unsigned port = range.least + (skipped + i) % count;
        snprintf(place->address, sizeof place->address, "127.0.0.1:%u", port);
        /* With 0, the system chooses a port, and gRPC returns it. */
        bool is_tried = port == 0 || is_free(port);
        int bound =
            is_tried ? grpc_server_add_http2_port(grpc, place->address, credentials) : 0;
        if (bound == 0) {
            refusals += is_tried;
            continue;
        }
        snprintf(place->address, sizeof place->address, "127.0.0.1:%d", bound);
        return 0;
    }
    return error_set(
        err, ERR_INTERNAL,
        "cannot listen on any port of 127.0.0.1 from %u to %u (PLUGIN_MIN_PORT, "
        "PLUGIN_MAX_PORT): other programs use them, or Windows has reserved them "
        "(`netsh interface ipv4 show excludedportrange tcp`)",
        range.least, range.most);
}

/* A port has no permissions. */
int plugin_place_restrict(const struct plugin_place *place, struct error *err)
{
    (void)place, (void)err;
    return 0;
}

void plugin_place_remove(struct plugin_place *place)
{
    *place->address = '\0';
}
