import {
  to = azurestack_directory_tenant.example
  id = "/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/system.berlin/providers/Microsoft.Subscriptions.Admin/directoryTenants/contoso.onmicrosoft.com"
}
