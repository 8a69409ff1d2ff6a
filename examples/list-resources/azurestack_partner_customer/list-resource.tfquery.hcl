list "azurestack_partner_customer" "all" {
  provider = azurestack
}
