# Run by the customer: lets a person of the partner manage the customer's subscription on a hub. This
# is for partners that have no application in the customer's directory. The customer signs in as the
# owner of the subscription.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

variable "tenant_endpoint" {
  description = "The address of the hub's Azure Resource Manager for users."
  type        = string
}

variable "tenant_id" {
  description = "The customer's directory."
  type        = string
  default     = "22222222-3333-4444-8555-666666666666"
}

variable "subscription_id" {
  description = "The customer's subscription on the hub."
  type        = string
  default     = "77777777-7777-4777-8777-777777777777"
}

provider "azurestack" {
  hub {
    tenant_endpoint = var.tenant_endpoint

    user {
      tenant_id = var.tenant_id
    }
  }
}

# Stands here for azuread_invitation of the provider hashicorp/azuread:
#
#   resource "azuread_invitation" "partner" {
#     user_email_address = "operations@partner.example"
#     redirect_url       = "https://portal.berlin.example.com/contoso.onmicrosoft.com"
#   }
#
# Then use azuread_invitation.partner.user_id as principal_id below.
resource "terraform_data" "invitation" {
  input = { user_id = "0b1ec700-0000-4000-8000-00000000000a" }
}

resource "azurestack_user_role_assignment" "partner" {
  subscription_id      = var.subscription_id
  tenant_id            = var.tenant_id
  role_definition_name = "Owner"
  principal_id         = terraform_data.invitation.output.user_id
}
