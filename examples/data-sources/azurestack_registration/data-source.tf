# By the name, which is unique in a resource group; or by `id`, or by `cloud_id`, which a hub
# shows as its Cloud Deployment ID.
data "azurestack_registration" "example" {
  subscription_id     = "00000000-0000-4000-8000-000000000001"
  resource_group_name = "azurestack"
  name                = "example-hub"
}

output "registration_id" {
  value = data.azurestack_registration.example.id
}

output "billing_model" {
  value = data.azurestack_registration.example.billing_model
}
