# "11111111-2222-4333-8444-aaaaaaaaaaaa", as customer_subscription_id wants it
output "customer_subscription_id" {
  value = provider::azurestack::normalize_subscription_id("11111111-2222-4333-8444-AAAAAAAAAAAA")
}
