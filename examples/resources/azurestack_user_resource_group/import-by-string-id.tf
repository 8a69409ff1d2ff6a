import {
  to = azurestack_user_resource_group.example
  id = "/subscriptions/77777777-7777-4777-8777-777777777777/resourceGroups/proof"
}
