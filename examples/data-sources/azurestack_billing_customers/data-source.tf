data "azurestack_billing_customers" "all" {
  billing_account_name = "99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31"
}

output "billing_scopes" {
  value = { for one in data.azurestack_billing_customers.all.customers : one.customer_tenant_id => one.id }
}
