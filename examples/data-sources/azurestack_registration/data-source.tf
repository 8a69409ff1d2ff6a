data "azurestack_registration" "example" {
  name                = "example-hub"
  resource_group_name = "azurestack"
  subscription_id     = "00000000-0000-4000-8000-000000000001"
}

output "registration_id" {
  value = data.azurestack_registration.example.id
}

output "takes_tenants" {
  value = data.azurestack_registration.example.billing_model == "PayAsYouUse"
}
