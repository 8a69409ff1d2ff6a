data "azurestack_hub_applications" "example" {}

# Use these in the azuread provider to create service principals and permissions in the customer's
# directory.
output "service_principals" {
  value = data.azurestack_hub_applications.example.service_principal_client_ids
}

output "app_role_assignments" {
  value = { for row in data.azurestack_hub_applications.example.app_role_assignments : row.key => row }
}
