terraform import azurestack_user_subscription.example /subscriptions/00000000-0000-4000-8000-000000000009/providers/Microsoft.Subscriptions.Admin/subscriptions/77777777-7777-4777-8777-777777777777

# Or by the ID of the subscription on the hub alone. The provider finds the rest.
# terraform import azurestack_user_subscription.example 77777777-7777-4777-8777-777777777777
