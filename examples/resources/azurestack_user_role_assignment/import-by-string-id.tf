import {
  to = azurestack_user_role_assignment.example
  id = "/subscriptions/77777777-7777-4777-8777-777777777777/providers/Microsoft.Authorization/roleAssignments/12121212-3434-4565-8787-909090909090"
}
