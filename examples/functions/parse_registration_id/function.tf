output "parts_of_a_registration" {
  value = provider::azurestack::parse_registration_id(
    "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
  )
}
