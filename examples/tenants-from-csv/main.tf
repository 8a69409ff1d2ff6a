# Maps the customers of a CSV file, which people maintain without knowing HCL. The key of each mapping
# is the hub and the customer, not the line number, so moving a line changes nothing.

terraform {
  required_version = ">= 1.7" # provider functions: OpenTofu 1.7, Terraform 1.8

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

  # Excel starts the file with a byte order mark, and in some countries separates by semicolons.
  text    = trimprefix(file("${path.module}/tenants.csv"), "\ufeff")
  tenants = csvdecode(replace(local.text, ";", ","))

  pairs = flatten([
    for tenant in local.tenants : [
      for hub in compact(split(" ", tenant.hubs)) : {
        hub      = hub
        customer = trimspace(tenant.customer)
        # Portals and spreadsheets show IDs in upper case, in braces, or with /subscriptions/.
        subscription_id = provider::azurestack::normalize_subscription_id(tenant.subscription_id)
        # If this is empty, the provider asks Azure.
        tenant_id = trimspace(tenant.tenant_id) != "" ? lower(trimspace(tenant.tenant_id)) : null
      }
    ]
  ])

  # Two lines with the same customer and hub are an error here. With merge(), the second one would
  # silently win.
  mappings = { for pair in local.pairs : "${pair.hub}/${pair.customer}" => pair }
}

resource "azurestack_customer_subscription" "tenant" {
  for_each = local.mappings

  registration_id          = local.hubs[each.value.hub]
  customer_subscription_id = each.value.subscription_id
  tenant_id                = each.value.tenant_id

  lifecycle {
    precondition {
      condition     = contains(keys(local.hubs), each.value.hub)
      error_message = "tenants.csv puts ${each.value.customer} on a hub that is missing in local.hubs: ${each.value.hub}."
    }
    precondition {
      condition = 1 == length([
        for pair in local.pairs : pair
        if pair.hub == each.value.hub && pair.subscription_id == each.value.subscription_id
      ])
      error_message = "tenants.csv has this subscription more than once on hub ${each.value.hub}: ${each.value.subscription_id}."
    }
  }
}

# An empty file, or one without its columns, is an error. It does not plan to destroy all mappings.
resource "terraform_data" "tenants" {
  lifecycle {
    precondition {
      condition     = length(local.mappings) > 0
      error_message = "tenants.csv contains no tenant. To destroy all mappings, use terraform destroy."
    }
  }
}
