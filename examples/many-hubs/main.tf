# Maps every customer to every hub. Hubs and customers are variables, so a change in Azure, such as a
# hub's billing model or the credential's permissions, never plans to destroy a mapping. Checks warn
# if a hub is missing in the variables.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

variable "hubs_subscription_id" {
  description = "The subscription that contains the registrations of the hubs."
  type        = string
  default     = "00000000-0000-4000-8000-000000000001"
}

variable "hubs" {
  description = "The IDs of the hubs' registrations, by a name that you choose."
  type        = map(string)
  default = {
    berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
    munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
  }
}

variable "customers" {
  description = "The customers' Azure subscriptions and Entra tenants, by a name that you choose."
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

# Only the checks use this. With for_each over it, a hub that Azure does not list would plan to destroy
# its mappings, and the partner would pay for their usage.
data "azurestack_registrations" "all" {
  subscription_id = var.hubs_subscription_id
}

locals {
  listed   = [for id in values(var.hubs) : lower(id)]
  in_use   = [for hub in data.azurestack_registrations.all.registrations : hub if lower(coalesce(hub.billing_model, "unknown")) != "capacity"]
  capacity = [for hub in data.azurestack_registrations.all.registrations : hub if lower(coalesce(hub.billing_model, "unknown")) == "capacity"]
}

check "every_hub_is_listed" {
  assert {
    condition     = alltrue([for hub in local.in_use : contains(local.listed, lower(hub.id))])
    error_message = "Hubs that are missing in var.hubs: ${join(", ", [for hub in local.in_use : hub.name if !contains(local.listed, lower(hub.id))])}"
  }
}

check "listed_hubs_take_tenants" {
  assert {
    condition     = alltrue([for hub in local.capacity : !contains(local.listed, lower(hub.id))])
    error_message = "These hubs use capacity billing, which does not support tenants: ${join(", ", [for hub in local.capacity : hub.name if contains(local.listed, lower(hub.id))])}"
  }
}
