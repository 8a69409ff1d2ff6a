/* The streams that go-plugin opens with every connection: what a plugin prints, and its
 * broker. Terraform uses neither, but looks less puzzled when they stay open. Nothing is
 * sent on them, nothing read; they end when the peer ends them.
 * Source: go-plugin grpc_stdio.go, grpc_broker.go.
 * SPDX-License-Identifier: MPL-2.0 */
#include "plugin/internal.h"

const struct plugin_served plugin_stdio_served[] = {
    { .path = "/plugin.GRPCStdio/StreamStdio", .kind = PLUGIN_SERVED_HELD },
    { .path = "/plugin.GRPCBroker/StartStream", .kind = PLUGIN_SERVED_HELD },
    { .path = NULL },
};
