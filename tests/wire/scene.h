/* A provider with its rightful host connected, and an Azure that never answers: what most
 * tests begin with.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_SCENE_H
#define WIRE_SCENE_H

#include "values.h"

struct wire_scene {
    struct wire_identity *host;
    struct wire_provider *provider;
    struct wire_channel *channel;
    struct wire_silence azure;
    int connections[8]; /* accepted from the provider */
    size_t connection_count;
    struct wire_apply apply; /* a create that was planned */
};

/* `start` may be NULL; its host is set here. */
void wire_scene_open(struct wire_scene *scene, const struct wire_start *start);
/* Plans a create. To be done before Configure: later a plan asks the service what it can. */
void wire_scene_plan(struct wire_scene *scene);
/* That, and Configure with the silent Azure. */
void wire_scene_configure(struct wire_scene *scene);
/* As many creates as asked, and the first of them is seen to ask Azure. */
void wire_scene_begin_applies(struct wire_scene *scene, struct wire_call **calls,
                              size_t count);
/* An apply's answer of OK with an error and without a new state; frees the call. */
void wire_scene_check_stopped(struct wire_call *call);
/* Asks for Shutdown if the provider still runs, and wants a clean end: status 0, nothing
 * left behind. */
void wire_scene_close(struct wire_scene *scene);

#endif
