# Registers a customer's Microsoft Entra directory on a hub, creates the customer's subscription there and
# a resource group in it. customer.tf has the customer's side. The guide "Onboard a Microsoft Entra
# directory" explains each step.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

# The address of the hub is in AZURESTACK_HUB_ADMIN_ENDPOINT.
provider "azurestack" {
  hub {
    user {}
  }
}

variable "registration_id" {
  description = "The ID of the hub's registration in Azure."
  type        = string
  default     = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
}

variable "customer_subscription_id" {
  description = "The customer's Azure subscription, which pays for the usage."
  type        = string
  default     = "11111111-2222-4333-8444-555555555555"
}

variable "domain_name" {
  description = "A domain of the customer's directory."
  type        = string
  default     = "contoso.onmicrosoft.com"
}

resource "azurestack_directory_tenant" "contoso" {
  domain_name = var.domain_name
}

data "azurestack_hub_applications" "berlin" {}

data "azurestack_locations" "berlin" {}

data "azurestack_offers" "berlin" {
  state = "Public"
}

resource "azurestack_customer_subscription" "contoso" {
  registration_id          = var.registration_id
  customer_subscription_id = var.customer_subscription_id
  tenant_id                = azurestack_directory_tenant.contoso.tenant_id
}

resource "azurestack_user_subscription" "contoso" {
  display_name = "Contoso"
  offer_id     = data.azurestack_offers.berlin.ids_by_name["standard"]
  owner        = "admin@${var.domain_name}"
  tenant_id    = azurestack_directory_tenant.contoso.tenant_id

  depends_on = [azurestack_customer_subscription.contoso] # the bill first, the usage afterwards
}

resource "azurestack_user_resource_group" "proof" {
  name            = "proof"
  location        = data.azurestack_locations.berlin.locations[0].name
  subscription_id = azurestack_user_subscription.contoso.subscription_id
  tenant_id       = azurestack_directory_tenant.contoso.tenant_id

  depends_on = [terraform_data.app_role_assignment, terraform_data.permission_grant]
}

data "azurestack_identity_health" "berlin" {}

check "directories_are_up_to_date" {
  assert {
    condition     = data.azurestack_identity_health.berlin.status == "Healthy"
    error_message = "Apply again for these directories: ${join(", ", [for directory in data.azurestack_identity_health.berlin.directories : directory.name if directory.status != "Healthy"])}"
  }
}
