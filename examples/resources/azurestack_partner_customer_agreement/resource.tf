# Needs refresh_token in the block partner of the provider
resource "azurestack_partner_customer_agreement" "contoso" {
  customer_tenant_id = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
  date_agreed        = "2026-01-02T00:00:00Z"

  primary_contact = {
    first_name   = "Example"
    last_name    = "Person"
    email        = "person@contoso.example"
    phone_number = "+49301234567"
  }
}
