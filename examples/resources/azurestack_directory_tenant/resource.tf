resource "azurestack_directory_tenant" "example" {
  domain_name = "contoso.onmicrosoft.com"
}
