list "azurestack_partner_customer_agreement" "contoso" {
  provider = azurestack

  config {
    customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
  }
}
