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

# Without it, the check above says nothing about usage that is missing or cannot be decided.
check "it_is_known_who_pays" {
  assert {
    condition = (data.azurestack_unattributed_usage.example.complete
      && length(data.azurestack_unattributed_usage.example.undecided_rows) == 0
    && length(data.azurestack_unattributed_usage.example.delegated_subscription_ids) == 0)
    error_message = "Some usage was not reported, or may be yours."
  }
}
