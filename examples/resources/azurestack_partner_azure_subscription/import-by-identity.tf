import {
  to = azurestack_partner_azure_subscription.example
  identity = {
    alias = "2bac7978-eca8-5b81-aa90-b36d2c56e4ec"
  }
}
