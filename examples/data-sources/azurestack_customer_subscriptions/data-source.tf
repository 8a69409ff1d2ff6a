# Which customers are not billed on which hub, and who is that nobody declared?
locals {
  expected_ids = ["11111111-2222-4333-8444-555555555555"]
}

data "azurestack_registrations" "all" {
  subscription_id = "00000000-0000-4000-8000-000000000001"
}

data "azurestack_customer_subscriptions" "hub" {
  for_each = { for hub in data.azurestack_registrations.all.registrations : hub.name => hub.id }

  registration_id = each.value
  expected_ids    = local.expected_ids
}

output "missing" {
  value = { for hub, found in data.azurestack_customer_subscriptions.hub : hub => found.missing }
}

output "unmanaged" {
  value = { for hub, found in data.azurestack_customer_subscriptions.hub : hub => found.unmanaged }
}
