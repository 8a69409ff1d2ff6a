data "azurestack_partner_azure_plans" "contoso" {
  customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
}

output "plan_ids" {
  value = data.azurestack_partner_azure_plans.contoso.plan_ids
}
