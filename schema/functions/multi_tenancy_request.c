/* The e-mail that requests multi-tenancy for a registration, because no API does.
 * Source: azure-stack-docs azure-stack-add-manage-billing-as-a-csp.md, "Enable multi-tenancy"
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/functions/parse_id.h"
#include "schema/tables.h"

static const struct attribute parts[] = {
    { "to", &type_string, COMPUTED,
      .doc = "Microsoft's e-mail address for these requests." },
    { "subject", &type_string, COMPUTED, .doc = "The subject of the e-mail." },
    { "body", &type_string, COMPUTED, .doc = "The text of the e-mail." },
    { 0 },
};

static int call(struct arena *arena, const char *const *arguments,
                const struct value **out, int *at, struct error *err)
{
    struct id id;
    if (function_parse_id(arena, arguments[0], "Microsoft.AzureStack/registrations", &id,
                          at, err) < 0)
        return -1;
    const char *name = id.levels[0].name;
    const char *subject = arena_print(
        arena, "Enable multi-tenancy for Azure Stack Hub registration %s", name);
    const char *body = arena_print(
        arena,
        "Please enable multi-tenancy for this registration of an Azure Stack Hub, which we "
        "operate as a Cloud Solution Provider:\n\n"
        "Registration subscription ID: %s\n"
        "Resource group name: %s\n"
        "Registration name: %s\n",
        id.subscription, id.resource_group, name);
    const struct value *mail =
        value_object_of_nulls(arena, schema_rows_type(arena, parts));
    mail = value_with(arena, mail, "to", value_string(arena, "azstcsp@microsoft.com"));
    mail = value_with(arena, mail, "subject", value_string(arena, subject));
    *out = value_with(arena, mail, "body", value_string(arena, body));
    return 0;
}

const struct function_table multi_tenancy_request_function = {
    .name = "multi_tenancy_request",
    .summary = "Writes the e-mail that requests multi-tenancy",
    .doc =
        "Writes the e-mail in which a Cloud Solution Provider asks Microsoft to enable "
        "multi-tenancy for a registration. Microsoft takes one to two business days. "
        "After that, you can map customers to the registration. There is no API for "
        "this request, so send the e-mail yourself.",
    .parameters = { { "registration_id", "The ID of the registration." } },
    .result = parts,
    .call = call,
};
