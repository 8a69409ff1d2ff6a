hubs = {
  berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
  munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
}

customers = {
  contoso  = { subscription_id = "11111111-2222-4333-8444-555555555501", tenant_id = "22222222-3333-4444-8555-666666666601" }
  fabrikam = { subscription_id = "11111111-2222-4333-8444-555555555502", tenant_id = "22222222-3333-4444-8555-666666666602" }
  wingtip  = { subscription_id = "11111111-2222-4333-8444-555555555503", tenant_id = "22222222-3333-4444-8555-666666666603" }
}
