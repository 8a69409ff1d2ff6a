resource "azurestack_user_role_assignment" "example" {
  subscription_id      = "77777777-7777-4777-8777-777777777777"
  role_definition_name = "Owner"
  principal_id         = "0b1ec700-0000-4000-8000-000000000001"
}
