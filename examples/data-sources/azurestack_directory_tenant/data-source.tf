data "azurestack_directory_tenant" "example" {
  domain_name = "contoso.onmicrosoft.com"
}

output "contoso_tenant_id" {
  value = data.azurestack_directory_tenant.example.tenant_id
}
