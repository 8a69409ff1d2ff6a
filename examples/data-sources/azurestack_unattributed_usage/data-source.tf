data "azurestack_unattributed_usage" "example" {
  start_time = "2026-01-01T00:00:00Z"
  end_time   = "2026-02-01T00:00:00Z"
}

output "customers_without_a_mapping" {
  value = data.azurestack_unattributed_usage.example.unmapped_tenant_ids
}

check "every_customer_pays" {
  assert {
    condition     = length(data.azurestack_unattributed_usage.example.rows) == 0
    error_message = "You pay for usage of: ${join(", ", data.azurestack_unattributed_usage.example.unmapped_tenant_ids)}"
  }
}
