# Finds the usage of a hub that the partner pays, although a customer used it. Reads only; run it
# each night with the script nightly.
#
# The hub is the one of AZURESTACK_HUB_ADMIN_ENDPOINT. For several hubs, use one directory or one
# workspace each, or one aliased provider and one data source each.

terraform {
  required_providers {
    azurestack = {
      source = "azurestack-csp/azurestack"
    }
  }
}

provider "azurestack" {}

variable "days" {
  description = "How many complete days to look at. A hub stores some usage days later."
  type        = number
  default     = 7
}

locals {
  midnight = "YYYY-MM-DD'T00:00:00Z'"
  usage    = data.azurestack_unattributed_usage.hub
}

data "azurestack_unattributed_usage" "hub" {
  start_time = formatdate(local.midnight, timeadd(plantimestamp(), "-${var.days * 24}h"))
  end_time   = formatdate(local.midnight, plantimestamp())
}

# The directory of each customer without a mapping => what the customer used.
output "unattributed" {
  value = {
    for tenant in local.usage.unmapped_tenant_ids : tenant => [
      for row in local.usage.rows :
      "${coalesce(row.display_name, "no name")} (${row.subscription_id}): ${row.quantity} ${coalesce(row.unit, "units")} of ${coalesce(row.meter_name, row.meter_id)}"
      if row.tenant_id == tenant
    ]
  }
}

data "azurestack_activation" "hub" {}

check "the_hub_reports_usage_to_azure" {
  assert {
    condition     = data.azurestack_activation.hub.usage_reporting_enabled
    error_message = "The hub does not report usage to Azure, so no usage is billed, with or without a mapping."
  }
}

check "every_customer_has_a_mapping" {
  assert {
    condition     = length(local.usage.rows) == 0
    error_message = "The partner pays for the usage of these directories, which have no mapping on ${local.usage.registration_id}: ${join(", ", local.usage.unmapped_tenant_ids)}. Create an azurestack_customer_subscription for each."
  }
}

check "every_usage_can_be_decided" {
  assert {
    condition     = length(local.usage.undecided_rows) + length(local.usage.delegated_subscription_ids) == 0
    error_message = "Find out who pays for these subscriptions of the hub: ${join(", ", distinct(concat([for row in local.usage.undecided_rows : "${row.subscription_id} (${row.reason})"], local.usage.delegated_subscription_ids)))}."
  }
}

check "the_hub_reported_everything" {
  assert {
    condition     = local.usage.complete
    error_message = "The hub did not report the usage of the whole period, see the warning."
  }
}
