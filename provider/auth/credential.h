/* Where a token comes from. One credential_<source>.c each, ending in one table; chain.c
 * lists them in azurerm's order and takes the first that is completely configured.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CREDENTIAL_H
#define AUTH_CREDENTIAL_H

#include <stdbool.h>

#include "base/secret.h"
#include "http/transport.h"

/* What the provider block and the environment say, all of it optional. Borrowed texts;
 * a credential copies what it keeps. */
struct auth_config {
    const char *authority; /* https://login.microsoftonline.com, no slash at its end */
    /* It is an AD FS, which knows the v1 token endpoint alone; tenant_id is "adfs". */
    bool is_adfs;
    const char *tenant_id;
    const char *client_id, *client_id_file_path;
    const char *client_secret, *client_secret_file_path;
    /* PKCS#12 or PEM: the file's bytes in base64, or its path. */
    const char *client_certificate, *client_certificate_path;
    const char *client_certificate_password;
    /* Of a person who consented to the application: it signs in for both, with the application's
     * secret or certificate beside it. */
    const char *refresh_token;
    bool uses_oidc;
    const char *oidc_token, *oidc_token_file_path;
    const char *oidc_request_url, *oidc_request_token;
    const char *ado_pipeline_service_connection_id;
    bool uses_aks_workload_identity;
    bool uses_msi;
    const char *msi_endpoint, *msi_api_version; /* instead of what is found by itself */
    bool uses_cli;
    /* Lines with a line break before each, which name variables that are set and not among
     * the above, and say why; NULL or empty: there is none. */
    const char *unused_variables;
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
    const char *name;    /* "client secret" */
    bool has_one_tenant; /* tenant_id does not choose where the token is from */
    bool is_of_person;   /* tokens are those of a person who uses the application */
    bool works_with_adfs;
    bool is_slow; /* a program of this machine, which may take longer than Azure itself */
    /* 0 with *out NULL: not configured, and `missing` says what is missing. -1: configured
     * but wrong (ERR_INVALID). */
    int (*create)(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err);
};

extern const struct credential_source credential_refresh_token,
    credential_client_certificate, credential_client_secret, credential_oidc_token,
    credential_oidc_token_file, credential_azure_devops, credential_github,
    credential_aks_workload_identity, credential_managed_identity, credential_azure_cli;

/*
 * The first source that is completely configured. One that is refused later never falls
 * through to the next.
 *
 * Errors: ERR_CREDENTIAL  none is: text says for each what is missing, a line each
 *         ERR_INVALID     the first that is configured is wrong: a file that cannot be read,
 *                         a password, two values that contradict each other
 */
int credential_choose(const struct auth_config *config, struct credential **out,
                      struct error *err);
void credential_free(struct credential *credential); /* NULL is fine */
DEFINE_CLEANUP(struct credential, credential_free)
#define auto_credential CLEANUP(credential_freep) struct credential *

#endif
