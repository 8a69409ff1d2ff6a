variable "registration_token" {
  description = "What New-RegistrationToken prints at the hub's privileged endpoint. Only a create needs it."
  type        = string
  ephemeral   = true
  default     = null
}

resource "azurestack_registration" "example" {
  name                = "example-new-hub"
  resource_group_name = "azurestack"
  subscription_id     = "00000000-0000-4000-8000-000000000001"

  registration_token = var.registration_token

  tags = {
    site = "berlin"
  }
}
