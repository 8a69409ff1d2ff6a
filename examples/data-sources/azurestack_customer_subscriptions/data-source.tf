data "azurestack_customer_subscriptions" "example" {
  registration_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
  expected_ids = [
    "11111111-2222-4333-8444-555555555555",
    "11111111-2222-4333-8444-666666666666",
  ]
}

# The partner pays for the usage of these, unless another subscription of the same tenant is mapped.
output "missing" {
  value = data.azurestack_customer_subscriptions.example.missing
}

# These are mapped but not expected.
output "unmanaged" {
  value = data.azurestack_customer_subscriptions.example.unmanaged
}
