data "azurestack_quotas" "example" {
  location = "berlin"
}

output "quotas" {
  value = data.azurestack_quotas.example.ids_by_name
}
