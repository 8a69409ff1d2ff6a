import {
  to = azurestack_user_resource_group.example
  identity = {
    subscription_id = "77777777-7777-4777-8777-777777777777"
    name            = "proof"
  }
}
