/* A session that keeps what it was configured with and sends no request, for tests of the
 * layer that makes it. Included by one file of a test: what it defines stands in for
 * session/session.c, which then is not linked. "Multiple definition" from the linker means
 * that the layer calls a function of session.h that is missing here.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_SESSION_FAKE_H
#define SUPPORT_SESSION_FAKE_H

#include <string.h>

#include "base/memory.h"
#include "session/session.h"

struct session {
    struct session_config config;
    struct arena *texts;
};

/* Sessions that live, and all that ever did. */
static unsigned session_fakes_alive, session_fakes_made;

int session_new(const struct session_config *config, struct arena *texts,
                struct session **out, struct error *err)
{
    if (config->ca_bundle != NULL && strcmp(config->ca_bundle, "/missing.pem") == 0)
        return error_set(err, ERR_INVALID, "there is no /missing.pem");
    struct session *session = memory_new(sizeof *session);
    *session = (struct session){
        .config = *config,
        .texts = texts,
    };
    session_fakes_alive++;
    session_fakes_made++;
    *out = session;
    return 0;
}

void session_free(struct session *session)
{
    if (session == NULL)
        return;
    arena_free(session->texts);
    free(session);
    session_fakes_alive--;
}

#endif
