terraform import azurestack_partner_customer.contoso /v1/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd

# Or by the domain alone. The provider finds the customer in the partner's list.
# terraform import azurestack_partner_customer.contoso contoso-hub.onmicrosoft.com
