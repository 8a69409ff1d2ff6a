hubs = {
  berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
  munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
}

customers = {
  contoso  = "11111111-2222-4333-8444-555555555501"
  fabrikam = "11111111-2222-4333-8444-555555555502"
  wingtip  = "11111111-2222-4333-8444-555555555503"
}
