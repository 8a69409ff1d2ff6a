/* The streams that go-plugin opens for every connection: for a plugin's output, and for its broker.
 * Terraform uses neither, but expects that they stay open. Nothing is sent or read on them; they
 * end when the peer ends them.
 * Source: go-plugin grpc_stdio.go, grpc_broker.go.
 * SPDX-License-Identifier: MPL-2.0 */
#include "plugin/internal.h"

const struct plugin_served plugin_stdio_served[] = {
    { .path = "/plugin.GRPCStdio/StreamStdio", .kind = PLUGIN_SERVED_HELD },
    { .path = "/plugin.GRPCBroker/StartStream", .kind = PLUGIN_SERVED_HELD },
    { .path = NULL },
};
