/* Public Azure Resource Manager.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"
#include "schema/tables.h"

/* Source: azapi, azapi_resource: `id` is the ARM ID, `type` is TYPE@API-VERSION */
static const struct move_rule azapi = {
    .address = "/azure/azapi",
    .type_name = "azapi_resource",
    .id_member = "id",
    .type_member = "type",
};

const struct service_table azure_service = {
    .name = "azure",
    .label = "Azure",
    .ids = &id_scheme_arm,
    .moves = &azapi,
};
