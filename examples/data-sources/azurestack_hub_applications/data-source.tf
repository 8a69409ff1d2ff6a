data "azurestack_hub_applications" "example" {}

# With the azuread provider these become service principals and permissions in the customer's
# directory; the guide on onboarding a directory shows how.
output "service_principals" {
  value = data.azurestack_hub_applications.example.service_principal_client_ids
}

output "app_role_assignments" {
  value = { for row in data.azurestack_hub_applications.example.app_role_assignments : row.key => row }
}
