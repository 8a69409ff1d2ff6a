import {
  to = azurestack_customer_subscription.example
  identity = {
    registration_subscription_id = "00000000-0000-4000-8000-000000000001"
    resource_group_name          = "azurestack"
    registration_name            = "example-hub"
    customer_subscription_id     = "11111111-2222-4333-8444-555555555555"
  }
}
