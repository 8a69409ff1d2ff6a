terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

# The tenant of the subscription in which the hubs are registered, and a service principal
# there. Every argument can come from its ARM_* variable instead; secrets should.
provider "azurestack" {
  tenant_id = "33333333-3333-4333-8333-333333333333"
  client_id = "44444444-4444-4444-8444-444444444444"
}
