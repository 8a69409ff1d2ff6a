/* The services that issue tokens of a managed identity: how to recognize each of them, and what its
 * requests need. Without the variables of any of them, the machine is taken for a virtual machine,
 * with its metadata service.
 * Source: azure-sdk-for-go and azure-sdk-for-python (azidentity, azure-identity), and
 * microsoft-authentication-library-for-go (managedidentity): variables, parameters, headers and
 * versions; entra-docs how-to-use-vm-token.md; azure-docs app-service/overview-managed-identity.md
 * and azure-arc/servers/managed-identity-authentication.md;
 * service-fabric/how-to-managed-identity-service-fabric-app-code.md
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_MANAGED_HOST_H
#define AUTH_MANAGED_HOST_H

#include "auth/credential.h"

struct managed_host {
    const char *name; /* "Azure Arc" */
    /* Names of environment variables. If all that the row names are set, it is this host. NULL:
     * none. */
    const char *endpoint; /* the URL of the service */
    const char *secret;   /* the secret that `header` sends */
    /* A variable that other hosts with the same `endpoint` and `secret` do not set. */
    const char *mark;
    /* If none of the variables is set, it is this host if its agent is installed. */
    bool has_agent;
    const char *url; /* used if `endpoint` is not set */
    /* Appended to the value of `endpoint`. NULL: that is the whole URL. */
    const char *path;
    bool is_post;   /* parameters are sent as a form, not as a query */
    bool is_pinned; /* `mark` has the SHA-1 of the service's certificate */
    /* A 404 is final: the application has no identity. Else it may be temporary. */
    bool has_final_404;
    /* The service asks for the key in a file that it names (arc_key.h). */
    bool has_challenge;
    const char *api_version; /* NULL: the service has none */
    const char *header;      /* that sends the secret; NULL: "Metadata: true" */
    /* The parameter for client_id. NULL: the identity cannot be selected. */
    const char *client_id;
    /* The variable with the client ID that is used if client_id is not set. */
    const char *default_client_id;
    const char *silent, *refuses; /* what to check if there is no answer, or no token */
};

/* The service of this machine. Starts zeroed. Owns everything but `host`. */
struct managed_endpoint {
    const struct managed_host *host;
    char *url, *api_version; /* api_version NULL: none is sent */
    struct secret *secret;   /* NULL: the service has none */
    uint8_t pin[HTTP_PIN_BYTES];
    /* A sentence about variables that are set but not used. NULL: there is none. */
    char *unused;
};

/*
 * Finds the service by msi_endpoint and msi_api_version, else by the variables. If msi_endpoint is
 * set, the secret of a host is used only if the host's own address is the same.
 *
 * Errors: ERR_INVALID  an address that is not valid, variables of a host that are set without the
 *                      others, a secret or a thumbprint that is not valid, an api-version for a
 *                      host that has none
 */
int managed_endpoint_find(const struct auth_config *config, struct managed_endpoint *out,
                          struct error *err);
void managed_endpoint_clear(struct managed_endpoint *place);

/* The file that shows that this is an Azure Arc machine. NULL: the agent's program. Tests set
 * it. */
extern const char *managed_host_arc_file;

#endif
