/* The unary methods that every plugin has in addition to its own: go-plugin's Shutdown, and gRPC's
 * health check. Source: go-plugin grpc_controller.go; grpc health.proto.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "plugin/internal.h"
#include "proto/health.pb-c.h"

/* Only answers: the process ends when the answer has been sent (ends_process). */
static int shut_down(struct call *call, void *state, struct bytes request,
                     struct bytes *reply, struct error *err)
{
    (void)call, (void)state, (void)request, (void)err;
    *reply = NO_BYTES;
    return 0;
}

static int check_health(struct call *call, void *state, struct bytes request,
                        struct bytes *reply, struct error *err)
{
    (void)state;
    Grpc__Health__V1__HealthCheckRequest *asked =
        grpc__health__v1__health_check_request__unpack(NULL, request.length,
                                                       request.data);
    if (asked == NULL)
        return error_set(err, ERR_SHAPE, "not a HealthCheckRequest");
    /* "" is the whole server; "plugin" is go-plugin's name for it. */
    bool is_known = *asked->service == '\0' || text_equal(asked->service, "plugin");
    grpc__health__v1__health_check_request__free_unpacked(asked, NULL);
    if (!is_known)
        return error_set(err, ERR_NAME, "unknown service");
    Grpc__Health__V1__HealthCheckResponse answer =
        GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
    answer.status = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING;
    size_t bytes = grpc__health__v1__health_check_response__get_packed_size(&answer);
    uint8_t *packed = arena_take(call->arena, bytes);
    grpc__health__v1__health_check_response__pack(&answer, packed);
    *reply = BYTES(packed, bytes);
    return 0;
}

const struct plugin_served plugin_controller_served[] = {
    { .path = "/plugin.GRPCController/Shutdown",
      .kind = PLUGIN_SERVED_SHORT,
      .handle = shut_down,
      .ends_process = true },
    { .path = "/grpc.health.v1.Health/Check",
      .kind = PLUGIN_SERVED_SHORT,
      .handle = check_health },
    { .path = NULL },
};
