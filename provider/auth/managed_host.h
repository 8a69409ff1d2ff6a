/* The services that hand out tokens of a managed identity: which one there is, and what each
 * wants. A machine without any of their variables asks the metadata service of virtual machines.
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
    /* Names of variables: it is this host where all of them are set. NULL: it has none. */
    const char *endpoint;    /* the service's address */
    const char *secret;      /* what `header` proves */
    const char *mark;        /* which distinguishes it from hosts with the same two */
    bool has_agent;          /* or, without any of them, where its agent is installed */
    const char *url;         /* where no variable has it */
    const char *path;        /* follows the text of `endpoint`; NULL: that is the whole */
    bool is_post;            /* the parameters are a form, in place of a query */
    bool is_pinned;          /* `mark` is the SHA-1 of the service's certificate */
    bool has_final_404;      /* of an application without an identity; else "not yet" */
    bool has_challenge;      /* it names the file of a key (arc_key.h) */
    const char *api_version; /* NULL: it has none */
    const char *header;      /* that takes the secret; NULL: "Metadata: true" */
    const char *client_id;   /* the parameter; NULL: no identity can be chosen */
    const char
        *default_client_id; /* variable: whose identity it is unless client_id is set */
    const char *silent, *refuses; /* what to look at: no answer; no token */
};

/* The service that is asked. Starts as zeroes; all but `host` is its own. */
struct managed_endpoint {
    const struct managed_host *host;
    char *url, *api_version; /* the latter NULL: none is sent */
    struct secret *secret;   /* NULL: the host has none */
    uint8_t pin[HTTP_PIN_BYTES];
    char *unused; /* a sentence about variables that are set and not used; NULL: none */
};

/*
 * By msi_endpoint and msi_api_version, else by the variables. An endpoint that is set gets the
 * secret of a variable only if it is the address that came with it.
 *
 * Errors: ERR_INVALID  an address that is none, some variables of a host without the others, a
 *         secret or a thumbprint that cannot be one, an api-version for a host without
 */
int managed_endpoint_find(const struct auth_config *config, struct managed_endpoint *out,
                          struct error *err);
void managed_endpoint_clear(struct managed_endpoint *place);

/* The file by which a machine is known to be Azure Arc's, if it is not the agent's program: a test
 * sets it. */
extern const char *managed_host_arc_file;

#endif
