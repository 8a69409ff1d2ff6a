data "azurestack_locations" "example" {}

output "regions" {
  value = [for one in data.azurestack_locations.example.locations : one.name]
}
