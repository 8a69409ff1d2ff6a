data "azurestack_user_subscriptions" "example" {
  tenant_id = "22222222-3333-4444-8555-666666666666"
}

output "subscriptions" {
  value = { for one in data.azurestack_user_subscriptions.example.user_subscriptions : one.display_name => one.state }
}
