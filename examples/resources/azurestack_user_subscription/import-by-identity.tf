import {
  to = azurestack_user_subscription.example
  identity = {
    administrator_subscription_id = "00000000-0000-4000-8000-000000000009"
    subscription_id               = "77777777-7777-4777-8777-777777777777"
  }
}
