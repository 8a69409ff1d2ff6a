list "azurestack_directory_tenant" "example" {
  provider = azurestack
}
