# The mappings of one hub, with two checks. A check that fails is a warning in every plan and apply.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

locals {
  registration_id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"

  customers = {
    contoso  = { subscription_id = "11111111-2222-4333-8444-555555555501", tenant_id = "22222222-3333-4444-8555-666666666601" }
    fabrikam = { subscription_id = "11111111-2222-4333-8444-555555555502", tenant_id = "22222222-3333-4444-8555-666666666602" }
  }
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.customers

  registration_id          = local.registration_id
  customer_subscription_id = each.value.subscription_id
  tenant_id                = each.value.tenant_id
}

# Keep data sources outside of checks: Terraform reads a data source inside a check in each apply, so
# every plan would have changes (-detailed-exitcode returns 2).
data "azurestack_registration" "hub" {
  id = local.registration_id
}

data "azurestack_customer_subscriptions" "all" {
  registration_id = local.registration_id
  expected_ids    = values(local.customers)[*].subscription_id
}

check "no_unmanaged_tenants" {
  assert {
    condition     = length(data.azurestack_customer_subscriptions.all.unmanaged) == 0
    error_message = "Mapped but not in this configuration: ${join(", ", data.azurestack_customer_subscriptions.all.unmanaged)}"
  }
}

check "hub_takes_tenants" {
  assert {
    condition     = data.azurestack_registration.hub.billing_model == "PayAsYouUse"
    error_message = "The registration does not use pay-as-you-use billing, so it does not support tenants."
  }
}
