/* User role assignment: a role in a customer's subscription on an Azure Stack Hub.
 * Source: azure-rest-api-specs, Microsoft.Authorization 2015-07-01, authorization.json
 * SPDX-License-Identifier: MPL-2.0 */
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
    .advice =
        "Or correct role_definition_name: roles such as Owner, Contributor and Reader are "
        "named in English.",
};
static const struct told_rule name_of_role = { "role_definition_id",
                                               HUB_USER_ROLE_VERSION,
                                               "properties.roleName" };
static const char *const made_from[] = { "subscription_id", "role_definition_id",
                                         "principal_id", NULL };

static const struct attribute attributes[] = {
    HUB_USER_SUBSCRIPTION_ROW,
    HUB_USER_TENANT_ROW,
    { "principal_id", &type_string, REQUIRED | REPLACE, .body = "properties.principalId",
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The object ID of the user, group or service principal that gets the role. It "
          "is an object of the directory in `tenant_id`, and not an application's client "
          "ID. Changing this forces a new resource to be created." },
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
      .told_by = &name_of_role,
      .doc =
          "The name of the role, such as `Owner`. Changing this forces a new resource to "
          "be created." },
    { "name", &type_string, OPTIONAL | COMPUTED | REPLACE, .check = check_guid,
      .compare = COMPARE_IGNORING_CASE, .made_from = made_from,
      .doc = "The name of the role assignment, a GUID. Defaults to one made from "
             "`subscription_id`, `role_definition_id` and `principal_id`. Changing this "
             "forces a new resource to be created." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the role assignment." },
    { 0 },
};

static const struct attribute identity[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub." },
    { "name", &type_string, REQUIRED, .check = check_guid,
      .doc = "The name of the role assignment, a GUID." },
    { 0 },
};

static const struct attribute list[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub whose role assignments are listed. "
             "Assignments of a resource group or a resource in it are not." },
    HUB_USER_TENANT_ROW,
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
      .title = "The {noun} exists already",
      .text =
          "The principal {blocker.shown} has this role in the subscription already, by "
          "the {noun} \"{blocker.name}\". To manage that one here, import "
          "it:\n\n{blocker.import}\nand set name = \"{blocker.name}\".",
      .unread =
          "An assignment of the same role to the same principal, under another name, is "
          "an error of the apply then." },
    { 0 },
};

static const char *const gone[] = { "RoleAssignmentNotFound", "ResourceNotFound", NULL };
static const char *const parent_gone[] = { "SubscriptionNotFound", NULL };
/* A principal that was just created is not known to the hub for a while. */
static const char *const not_yet[] = { "PrincipalNotFound", NULL };

static const struct remedy remedies[] = {
    HUB_USER_FORBIDDEN("Owner or User Access Administrator"),
    HUB_USER_WRONG_DIRECTORY,
    HUB_USER_NO_SUBSCRIPTION,
    HUB_USER_DISABLED,
    { "PrincipalNotFound",
      "the directory has no such principal, or the hub does not see it yet",
      "Check principal_id: it is the object ID of a user, group or service principal in the "
      "customer's directory, not the client ID of an application. The request was repeated "
      "until the create timeout was over.",
      "principal_id" },
    { "RoleAssignmentExists",
      "the principal has this role already, by another assignment",
      "Import that one: list the role assignments of the subscription to find its ID.",
      "principal_id" },
    { "RoleDefinitionDoesNotExist", "the subscription has no such role",
      "Correct role_definition_id, or set role_definition_name in its place.",
      "role_definition_id" },
    { NULL, NULL, NULL, NULL },
};

const struct resource_table user_role_assignment_table = {
    .name = "user_role_assignment",
    .noun = "role assignment",
    .doc =
        "Assigns a role in a customer's subscription on an Azure Stack Hub. Needs the block "
        "`user` in the block `hub` of the provider.",
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
    .create_blockers = existing,
    .looks_ahead = true,
    .attributes = attributes,
    .timeouts = { .create_s = 10 * 60, .read_s = 5 * 60, .delete_s = 10 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .not_yet = not_yet,
    .remedies = remedies,
};
