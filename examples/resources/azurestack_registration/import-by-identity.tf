import {
  to = azurestack_registration.example
  identity = {
    subscription_id     = "00000000-0000-4000-8000-000000000001"
    resource_group_name = "azurestack"
    name                = "example-new-hub"
  }
}
