resource "azurestack_partner_azure_plan" "contoso" {
  customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
  friendly_name      = "Contoso"
}
