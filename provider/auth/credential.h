/* The sources of tokens. Each is in its credential_<source>.c, which defines its table. chain.c
 * lists them in azurerm's order and uses the first that is completely configured.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CREDENTIAL_H
#define AUTH_CREDENTIAL_H

#include <stdbool.h>

#include "base/secret.h"
#include "http/transport.h"

/* How the texts of errors name an argument, and what it is called in the block of a service, or
 * where another variable has its value. */
struct auth_name {
    const char *usual, *own; /* "client_secret (ARM_CLIENT_SECRET)" */
};

/* The names for errors, where a service's own block has the credential. NULL: as in the provider
 * block. They must outlive the credentials. */
struct auth_names {
    const char *tenant; /* where tenant_id comes from */
    const char *cloud;  /* where the login service and the audience come from */
    const struct auth_name *arguments; /* the others that differ; ends with NULL texts */
};

/* The values from the provider block and the environment, all optional. Texts are borrowed; a
 * credential copies what it keeps. */
struct auth_config {
    /* https://login.microsoftonline.com, without a slash at the end. */
    const char *authority;
    /* `authority` is an AD FS, which has only the v1 token endpoint; tenant_id is "adfs". */
    bool is_adfs;
    const char *tenant_id;
    const char *client_id, *client_id_file_path;
    const char *client_secret, *client_secret_file_path;
    /* PKCS#12 or PEM: the content of the file in base64, or its path. */
    const char *client_certificate, *client_certificate_path;
    const char *client_certificate_password;
    /* Of a user who consented to the application. A sign-in with it is for the user and the
     * application, so it also needs the application's secret or certificate. */
    const char *refresh_token;
    bool uses_oidc;
    const char *oidc_token, *oidc_token_file_path;
    const char *oidc_request_url, *oidc_request_token;
    const char *ado_pipeline_service_connection_id;
    bool uses_aks_workload_identity;
    bool uses_msi;
    const char *msi_endpoint, *msi_api_version; /* NULL: by the host (managed_host.h) */
    bool uses_cli;
    /* A client ID is configured, but the secret or the certificate is of another application: a
     * person does not sign in instead. */
    bool has_others_proof;
    /* Explains variables that are set but not used: lines, each after a line break. NULL or empty:
     * none. */
    const char *unused_variables;
    struct auth_names names;
};

struct auth_token {
    struct secret *text;
    int64_t expires_ms; /* clock_wall_ms() */
};

struct credential {
    const struct credential_source *source;
    struct auth_names names; /* of the configuration */
    /*
     * Requests one token, without a cache (cache.h).
     *   audience  https://management.azure.com (the scope is audience + "/.default")
     * Errors: ERR_CREDENTIAL  refused: the text has the AADSTS code, its meaning, and what to do
     *         and those of http_transport
     */
    int (*fetch)(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err);
    void (*free)(struct credential *credential);
};

struct credential_source {
    const char *name;    /* "client secret" */
    bool has_one_tenant; /* the token's tenant does not depend on tenant_id */
    bool is_of_person;   /* tokens are for a user of the application */
    bool works_with_adfs;
    /* Runs a program on this machine, which may take longer than Azure. */
    bool is_slow;
    /* 0 with *out NULL: not configured; `missing` says what is missing. -1: configured incorrectly
     * (ERR_INVALID). */
    int (*create)(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err);
};

extern const struct credential_source credential_refresh_token,
    credential_client_certificate, credential_client_secret, credential_oidc_token,
    credential_oidc_token_file, credential_azure_devops, credential_github,
    credential_aks_workload_identity, credential_managed_identity, credential_azure_cli;

/*
 * The first source that is completely configured. If it is refused later, no other source is tried.
 *
 * Errors: ERR_CREDENTIAL  no source is: the text has a line for each with what is missing
 *         ERR_INVALID     the first one that is configured has an error: a file that cannot be
 *                         read, a wrong password, two values that contradict each other
 */
int credential_choose(const struct auth_config *config, struct credential **out,
                      struct error *err);
/* credential->fetch(), whose errors then name the arguments of the right block. */
int credential_fetch(struct credential *credential, struct call *call,
                     struct http_transport *transport, const char *audience,
                     struct auth_token *out, struct error *err);
void credential_free(struct credential *credential); /* NULL is fine */
DEFINE_CLEANUP(struct credential, credential_free)
#define auto_credential CLEANUP(credential_freep) struct credential *

#endif
