# The customer's side, in the customer's own directory. The emulator has no Microsoft Graph, so
# terraform_data stands here for resources of hashicorp/azuread, which the comments name. The guide "Onboard
# a Microsoft Entra directory" shows those resources with the same for_each.

variable "tenant_id" {
  type = string
}

variable "domain_name" {
  type = string
}

variable "partner_client_id" {
  type = string
}

variable "applications" {
  description = "What each hub of the customer needs in the directory: data.azurestack_hub_applications."
  type        = any
}

variable "directory_tenants" {
  description = "The IDs of the directory tenants: the hubs know the directory first."
  type        = list(string)
}

locals {
  client_ids  = toset(flatten([for one in var.applications : tolist(one.service_principal_client_ids)]))
  assignments = merge([for hub, one in var.applications : { for row in one.app_role_assignments : row.key => row }]...)
  grants      = merge([for hub, one in var.applications : { for row in one.permission_grants : row.key => row }]...)
}

# azuread_service_principal
resource "terraform_data" "service_principal" {
  for_each = local.client_ids

  input      = each.key
  depends_on = [terraform_data.directory_tenants] # a destroy removes the customer's side first
}

# azuread_app_role_assignment
resource "terraform_data" "app_role_assignment" {
  for_each = local.assignments

  input = {
    app_role_id         = each.value.app_role_id
    principal_object_id = terraform_data.service_principal[each.value.client_id].id
    resource_object_id  = terraform_data.service_principal[each.value.resource_client_id].id
  }
}

# azuread_service_principal_delegated_permission_grant
resource "terraform_data" "permission_grant" {
  for_each = local.grants

  input = {
    claim_values                         = each.value.claim_values
    service_principal_object_id          = terraform_data.service_principal[each.value.client_id].id
    resource_service_principal_object_id = terraform_data.service_principal[each.value.resource_client_id].id
  }
}

resource "terraform_data" "directory_tenants" {
  input = var.directory_tenants
}

# azuread_service_principal of the partner's application; and the owner of the subscription has
# assigned the role Owner to it, in the user portal of the hub.
resource "terraform_data" "partner" {
  input = { tenant_id = var.tenant_id, domain_name = var.domain_name }

  provisioner "local-exec" {
    command     = "\"$AZURESTACK_CONTROL\" service-principal tenant_id=$TENANT client_id=$CLIENT role=owner"
    environment = { TENANT = var.tenant_id, CLIENT = var.partner_client_id }
  }

  provisioner "local-exec" {
    command     = "\"$AZURESTACK_CONTROL\" directory tenant_id=$TENANT domain=$DOMAIN consent=current"
    environment = { TENANT = self.input.tenant_id, DOMAIN = self.input.domain_name }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$AZURESTACK_CONTROL\" directory tenant_id=$TENANT domain=$DOMAIN consent=none"
    environment = { TENANT = self.input.tenant_id, DOMAIN = self.input.domain_name }
  }

  depends_on = [terraform_data.app_role_assignment, terraform_data.permission_grant]
}

output "consent" {
  value = terraform_data.partner.id
}
