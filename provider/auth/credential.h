/* Where a token comes from. One credential_<source>.c each, ending in one table; chain.c
 * lists them in azurerm's order and takes the first that is completely configured.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CREDENTIAL_H
#define AUTH_CREDENTIAL_H

#include "base/secret.h"
#include "http/transport.h"

/* What the provider block and the environment say, all of it optional. Borrowed texts;
 * a credential copies what it keeps. */
struct auth_config {
    const char *authority; /* https://login.microsoftonline.com, no slash at its end */
    const char *tenant_id;
    const char *client_id;
    const char *client_secret;
};

struct auth_token {
    struct secret *text;
    int64_t expires_ms; /* clock_wall_ms() */
};

struct credential {
    const struct credential_source *source;
    /*
     * Asks for one token; no cache here (cache.h).
     *   audience  https://management.azure.com (scope is audience + "/.default")
     * Errors: ERR_CREDENTIAL  refused: text has the AADSTS code, its meaning and the cure
     *         and those of http_transport
     */
    int (*fetch)(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err);
    void (*free)(struct credential *credential);
};

struct credential_source {
    const char *name; /* "client secret" */
    /* 0 with *out NULL: not configured, and `missing` says what it lacks. -1: configured
     * but wrong (ERR_INVALID). */
    int (*create)(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err);
};

extern const struct credential_source credential_client_secret;

/*
 * The first source that is completely configured.
 *
 * Errors: ERR_CREDENTIAL  none is: text says for each what it lacks
 *         ERR_INVALID
 */
int credential_choose(const struct auth_config *config, struct credential **out,
                      struct error *err);
void credential_free(struct credential *credential); /* NULL is fine */
DEFINE_CLEANUP(struct credential, credential_free)
#define auto_credential CLEANUP(credential_freep) struct credential *

#endif
