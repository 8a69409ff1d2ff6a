mock_provider "azurestack" {}

variables {
  hubs = {
    berlin = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/berlin"
    munich = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/munich"
  }
  customers = {
    contoso = {
      subscription_id = "11111111-2222-4333-8444-555555555501"
      tenant_id       = "22222222-3333-4444-8555-666666666601"
      hubs            = ["berlin", "munich"]
    }
    fabrikam = {
      subscription_id = "11111111-2222-4333-8444-555555555502"
      tenant_id       = "22222222-3333-4444-8555-666666666602"
      hubs            = ["munich"]
    }
  }
}

run "every_customer_is_mapped_on_each_of_its_hubs" {
  assert {
    condition     = jsonencode(output.mapped) == jsonencode(["berlin/contoso", "munich/contoso", "munich/fabrikam"])
    error_message = "The mappings are ${jsonencode(output.mapped)}."
  }

  assert {
    condition = (azurestack_customer_subscription.tenant["munich/fabrikam"].registration_id
    == var.hubs["munich"])
    error_message = "Fabrikam is mapped on another hub."
  }
}

run "a_customer_without_a_hub_is_refused" {
  command = plan

  variables {
    customers = {
      contoso = {
        subscription_id = "11111111-2222-4333-8444-555555555501"
        tenant_id       = "22222222-3333-4444-8555-666666666601"
        hubs            = []
      }
    }
  }

  expect_failures = [var.customers]
}
