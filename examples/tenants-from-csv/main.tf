# The tenants stand in a CSV file that somebody keeps who does not write HCL. The key of each
# mapping is the hub and the customer, never a line number: a line that moves changes nothing.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

locals {
  hubs = {
    berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
    munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
  }

  tenants = csvdecode(file("${path.module}/tenants.csv"))

  mappings = merge([
    for tenant in local.tenants : {
      for hub in split(" ", tenant.hubs) : "${hub}/${tenant.customer}" => {
        registration_id = local.hubs[hub]
        # Portals and spreadsheets write ids in capitals, in braces, with /subscriptions/.
        subscription_id = provider::azurestack::normalize_subscription_id(tenant.subscription_id)
      }
    }
  ]...)
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.mappings

  registration_id          = each.value.registration_id
  customer_subscription_id = each.value.subscription_id
}
