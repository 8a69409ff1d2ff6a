/* A pod in AKS whose service account Entra trusts. The webhook of workload identity sets the
 * variables; the provider block overrides them.
 * Source: azure-workload-identity docs, "Mutating admission webhook"
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "auth/federated.h"

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    static const char name[] = "AZURE_FEDERATED_TOKEN_FILE";
    *out = NULL;
    if (!config->uses_aks_workload_identity) {
        error_set(
            missing, ERR_CREDENTIAL,
            "use_aks_workload_identity (ARM_USE_AKS_WORKLOAD_IDENTITY) is not true");
        return 0;
    }
    struct auth_config pod = *config;
    if (!input_is_set(pod.tenant_id))
        pod.tenant_id = getenv("AZURE_TENANT_ID");
    if (!input_is_set(pod.client_id) && !input_is_set(pod.client_id_file_path))
        pod.client_id = getenv("AZURE_CLIENT_ID");
    const char *path = getenv(name);
    struct missing_inputs missing_inputs = { 0 };
    missing_require(&missing_inputs, pod.tenant_id, NULL,
                    "tenant_id (ARM_TENANT_ID, AZURE_TENANT_ID)");
    missing_require(&missing_inputs, pod.client_id, pod.client_id_file_path,
                    "client_id (ARM_CLIENT_ID, AZURE_CLIENT_ID)");
    missing_require(&missing_inputs, path, NULL,
                    "AZURE_FEDERATED_TOKEN_FILE, which the workload identity webhook "
                    "sets in pods with the label azure.workload.identity/use");
    if (missing_report(&missing_inputs, missing))
        return 0;
    return federated_new_from_file(&credential_aks_workload_identity, &pod, name, path,
                                   out, err);
}

const struct credential_source credential_aks_workload_identity = {
    .name = "AKS workload identity",
    .create = create,
};
