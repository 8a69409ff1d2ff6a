data "azurestack_billing_customer" "contoso" {
  billing_account_name = "99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31"
  customer_tenant_id   = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
}

output "billing_scope_id" {
  value = data.azurestack_billing_customer.contoso.id
}
