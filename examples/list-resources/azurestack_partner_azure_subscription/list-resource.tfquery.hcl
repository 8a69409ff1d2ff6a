list "azurestack_partner_azure_subscription" "example" {
  provider = azurestack
}
