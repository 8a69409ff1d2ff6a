data "azurestack_billing_subscriptions" "contoso" {
  billing_scope_id = "/providers/Microsoft.Billing/billingAccounts/99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd"
}

output "bought" {
  value = { for one in data.azurestack_billing_subscriptions.contoso.subscriptions : one.subscription_id => one.display_name }
}
