data "azurestack_billing_accounts" "partner" {
  agreement_type = "MicrosoftPartnerAgreement"
}

output "billing_account_names" {
  value = data.azurestack_billing_accounts.partner.billing_accounts[*].name
}
