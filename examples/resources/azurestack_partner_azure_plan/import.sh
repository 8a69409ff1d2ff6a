terraform import azurestack_partner_azure_plan.contoso /v1/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd/subscriptions/0a4ce58a-6f96-4273-8035-d9c7d31b9ba4
