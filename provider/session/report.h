/* What a report about a session shows: where its services are, who issues their tokens, and how
 * requests travel there.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_REPORT_H
#define SESSION_REPORT_H

#include "session/session.h"

/* Borrowed; NULL: known only once session_service() gave the service. */
const char *service_base(const struct service *service);
const char *service_authority(const struct service *service); /* its login service */
const char *service_audience(const struct service *service);  /* of its tokens */
/* The way by which its tokens come; NULL: there is none, and session_service() says why. */
const struct credential_source *service_credential(const struct service *service);

/*
 * One GET of an address by the way that the service's requests take, or those to its login service:
 * without a token, once. Any answer is one.
 * Errors: those of http_send()
 */
int service_ask_openly(struct service *service, struct call *call, const char *address,
                       bool is_login, struct http_reply **out, struct error *err);
/* "directly" or "through the proxy HOST (HTTPS_PROXY)": what follows "responds". In the arena. */
const char *service_route(struct service *service, struct arena *arena,
                          const char *address, bool is_login);

#endif
