data "azurestack_partner_azure_entitlements" "contoso" {
  customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
  plan_id            = "0a4ce58a-6f96-4273-8035-d9c7d31b9ba4"
}

# What customer_subscription_id of azurestack_customer_subscription takes
output "customer_subscription_ids" {
  value = data.azurestack_partner_azure_entitlements.contoso.subscription_ids
}
