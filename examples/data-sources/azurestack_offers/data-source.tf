data "azurestack_offers" "example" {
  state = "Public"
}

output "standard_offer" {
  value = data.azurestack_offers.example.ids_by_name["standard"]
}
