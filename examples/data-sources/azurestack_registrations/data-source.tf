data "azurestack_registrations" "example" {
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

output "hubs" {
  value = { for hub in data.azurestack_registrations.example.registrations : hub.name => hub.id }
}
