list "azurestack_user_resource_group" "example" {
  provider = azurestack

  config {
    subscription_id = "77777777-7777-4777-8777-777777777777"
  }
}
