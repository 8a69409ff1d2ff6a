data "azurestack_identity_health" "example" {}

check "directories_are_up_to_date" {
  assert {
    condition     = data.azurestack_identity_health.example.status == "Healthy"
    error_message = "A directory does not have what the hub needs: ${jsonencode(data.azurestack_identity_health.example.directories)}"
  }
}
