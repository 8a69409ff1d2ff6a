/* User role assignment: a role in a customer's subscription on an Azure Stack Hub.
 * Source: azure-rest-api-specs, Microsoft.Authorization 2015-07-01, authorization.json
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

#define AUTHORIZATION "/subscriptions/{subscription_id}/providers/Microsoft.Authorization"

static const struct look_up_rule role_by_name = {
    .list_id = AUTHORIZATION "/roleDefinitions",
    .api_version = HUB_USER_ROLE_VERSION,
    .place = "properties.roleName",
    .value_of = "role_definition_name",
    .is_in_parent = true,
    .noun = "the role",
    .advice = "Or correct role_definition_name. The names of roles are in "
              "English, such as Owner, Contributor and Reader.",
};
static const struct read_from_rule name_of_role = { "role_definition_id",
                                                    HUB_USER_ROLE_VERSION,
                                                    "properties.roleName", NULL };
static const char *const made_from[] = { "subscription_id", "role_definition_id",
                                         "principal_id", NULL };

/* In AD FS the object ID of a principal is a SID.
 * Source: azure-stack-docs give-app-access-to-resources.md, ApplicationIdentifier */
static void check_principal(struct arena *arena, const struct attribute *attribute,
                            const struct value *value, const struct path *path,
                            struct diags *diags)
{
    static const char start[] = "S-1-";
    const char *text = value_text(value);
    if (!text_starts_ignoring_case(text, start) || text[strlen(start)] == '\0' ||
        text[strspn(text + 1, "-0123456789") + 1] != '\0')
        check_guid(arena, attribute, value, path, diags);
}

static const struct attribute attributes[] = {
    HUB_USER_SUBSCRIPTION_ROW,
    HUB_USER_TENANT_ROW,
    { "principal_id", &type_string, REQUIRED | REPLACE, .body = "properties.principalId",
      .check = check_principal, .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The object ID of the user, group or service principal that gets "
          "the role. It must be an object of the directory in `tenant_id`, "
          "and is not the client ID of an application. In AD FS it is a SID. Changing this forces "
          "a new resource to be created." },
    { "role_definition_id", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "properties.roleDefinitionId",
      .id_type = "subscriptions/Microsoft.Authorization/roleDefinitions",
      .compare = COMPARE_IGNORING_CASE, .looked_up = &role_by_name,
      .doc =
          "The ID of the role, in the form `/subscriptions/{subscription_id}/providers/"
          "Microsoft.Authorization/roleDefinitions/{guid}`. Changing this forces a new "
          "resource to be created." },
    { "role_definition_name", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .check = check_not_empty, .compare = COMPARE_IGNORING_CASE,
      .read_from = &name_of_role,
      .doc =
          "The name of the role, such as `Owner`. Changing this forces a new resource to "
          "be created." },
    { "name", &type_string, OPTIONAL | COMPUTED | REPLACE, .check = check_guid,
      .compare = COMPARE_IGNORING_CASE, .made_from = made_from,
      .doc = "The name of the role assignment, a GUID. Defaults to a GUID that "
             "is computed from `subscription_id`, `role_definition_id` and "
             "`principal_id`. Changing this forces a new resource to be "
             "created." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the role assignment." },
    { 0 },
};

/* The hub returns the role in the subscription of the assignment, whatever was sent. */
static void check_role(struct arena *arena, const struct value *config,
                       struct diags *diags)
{
    const char *place = value_text(value_get(arena, config, "subscription_id"));
    const char *role = value_text(value_get(arena, config, "role_definition_id"));
    struct error ignored = NO_ERROR;
    struct id id;
    if (place == NULL || role == NULL || id_parse(arena, role, &id, &ignored) < 0 ||
        id.subscription == NULL || text_equal_ignoring_case(id.subscription, place))
        return;
    diags_error(
        diags, path_attribute(arena, PATH_NONE, "role_definition_id"),
        "Invalid role_definition_id",
        "This is a role of subscription %s, but subscription_id is %s.\n\nWhat to "
        "do: Use the ID of the role in that subscription, or set "
        "role_definition_name instead, such as \"Owner\".",
        checks_shown(arena, id.subscription), checks_shown(arena, place));
}

static const struct attribute identity[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub." },
    { "name", &type_string, REQUIRED, .check = check_guid,
      .doc = "The name of the role assignment, a GUID." },
    { 0 },
};

static const struct attribute list[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub whose role assignments are "
             "listed. Assignments of a resource group or of a single resource "
             "are not listed." },
    HUB_USER_LIST_TENANT_ROW,
    { 0 },
};

static const char *const roles[] = { "role_definition_id", "role_definition_name", NULL };
static const struct choice role = {
    .names = roles,
    .advice = "Set role_definition_name, such as \"Owner\", or role_definition_id.",
    .may_be_several = true,
};

static const struct create_blocker existing[] = {
    { .list_id = AUTHORIZATION "/roleAssignments",
      .api_version = HUB_USER_ROLE_VERSION,
      .place = "properties.principalId",
      .attribute = "principal_id",
      .place_too = "properties.roleDefinitionId",
      .attribute_too = "role_definition_id",
      .shown = "properties.principalId",
      .title = "The {noun} already exists",
      .text = "The principal {blocker.shown} already has this role in the "
              "subscription, through the {noun} \"{blocker.name}\".\n\nWhat to "
              "do: To manage this {noun} with Terraform, import "
              "it:\n\n{blocker.import}\nThen set name = \"{blocker.name}\".",
      .unread = "If the principal already has this role through an assignment "
                "with another name, the apply fails." },
    { 0 },
};

static const char *const gone[] = { "RoleAssignmentNotFound", "ResourceNotFound", NULL };
static const char *const parent_gone[] = { "SubscriptionNotFound", NULL };
/* The hub does not know a new principal for a while. */
static const char *const not_yet[] = { "PrincipalNotFound", NULL };

static const struct remedy remedies[] = {
    HUB_USER_FORBIDDEN("Owner or User Access Administrator"),
    HUB_USER_WRONG_DIRECTORY,
    HUB_REFUSED_TOKEN("tenant_endpoint"),
    HUB_USER_NO_SUBSCRIPTION,
    HUB_USER_DISABLED,
    { "PrincipalNotFound",
      "the directory does not have this principal, or the hub does not "
      "know it yet",
      "Check principal_id. It must be the object ID of a user, group or "
      "service principal in the customer's directory, not the client ID "
      "of an application. The provider repeated the request until the "
      "create timeout.",
      "principal_id" },
    { "RoleAssignmentExists",
      "the principal already has this role through another assignment",
      "List the role assignments of the subscription to find the ID of "
      "that assignment, then import it.",
      "principal_id" },
    { "RoleDefinitionDoesNotExist", "the subscription does not have this role",
      "Correct role_definition_id, or set role_definition_name instead.",
      "role_definition_id" },
    { NULL, NULL, NULL, NULL },
};

const struct resource_table user_role_assignment_table = {
    .name = "user_role_assignment",
    .noun = "role assignment",
    .doc = "Assigns a role in a customer's subscription on an Azure Stack "
           "Hub. Requires the block `user` in the `hub` block of the "
           "provider.",
    .service = &hub_user_service,
    .id_type = "subscriptions/Microsoft.Authorization/roleAssignments",
    .api_version = HUB_USER_ROLE_VERSION,
    .parent_noun = "subscription",
    .label = "{noun} \"{name}\" of subscription {subscription}",
    .list_label = "the list of {noun}s of subscription {subscription}",
    .id = AUTHORIZATION "/roleAssignments/{name}",
    .parent_id = "/subscriptions/{subscription_id}",
    .parent_api_version = "2015-11-01",
    .identity = identity,
    .identity_id = AUTHORIZATION "/roleAssignments/{name}",
    .list = list,
    .list_id = AUTHORIZATION "/roleAssignments",
    .list_shows_others = true,
    .choice = &role,
    .check = check_role,
    .create_blockers = existing,
    .looks_ahead = true,
    .attributes = attributes,
    .timeouts = { .create_s = 10 * 60, .read_s = 5 * 60, .delete_s = 10 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .lost_with = hub_user_lost_with,
    .not_yet = not_yet,
    .remedies = remedies,
};
