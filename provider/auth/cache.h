/* One token per audience, shared by all calls of a session: fetched once, by one of those
 * who need it (single flight), renewed before it ends, replaced when the service refuses
 * it. A refused credential is asked once; later callers get the same error.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CACHE_H
#define AUTH_CACHE_H

#include "auth/credential.h"

struct auth_cache;

/* Takes the credential; borrows the transport, which has to outlive it. */
struct auth_cache *auth_cache_new(struct credential *credential,
                                  struct http_transport *transport, const char *audience);
void auth_cache_free(struct auth_cache *cache); /* NULL is fine */
const struct credential_source *auth_cache_source(const struct auth_cache *cache);

/*
 * A token that is good for a while yet (or the best available: one that lives only
 * seconds is used as long as it lives).
 *
 *   out   a reference of the caller's own
 *
 * Errors: those of credential->fetch; ERR_STOPPED, ERR_TIMEOUT while waiting for another
 *         call's fetch. A leader that is cancelled hands over.
 */
int auth_cache_get(struct auth_cache *cache, struct call *call, struct secret **out,
                   struct error *err);
/* The service answered 401 to this token, which came from auth_cache_get(): the next get
 * fetches a new one, unless another call's already has. */
void auth_cache_refuse(struct auth_cache *cache, const struct secret *token);
/* The credential itself was refused: there will be no token in this session. */
bool auth_cache_is_refused(struct auth_cache *cache);

#endif
