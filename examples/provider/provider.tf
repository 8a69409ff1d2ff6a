terraform {
  required_providers {
    azurestack = {
      source  = "azurestack-csp/azurestack"
      version = "~> 0.1"
    }
  }
}

# The tenant of the subscription that contains the registrations, and a service principal in it.
# Set secrets in ARM_* variables, not here.
provider "azurestack" {
  tenant_id = "33333333-3333-4333-8333-333333333333"
  client_id = "44444444-4444-4444-8444-444444444444"
}
