data "azurestack_user_subscription" "example" {
  display_name = "Contoso"
}

output "contoso_subscription_id" {
  value = data.azurestack_user_subscription.example.subscription_id
}
