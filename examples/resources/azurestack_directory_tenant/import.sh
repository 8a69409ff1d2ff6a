terraform import azurestack_directory_tenant.example /subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/system.berlin/providers/Microsoft.Subscriptions.Admin/directoryTenants/contoso.onmicrosoft.com

# or by the domain alone; the provider finds the rest
terraform import azurestack_directory_tenant.example contoso.onmicrosoft.com
