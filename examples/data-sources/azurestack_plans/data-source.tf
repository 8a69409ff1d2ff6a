data "azurestack_plans" "example" {
  resource_group_name = "offers"
}

output "quotas_of_plans" {
  value = { for one in data.azurestack_plans.example.plans : one.name => one.quota_ids }
}
