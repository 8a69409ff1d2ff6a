# Needs refresh_token in the block partner of the provider
data "azurestack_partner_relationships" "resellers" {
  relationship_type = "IsIndirectCloudSolutionProviderOf"
}

output "reseller_ids" {
  value = data.azurestack_partner_relationships.resellers.relationships[*].mpn_id
}
