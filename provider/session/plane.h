/* One service: where it is, and the tokens for it. What only the session's own files share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_PLANE_H
#define SESSION_PLANE_H

#include <pthread.h>

#include "session/session.h"

struct plane {
    struct arm arm;
    char *base;
    /* NULL: no credential is configured, and `lacks` says why. */
    struct auth_cache *tokens;
    struct auth_cache *auxiliary[SESSION_AUXILIARY_MAX];
    struct error lacks;

    bool is_given;     /* base is, by the configuration */
    bool is_suspected; /* it was asked whether it is a hub */
    bool is_made;      /* what follows can be used */
    /* Of a plane whose addresses metadata_host tells: asked by the first who needs them. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct session_config *kept; /* until they are known */
    bool is_asking;
    struct error failed; /* for good; ERR_NONE: not */
};

/* `common` is what all planes of a session share. Contacts nobody. Errors: ERR_INVALID */
int plane_init(struct plane *plane, const struct session_config *config,
               const struct arm *common, struct error *err);
void plane_clear(struct plane *plane); /* also of zeroes */
/* Borrowed from the plane. Errors: as session_arm() */
int plane_find(struct plane *plane, struct call *call, struct arm **out,
               struct error *err);

/* as session_find_hub() */
const char *plane_find_hub(struct plane *plane, struct call *call);

/* kept.c: a copy of its own, wiped when it is freed. */
struct session_config *session_config_keep(const struct session_config *config);
void session_config_free(struct session_config *config); /* NULL is fine */

#endif
