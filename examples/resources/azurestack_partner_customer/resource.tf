resource "azurestack_partner_customer" "contoso" {
  domain_name  = "contoso-hub.onmicrosoft.com"
  company_name = "Contoso"
  email        = "billing@contoso.example"
  culture      = "en-US"
  language     = "en"

  default_address = {
    country        = "DE"
    city           = "Berlin"
    address_line_1 = "Example 1"
    postal_code    = "10115"
    first_name     = "Example"
    last_name      = "Person"
    phone_number   = "+49301234567"
  }
}
