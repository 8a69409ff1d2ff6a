# The ID for an import block.
output "customer_subscription_id" {
  value = provider::azurestack::build_customer_subscription_id(
    "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub",
    "11111111-2222-4333-8444-555555555555",
  )
}
