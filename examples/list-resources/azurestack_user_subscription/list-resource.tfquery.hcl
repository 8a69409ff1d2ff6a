list "azurestack_user_subscription" "example" {
  provider = azurestack
}
