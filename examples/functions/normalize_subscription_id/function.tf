# "11111111-2222-4333-8444-abcdefabcdef"
output "normalized" {
  value = provider::azurestack::normalize_subscription_id(" {11111111-2222-4333-8444-ABCDEFABCDEF} ")
}
