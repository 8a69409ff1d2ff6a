list "azurestack_user_role_assignment" "example" {
  provider = azurestack

  config {
    subscription_id = "77777777-7777-4777-8777-777777777777"
  }
}
