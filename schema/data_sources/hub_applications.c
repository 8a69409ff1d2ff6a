/* What a customer's directory needs so that its users can sign in to a hub: the hub's applications
 * and the permissions between them. What no row says is in provider/data_sources.
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
            .doc = "What `for_each` may name the row by: it does "                       \
                   "not change with the others."                                         \
    }

static const struct attribute role[] = {
    CLIENT_ID("client_id", "client", "The application that is allowed something."),
    CLIENT_ID("resource_client_id", "resource", "The application that allows it."),
    CLIENT_ID("app_role_id", "roleId", "The ID of the application role."),
    { 0 },
};

static const struct attribute grant[] = {
    CLIENT_ID("client_id", "client", "The application that acts for users."),
    CLIENT_ID("resource_client_id", "resource", "The application that it calls."),
    HUB_TEXT("scope", "scope", "The delegated permissions, with blanks between them."),
    { 0 },
};

static const struct attribute one[] = {
    CLIENT_ID("client_id", "appId", "The client ID of the application."),
    { "tags", &type_list_of_string, COMPUTED, .body = "tags",
      .doc = "The tags that its service principal needs." },
    { "app_role_assignments", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = role,
      .body = "appRoleAssignments",
      .doc = "The application roles, as the hub lists them." },
    { "permission_grants", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = grant,
      .body = "oauth2PermissionGrants",
      .doc = "The delegated permissions, as the hub lists them." },
    { 0 },
};

static const struct attribute assignments[] = {
    KEY,
    { "client_id", &type_string, COMPUTED,
      .doc = "The application that is allowed something." },
    { "resource_client_id", &type_string, COMPUTED,
      .doc = "The application that allows it." },
    { "app_role_id", &type_string, COMPUTED, .doc = "The ID of the application role." },
    { 0 },
};

static const struct attribute grants[] = {
    KEY,
    { "client_id", &type_string, COMPUTED,
      .doc = "The application that acts for users." },
    { "resource_client_id", &type_string, COMPUTED,
      .doc = "The application that it calls." },
    { "claim_values", &type_list_of_string, COMPUTED,
      .doc = "The names of the delegated permissions." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { "applications", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The applications that the hub lists." },
    { "resource_manager_client_id", &type_string, COMPUTED,
      .doc =
          "The client ID of the hub's Azure Resource Manager for tenants, which is the "
          "first to need a service principal." },
    { "service_principal_client_ids", &type_set_of_string, COMPUTED,
      .doc = "The client IDs of all applications that need a service principal in the "
             "directory: those listed, those that the permissions name, and that of the "
             "hub's Azure Resource Manager." },
    { "app_role_assignments", NULL, COMPUTED, .nesting = NESTING_LIST,
      .rows = assignments,
      .doc = "Each application role once, in the order of the keys." },
    { "permission_grants", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = grants,
      .doc =
          "Each pair of applications once, with all delegated permissions between them, "
          "in the order of the keys." },
    { 0 },
};

static const struct list_place lists[] = {
    { "/applicationRegistrations", "/applicationRegistrations",
      "the list of the hub's applications" },
    { NULL, NULL, NULL },
};

const struct data_source_table hub_applications_data = {
    .name = "hub_applications",
    .doc =
        "Use this data source to learn which service principals and permissions a "
        "customer's directory needs for a hub: what the operator's customer registered "
        "with `Register-AzsWithMyDirectoryTenant`. The lists are ready for `for_each` "
        "over the resources of the azuread provider.",
    .service = &hub_service,
    .noun = "hub application",
    .api_version = "2014-04-01-preview",
    .lists = lists,
    .items = "applications",
    .has_no_ids = true,
    .attributes = attributes,
};
