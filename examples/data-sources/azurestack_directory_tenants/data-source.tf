data "azurestack_directory_tenants" "example" {}

output "directories" {
  value = { for one in data.azurestack_directory_tenants.example.directory_tenants : one.domain_name => one.tenant_id }
}
