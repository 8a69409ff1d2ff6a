output "parts_of_a_customer_subscription" {
  value = provider::azurestack::parse_customer_subscription_id(
    "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub/customerSubscriptions/11111111-2222-4333-8444-555555555555"
  )
}
