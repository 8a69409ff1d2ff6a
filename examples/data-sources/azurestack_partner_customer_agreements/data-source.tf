# Needs refresh_token in the block partner of the provider
data "azurestack_partner_customer_agreements" "contoso" {
  customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
}

output "is_confirmed" {
  value = length(data.azurestack_partner_customer_agreements.contoso.agreements) > 0
}
