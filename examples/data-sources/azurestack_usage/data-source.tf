data "azurestack_usage" "example" {
  start_time = "2026-01-01T00:00:00Z"
  end_time   = "2026-02-01T00:00:00Z"
}

# With the end of 31 December, and without that of 31 January, which the hub stores in February
output "usage_stored_in_january" {
  value = {
    for row in data.azurestack_usage.example.rows :
    "${row.subscription_id} ${coalesce(row.meter_name, row.meter_id)} (${row.meter_id})" => row.quantity
  }
}

check "usage_is_complete" {
  assert {
    condition     = data.azurestack_usage.example.complete
    error_message = "The hub did not report all usage that it stored in January."
  }
}
