# What the customers need on one hub. The provider is the one of the hub.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

variable "customers" {
  description = "The customers of the hub, by a name that you choose."
  type = map(object({
    display_name    = string
    domain_name     = string
    tenant_id       = string
    subscription_id = string
    offer           = string
    owner           = string
    administrators  = string
    leaving         = bool
  }))
}

variable "consents" {
  description = "The consents of the customers' directories: nothing is created in a subscription before."
  type        = map(string)
}

data "azurestack_activation" "hub" {}

data "azurestack_hub_applications" "hub" {}

data "azurestack_identity_health" "hub" {}

data "azurestack_locations" "hub" {}

data "azurestack_offers" "hub" {
  state = "Public"
}

resource "azurestack_directory_tenant" "customer" {
  for_each = var.customers

  domain_name = each.value.domain_name
  tenant_id   = each.value.tenant_id
}

resource "azurestack_customer_subscription" "customer" {
  for_each = var.customers

  registration_id          = data.azurestack_activation.hub.registration_id
  customer_subscription_id = each.value.subscription_id
  tenant_id                = azurestack_directory_tenant.customer[each.key].tenant_id
}

resource "azurestack_user_subscription" "customer" {
  for_each = var.customers

  display_name = each.value.display_name
  offer_id     = data.azurestack_offers.hub.ids_by_name[each.value.offer]
  owner        = each.value.owner
  tenant_id    = azurestack_directory_tenant.customer[each.key].tenant_id

  delete_with_resources = each.value.leaving

  depends_on = [azurestack_customer_subscription.customer] # the bill first, the usage afterwards
}

resource "terraform_data" "consent" {
  for_each = var.customers

  input = var.consents[each.key]
}

# A new customer has no group in its directory yet, so its column is empty at first.
resource "azurestack_user_role_assignment" "administrators" {
  for_each = { for name, customer in var.customers : name => customer if customer.administrators != "" }

  subscription_id      = azurestack_user_subscription.customer[each.key].subscription_id
  tenant_id            = azurestack_directory_tenant.customer[each.key].tenant_id
  role_definition_name = "Contributor"
  principal_id         = each.value.administrators

  depends_on = [terraform_data.consent]
}

# The proof that the directory, the consent, the subscription and the roles work.
resource "azurestack_user_resource_group" "proof" {
  for_each = var.customers

  name            = "proof"
  location        = data.azurestack_locations.hub.locations[0].name
  subscription_id = azurestack_user_subscription.customer[each.key].subscription_id
  tenant_id       = azurestack_directory_tenant.customer[each.key].tenant_id

  delete_with_resources = each.value.leaving

  depends_on = [terraform_data.consent]
}

# The usage of the last days that the partner pays, although a customer used it.
data "azurestack_unattributed_usage" "hub" {
  start_time = formatdate("YYYY-MM-DD'T00:00:00Z'", timeadd(plantimestamp(), "-168h"))
  end_time   = formatdate("YYYY-MM-DD'T00:00:00Z'", plantimestamp())
}

check "every_customer_pays" {
  assert {
    condition     = length(data.azurestack_unattributed_usage.hub.rows) == 0
    error_message = "You pay on this hub for: ${join(", ", distinct([for row in data.azurestack_unattributed_usage.hub.rows : "${coalesce(row.display_name, row.subscription_id)} (${row.tenant_id})"]))}. They have no mapping."
  }
}

check "it_is_known_who_pays" {
  assert {
    condition     = length(data.azurestack_unattributed_usage.hub.undecided_rows) == 0
    error_message = "Find out who pays for these subscriptions of the hub: ${join(", ", distinct([for row in data.azurestack_unattributed_usage.hub.undecided_rows : "${row.subscription_id} (${row.reason})"]))}."
  }
  assert {
    condition     = data.azurestack_unattributed_usage.hub.complete
    error_message = "The hub did not report the usage of the whole period, see the warning."
  }
}

check "usage_is_reported" {
  assert {
    condition     = data.azurestack_activation.hub.usage_reporting_enabled
    error_message = "The hub does not report usage, so no usage is billed."
  }
}

check "directories_are_up_to_date" {
  assert {
    condition     = data.azurestack_identity_health.hub.status == "Healthy"
    error_message = "Apply again for these directories: ${join(", ", [for directory in data.azurestack_identity_health.hub.directories : directory.name if directory.status != "Healthy"])}"
  }
}

output "applications" {
  description = "What a directory needs for the hub."
  value       = data.azurestack_hub_applications.hub
}

output "directory_tenants" {
  description = "The IDs of the directory tenants."
  value       = { for name, tenant in azurestack_directory_tenant.customer : name => tenant.id }
}
