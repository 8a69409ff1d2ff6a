/* The key with which a hub activates its registration. It is a secret, so no state may have it.
 * Source: Microsoft.AzureStack/stable/2017-06-01/Registration.json
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "registration_id", &type_string, REQUIRED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the registration, which exists or which the same run creates." },
    { "activation_key", &type_string, COMPUTED | SENSITIVE, .body = "activationKey",
      .doc = "The activation key. Pass it to `New-AzsActivationResource` at the hub's "
             "privileged endpoint." },
    { 0 },
};

static const struct remedy remedies[] = {
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role that has "
      "Microsoft.AzureStack/registrations/getActivationKey/action on "
      "the registration or above it, such as Contributor. Reader is not "
      "enough. A new role assignment can take a few minutes to take "
      "effect.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

const struct data_source_table registration_activation_key_ephemeral = {
    .name = "registration_activation_key",
    .doc =
        "Gets the activation key of a registration for one run. The plan and the state "
        "never contain the key.",
    .object = &registration_table,
    .attributes = attributes,
    .remedies = remedies,
};
