# An example module with tests: run `terraform init` and `terraform test`. The tests need no Azure, no
# credential and no network; `terraform init` needs the registry or a local mirror of the provider.

terraform {
  required_version = ">= 1.7" # mock_provider in the tests; OpenTofu 1.8

  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

variable "hubs" {
  description = "The IDs of the hubs' registrations, by a name that you choose."
  type        = map(string)
}

variable "customers" {
  description = "The customers' Azure subscriptions and Microsoft Entra tenants, by a name that you choose, and the hubs they use."
  type = map(object({
    subscription_id = string
    tenant_id       = string
    hubs            = set(string)
  }))

  validation {
    condition     = alltrue([for customer in var.customers : length(customer.hubs) > 0])
    error_message = "Every customer needs at least one hub."
  }
}

locals {
  mappings = merge([
    for name, customer in var.customers : {
      for hub in customer.hubs : "${hub}/${name}" => {
        registration_id = var.hubs[hub]
        subscription_id = customer.subscription_id
        tenant_id       = customer.tenant_id
      }
    }
  ]...)
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.mappings

  registration_id          = each.value.registration_id
  customer_subscription_id = each.value.subscription_id
  tenant_id                = each.value.tenant_id
}

output "mapped" {
  value = sort(keys(azurestack_customer_subscription.tenant))
}
