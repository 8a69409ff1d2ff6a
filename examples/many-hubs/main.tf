# Every customer on every hub. Hubs and customers are lists of your own: what changes in Azure, such
# as a hub's billing model or what the credential may see, never plans to destroy a mapping. Checks
# tell what the lists lack.

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

variable "hubs" {
  description = "The IDs of the hubs' registrations, by a name of your own."
  type        = map(string)
  default = {
    berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
    munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
  }
}

variable "customers" {
  description = "The customers' Azure subscriptions and Entra tenants, by a name of your own."
  type = map(object({
    subscription_id = string
    tenant_id       = string
  }))
  default = {
    contoso  = { subscription_id = "11111111-2222-4333-8444-555555555501", tenant_id = "22222222-3333-4444-8555-666666666601" }
    fabrikam = { subscription_id = "11111111-2222-4333-8444-555555555502", tenant_id = "22222222-3333-4444-8555-666666666602" }
  }
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

# Only the checks read this. With for_each over it, a hub that is not shown would be planned as the
# end of its mappings, and the partner would pay for their usage.
data "azurestack_registrations" "all" {
  subscription_id = var.hubs_subscription_id
}

locals {
  listed  = [for id in values(var.hubs) : lower(id)]
  in_use  = [for hub in data.azurestack_registrations.all.registrations : hub if lower(hub.billing_model) != "capacity"]
  useless = [for hub in data.azurestack_registrations.all.registrations : hub if lower(hub.billing_model) == "capacity"]
}

check "every_hub_is_listed" {
  assert {
    condition     = alltrue([for hub in local.in_use : contains(local.listed, lower(hub.id))])
    error_message = "Hubs that var.hubs lacks: ${join(", ", [for hub in local.in_use : hub.name if !contains(local.listed, lower(hub.id))])}"
  }
}

check "listed_hubs_take_tenants" {
  assert {
    condition     = alltrue([for hub in local.useless : !contains(local.listed, lower(hub.id))])
    error_message = "These hubs use capacity billing, under which no tenant is billed: ${join(", ", [for hub in local.useless : hub.name if contains(local.listed, lower(hub.id))])}"
  }
}
