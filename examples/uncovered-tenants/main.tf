# Reports customers without a mapping, and mappings that are not expected, for each hub. Reads only.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

variable "hubs_subscription_id" {
  description = "The subscription in which the hubs are registered."
  type        = string
  default     = "00000000-0000-4000-8000-000000000001"
}

variable "expected_ids" {
  description = "The subscriptions that are expected on every hub."
  type        = set(string)
  default = [
    "11111111-2222-4333-8444-555555555501",
    "11111111-2222-4333-8444-555555555502",
  ]
}

data "azurestack_registrations" "all" {
  subscription_id = var.hubs_subscription_id
}

data "azurestack_customer_subscriptions" "on" {
  # Hubs in two resource groups may have registrations with the same name.
  for_each = {
    for hub in data.azurestack_registrations.all.registrations : "${hub.resource_group_name}/${hub.name}" => hub.id
  }

  registration_id = each.value
  expected_ids    = var.expected_ids
}

# The partner pays for the usage of these, unless another subscription of the same tenant is mapped:
# hub => subscriptions.
output "missing" {
  value = { for hub, found in data.azurestack_customer_subscriptions.on : hub => found.missing }
}

output "unmanaged" {
  value = { for hub, found in data.azurestack_customer_subscriptions.on : hub => found.unmanaged }
}

output "case_mismatched" {
  value = { for hub, found in data.azurestack_customer_subscriptions.on : hub => found.case_mismatched }
}
