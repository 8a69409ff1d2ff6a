terraform import azurestack_registration.example /subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-new-hub
