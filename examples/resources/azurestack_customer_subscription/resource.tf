resource "azurestack_customer_subscription" "example" {
  registration_id          = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
  customer_subscription_id = "11111111-2222-4333-8444-555555555555"
  tenant_id                = "22222222-3333-4444-8555-666666666666"
}
