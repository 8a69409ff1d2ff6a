list "azurestack_customer_subscription" "example" {
  provider = azurestack

  config {
    registration_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
  }
}
