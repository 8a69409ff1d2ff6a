/* The applications of a hub, and the permissions between them, which a customer's directory needs
 * so that its users can sign in to the hub. provider/data_sources has the code.
 * Source: AzureStack-Tools, AzureStack.Identity.psm1, Register-AzsWithMyDirectoryTenant
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

#define CLIENT_ID(attribute, place, text)                                                \
    {                                                                                    \
        attribute, &type_string, COMPUTED, .body = place,                                \
                                           .compare = COMPARE_IGNORING_CASE, .doc = text \
    }
#define KEY                                                                              \
    {                                                                                    \
        "key", &type_string, COMPUTED,                                                   \
            .doc = "A key for `for_each`. It does not change if other elements change."  \
    }

static const struct attribute role[] = {
    CLIENT_ID("client_id", "client", "The application that gets the role."),
    CLIENT_ID("resource_client_id", "resource",
              "The application that defines the permissions."),
    CLIENT_ID("app_role_id", "roleId", "The ID of the application role."),
    { 0 },
};

static const struct attribute grant[] = {
    CLIENT_ID("client_id", "client", "The application that acts on behalf of users."),
    CLIENT_ID("resource_client_id", "resource", "The application to call."),
    HUB_TEXT("scope", "scope", "The delegated permissions, separated by spaces."),
    { 0 },
};

static const struct attribute one[] = {
    CLIENT_ID("client_id", "appId", "The client ID of the application."),
    { "tags", &type_list_of_string, COMPUTED, .body = "tags",
      .doc = "The tags that its service principal needs." },
    { "app_role_assignments", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = role,
      .body = "appRoleAssignments",
      .doc = "The application roles, as the hub returns them." },
    { "permission_grants", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = grant,
      .body = "oauth2PermissionGrants",
      .doc = "The delegated permissions, as the hub returns them." },
    { 0 },
};

static const struct attribute assignments[] = {
    KEY,
    { "client_id", &type_string, COMPUTED, .doc = "The application that gets the role." },
    { "resource_client_id", &type_string, COMPUTED,
      .doc = "The application that defines the role." },
    { "app_role_id", &type_string, COMPUTED, .doc = "The ID of the application role." },
    { 0 },
};

static const struct attribute grants[] = {
    KEY,
    { "client_id", &type_string, COMPUTED,
      .doc = "The application that acts on behalf of users." },
    { "resource_client_id", &type_string, COMPUTED, .doc = "The application to call." },
    { "claim_values", &type_list_of_string, COMPUTED,
      .doc = "The names of the delegated permissions." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { "applications", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The hub's applications." },
    { "resource_manager_client_id", &type_string, COMPUTED,
      .doc = "The client ID of the hub's Azure Resource Manager for users. Create its "
             "service principal first." },
    { "service_principal_client_ids", &type_set_of_string, COMPUTED,
      .doc =
          "The client IDs of all applications that need a service principal in the "
          "directory: the listed applications, those in the permissions, and the hub's "
          "Azure Resource Manager." },
    { "app_role_assignments", NULL, COMPUTED, .nesting = NESTING_LIST,
      .rows = assignments, .doc = "Each application role once, sorted by key." },
    { "permission_grants", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = grants,
      .doc =
          "Each pair of applications once, with all delegated permissions between them, "
          "sorted by key." },
    { 0 },
};

static const struct list_place lists[] = {
    { "/applicationRegistrations", "/applicationRegistrations",
      "the list of the hub's applications" },
    { NULL, NULL, NULL },
};

const struct data_source_table hub_applications_data = {
    .name = "hub_applications",
    .doc = "Use this data source to read which service principals and permissions a "
           "customer's directory needs for a hub. `Register-AzsWithMyDirectoryTenant` "
           "creates the same objects. Use the lists with `for_each` in resources of the "
           "azuread provider.",
    .service = &hub_service,
    .noun = "hub application",
    .api_version = "2014-04-01-preview",
    .one_directory_refusal = HUB_ONE_DIRECTORY,
    .lists = lists,
    .items = "applications",
    .has_no_ids = true,
    .attributes = attributes,
};
