data "azurestack_partner_customers" "all" {}

output "partner_customer_domains" {
  value = data.azurestack_partner_customers.all.customers[*].domain_name
}
