terraform import azurestack_directory_tenant.example /subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/system.berlin/providers/Microsoft.Subscriptions.Admin/directoryTenants/contoso.onmicrosoft.com

# Or by the domain alone. The provider finds the rest.
# terraform import azurestack_directory_tenant.example contoso.onmicrosoft.com
