data "azurestack_partner_customer" "contoso" {
  domain_name = "contoso.onmicrosoft.com"
}

output "partner_customer_tenant_id" {
  value = data.azurestack_partner_customer.contoso.customer_tenant_id
}
