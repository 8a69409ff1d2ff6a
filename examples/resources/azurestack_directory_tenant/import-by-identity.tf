import {
  to = azurestack_directory_tenant.example
  identity = {
    administrator_subscription_id = "00000000-0000-4000-8000-000000000009"
    resource_group_name           = "system.berlin"
    domain_name                   = "contoso.onmicrosoft.com"
  }
}
