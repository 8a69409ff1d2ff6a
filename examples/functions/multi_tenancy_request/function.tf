output "mail" {
  value = provider::azurestack::multi_tenancy_request(
    "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
  )
}
