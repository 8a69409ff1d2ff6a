locals {
  hub = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/example-hub"
}

ephemeral "azurestack_registration_activation_key" "example" {
  registration_id = local.hub
}

resource "terraform_data" "activation" {
  triggers_replace = [local.hub]

  provisioner "local-exec" {
    command = "./activate-hub"
    environment = {
      ACTIVATION_KEY = ephemeral.azurestack_registration_activation_key.example.activation_key
    }
  }
}
