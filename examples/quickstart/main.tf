# Maps three customers to two hubs.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

variable "hubs" {
  description = "The IDs of the hubs' registrations, by a name that you choose."
  type        = map(string)
}

variable "customers" {
  description = "The customers' Azure subscriptions and Entra tenants, by a name that you choose."
  type = map(object({
    subscription_id = string
    tenant_id       = string
  }))
}

locals {
  mappings = {
    for pair in setproduct(keys(var.hubs), keys(var.customers)) :
    "${pair[0]}/${pair[1]}" => { hub = pair[0], customer = pair[1] }
  }
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.mappings

  registration_id          = var.hubs[each.value.hub]
  customer_subscription_id = var.customers[each.value.customer].subscription_id
  tenant_id                = var.customers[each.value.customer].tenant_id
}

output "tenants" {
  value = { for key, mapping in azurestack_customer_subscription.tenant : key => mapping.tenant_id }
}
