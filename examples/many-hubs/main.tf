# Every customer on every hub of a subscription. The hubs are looked up, so that a new one is
# covered by the next apply; those that cannot take tenants are left out.

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

data "azurestack_registrations" "all" {
  subscription_id = var.hubs_subscription_id
}

locals {
  hubs = {
    for hub in data.azurestack_registrations.all.registrations : hub.name => hub.id
    if hub.billing_model == "PayAsYouUse"
  }

  mappings = {
    for pair in setproduct(keys(local.hubs), keys(var.customers)) :
    "${pair[0]}/${pair[1]}" => { hub = pair[0], customer = pair[1] }
  }
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.mappings

  registration_id          = local.hubs[each.value.hub]
  customer_subscription_id = var.customers[each.value.customer].subscription_id
  tenant_id                = var.customers[each.value.customer].tenant_id
}
