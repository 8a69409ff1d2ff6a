# The customer's side. The emulator has no Microsoft Graph, so terraform_data stands here for three
# resources of hashicorp/azuread: azuread_service_principal, azuread_app_role_assignment and
# azuread_service_principal_delegated_permission_grant. Use those for a real directory; the guide shows
# them with the same for_each.

resource "terraform_data" "service_principal" {
  for_each = data.azurestack_hub_applications.berlin.service_principal_client_ids

  input      = each.key
  depends_on = [azurestack_directory_tenant.contoso] # a destroy removes the customer's side first
}

resource "terraform_data" "app_role_assignment" {
  for_each = { for row in data.azurestack_hub_applications.berlin.app_role_assignments : row.key => row }

  input = {
    app_role_id         = each.value.app_role_id
    principal_object_id = terraform_data.service_principal[each.value.client_id].id
    resource_object_id  = terraform_data.service_principal[each.value.resource_client_id].id
  }
}

resource "terraform_data" "permission_grant" {
  for_each = { for row in data.azurestack_hub_applications.berlin.permission_grants : row.key => row }

  input = {
    claim_values                         = each.value.claim_values
    service_principal_object_id          = terraform_data.service_principal[each.value.client_id].id
    resource_service_principal_object_id = terraform_data.service_principal[each.value.resource_client_id].id
  }
}
