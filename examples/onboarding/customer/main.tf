# A customer of the partner, from Partner Center to the Azure subscription that pays for its hubs.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

variable "row" {
  description = "The customer's line of customers.csv."
  type        = map(string)
}

variable "billing_account_name" {
  type = string
}

locals {
  is_new    = var.row.tenant_id == ""
  tenant_id = local.is_new ? azurestack_partner_customer.new[0].tenant_id : lower(var.row.tenant_id)
}

# A customer with a directory of its own accepts the partner's invitation to a reseller relationship
# instead, and has its tenant ID in the file.
resource "azurestack_partner_customer" "new" {
  count = local.is_new ? 1 : 0

  domain_name  = var.row.domain_name
  company_name = var.row.company_name
  email        = var.row.email
  culture      = "en-US"
  language     = "en"

  default_address = {
    country        = var.row.country
    city           = var.row.city
    address_line_1 = var.row.address_line_1
    postal_code    = var.row.postal_code
    state          = var.row.state == "" ? null : var.row.state
    first_name     = var.row.first_name
    last_name      = var.row.last_name
    phone_number   = var.row.phone_number == "" ? null : var.row.phone_number
  }

  destroy_behavior = var.row.leaving == "yes" ? "forget" : "refuse"
}

# Only a user can confirm it, see refresh_token of the block `partner`.
resource "azurestack_partner_customer_agreement" "new" {
  count = local.is_new ? 1 : 0

  customer_tenant_id = local.tenant_id
  date_agreed        = "${var.row.agreed_on}T00:00:00Z"

  primary_contact = {
    first_name   = var.row.first_name
    last_name    = var.row.last_name
    email        = var.row.email
    phone_number = var.row.phone_number == "" ? null : var.row.phone_number
  }
}

resource "azurestack_partner_azure_plan" "new" {
  count = local.is_new ? 1 : 0

  customer_tenant_id = azurestack_partner_customer_agreement.new[0].customer_tenant_id
  friendly_name      = var.row.company_name
  destroy_behavior   = var.row.leaving == "yes" ? "forget" : "refuse"
}

resource "azurestack_partner_azure_subscription" "hub" {
  billing_scope_id = "/providers/Microsoft.Billing/billingAccounts/${var.billing_account_name}/customers/${local.tenant_id}"
  display_name     = "${var.row.company_name} on Azure Stack Hub"

  cancel_on_destroy = var.row.leaving == "yes"

  depends_on = [azurestack_partner_azure_plan.new]
}

output "tenant_id" {
  value = local.tenant_id
}

output "subscription_id" {
  value = azurestack_partner_azure_subscription.hub.subscription_id
}
