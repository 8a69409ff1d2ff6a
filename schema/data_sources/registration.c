/* One registration: by its ID, by its name, or by the hub's own ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "id/id.h"
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "id", &type_string, OPTIONAL | COMPUTED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the registration. Set `id`, `name` or `cloud_id`." },
    { "name", &type_string, OPTIONAL | COMPUTED, .check = check_id_name,
      .doc = "The name of the registration. Set `id`, `name` or `cloud_id`." },
    { "cloud_id", &type_string, OPTIONAL | COMPUTED, .check = check_not_empty,
      .doc =
          "The Cloud Deployment ID of the hub, which its administrator portal shows. Set "
          "`id`, `name` or `cloud_id`." },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED, .check = check_group_name,
      .doc = "The resource group that contains the registration. If it is not set, the "
             "provider searches the whole subscription for `name` or `cloud_id`." },
    { "subscription_id", &type_string, OPTIONAL | COMPUTED, .check = check_guid,
      .provider_default = "in the provider block (ARM_SUBSCRIPTION_ID)",
      .doc =
          "The ID of the Azure subscription that contains the registration. Defaults to "
          "the provider's `subscription_id`." },
    { "location", &type_string, COMPUTED,
      .doc = "The location of the registration, which is `global`." },
    { "billing_model", &type_string, COMPUTED,
      .doc = "The billing model of the hub: `PayAsYouUse`, `Capacity`, "
             "`Development`, `Custom` or `Ruggedized`. Only `PayAsYouUse` "
             "supports tenants." },
    { "object_id", &type_string, COMPUTED,
      .doc = "The object ID of the hub's connection to Azure in the directory." },
    { 0 },
};

/* A configured value stays as it is written, and would be wrong. */
static void check_part(struct arena *arena, const struct value *config, const char *name,
                       const char *part, struct diags *diags)
{
    const char *text = value_text(value_get(arena, config, name));
    if (text == NULL || text_equal_ignoring_case(text, part))
        return;
    diags_error(diags, path_attribute(arena, PATH_NONE, name), "Conflicting arguments",
                "%s is \"%s\", but the registration in id is in \"%s\".\n\nWhat to do: "
                "Remove %s, or correct one of the two.",
                name, checks_shown(arena, text), checks_shown(arena, part), name);
}

static void check(struct arena *arena, const struct value *config, struct diags *diags)
{
    const char *text = value_text(value_get(arena, config, "id"));
    struct error ignored = NO_ERROR;
    struct id id;
    if (text == NULL || id_parse(arena, text, &id, &ignored) < 0 ||
        !id_is_of_type(&id, registration_table.id_type))
        return; /* check_id() has reported it */
    check_part(arena, config, "resource_group_name", id.resource_group, diags);
    check_part(arena, config, "subscription_id", id.subscription, diags);
}

const struct data_source_table registration_data = {
    .name = "registration",
    .doc = "Use this data source to read the registration of an Azure Stack "
           "Hub in public Azure.",
    .object = &registration_table,
    .keys = NAMES("id", "name", "cloud_id"),
    .lists = registration_lists,
    .check = check,
    .attributes = attributes,
};
