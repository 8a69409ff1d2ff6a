/* One token per audience, shared by all calls of a session. One call fetches it while the others
 * wait. It is renewed before it expires, and replaced if the service refuses it. A credential that
 * was refused is not tried again: later callers get the same error. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CACHE_H
#define AUTH_CACHE_H

#include "auth/credential.h"

struct auth_cache;

/* Takes ownership of the credential. Borrows the transport, which has to outlive the cache. */
struct auth_cache *auth_cache_new(struct credential *credential,
                                  struct http_transport *transport, const char *audience);
void auth_cache_free(struct auth_cache *cache); /* NULL is fine */
const struct credential_source *auth_cache_source(const struct auth_cache *cache);

/*
 * A token that is still valid for a while; if there is none, one that is about to expire.
 *
 *   out   a reference, which the caller releases
 *
 * Errors: those of credential->fetch
 *         ERR_STOPPED, ERR_TIMEOUT while this call waits for another call's fetch
 * If the fetching call is cancelled, one of the waiting calls fetches the token instead.
 */
int auth_cache_get(struct auth_cache *cache, struct call *call, struct secret **out,
                   struct error *err);
/* The service answered 401 to this token of auth_cache_get(). The next auth_cache_get() fetches a
 * new one, unless another call has already done so.
 *
 *   is_new  the one before was refused too. If this one was fetched just now, another one would not
 *           help either: this one is kept, and for some time no refusal replaces it
 *
 * False: no new one will be fetched. */
bool auth_cache_refuse(struct auth_cache *cache, const struct secret *token, bool is_new);
/* The same for a token that was sent together with others, of which any may be the reason: the token
 * that was fetched before `sent_ms` (monotonic). NULL is fine. */
void auth_cache_refuse_older(struct auth_cache *cache, int64_t sent_ms);
/* The credential itself was refused: this session gets no token. */
bool auth_cache_is_refused(struct auth_cache *cache);

#endif
