resource "azurestack_user_subscription" "example" {
  display_name = "Contoso"
  offer_id     = "/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/offers/providers/Microsoft.Subscriptions.Admin/offers/standard"
  owner        = "admin@contoso.onmicrosoft.com"
}
