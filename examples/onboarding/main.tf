# Onboards every customer of customers.csv to its hubs, from Partner Center to the first resource. The
# guide "Onboard a customer" explains each step.
#
# customer/   a customer, its Azure plan and its Azure subscription
# hub/        what each customer needs on a hub: mapping, directory, subscription, role
# directory/  the customer's side, with stand-ins for the provider azuread

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

variable "billing_account_name" {
  description = "The name of the partner's billing account."
  type        = string
  default     = "99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31"
}

variable "admin_endpoints" {
  description = "The addresses of the hubs' Azure Resource Manager for operators."
  type        = object({ berlin = string, munich = string })
}

variable "partner_client_id" {
  description = "The client ID of the partner's application, which is a multi-tenant application."
  type        = string
  default     = "44444444-4444-4444-8444-444444444444"
}

# Signs in to the partner's own directory. The refresh token is in AZURESTACK_PARTNER_REFRESH_TOKEN.
provider "azurestack" {
  partner {}
}

provider "azurestack" {
  alias = "berlin"

  hub {
    admin_endpoint = var.admin_endpoints.berlin
    user {}
  }
}

provider "azurestack" {
  alias = "munich"

  hub {
    admin_endpoint = var.admin_endpoints.munich
    user {}
  }
}

locals {
  customers = { for row in csvdecode(file("${path.module}/customers.csv")) : row.customer => row }

  # What a hub has to know of each of its customers.
  on_hub = {
    for hub in keys(var.admin_endpoints) : hub => {
      for name, row in local.customers : name => {
        display_name    = row.company_name
        domain_name     = row.domain_name
        tenant_id       = module.customer[name].tenant_id
        subscription_id = module.customer[name].subscription_id
        offer           = row.offer
        owner           = row.owner
        administrators  = row.administrators
        leaving         = row.leaving == "yes"
      } if contains(compact(split(" ", row.hubs)), hub)
    }
  }
}

module "customer" {
  source   = "./customer"
  for_each = local.customers

  row                  = each.value
  billing_account_name = var.billing_account_name
}

module "berlin" {
  source    = "./hub"
  providers = { azurestack = azurestack.berlin }

  customers = local.on_hub.berlin
  consents  = { for name, directory in module.directory : name => directory.consent }
}

module "munich" {
  source    = "./hub"
  providers = { azurestack = azurestack.munich }

  customers = local.on_hub.munich
  consents  = { for name, directory in module.directory : name => directory.consent }
}

module "directory" {
  source   = "./directory"
  for_each = local.customers

  tenant_id         = module.customer[each.key].tenant_id
  domain_name       = each.value.domain_name
  partner_client_id = var.partner_client_id
  applications = {
    for hub, applications in { berlin = module.berlin.applications, munich = module.munich.applications } :
    hub => applications if contains(compact(split(" ", each.value.hubs)), hub)
  }
  directory_tenants = compact([
    lookup(module.berlin.directory_tenants, each.key, null),
    lookup(module.munich.directory_tenants, each.key, null),
  ])
}

# Errors at plan. An empty file does not plan to destroy everything.
resource "terraform_data" "customers" {
  lifecycle {
    precondition {
      condition     = length(local.customers) > 0
      error_message = "customers.csv contains no customer."
    }
    precondition {
      condition     = length(setsubtract(flatten([for row in local.customers : compact(split(" ", row.hubs))]), keys(var.admin_endpoints))) == 0
      error_message = "customers.csv names hubs that are missing in var.admin_endpoints: ${join(", ", setsubtract(flatten([for row in local.customers : compact(split(" ", row.hubs))]), keys(var.admin_endpoints)))}."
    }
  }
}
