data "azurestack_activation" "example" {}

output "registration_of_the_hub" {
  value = data.azurestack_activation.example.registration_id
}

check "usage_is_reported" {
  assert {
    condition     = data.azurestack_activation.example.usage_reporting_enabled
    error_message = "The hub does not report usage, so no usage is billed."
  }
}
