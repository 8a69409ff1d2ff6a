output "registration_id" {
  value = provider::azurestack::build_registration_id(
    "00000000-0000-4000-8000-000000000001", "azurestack", "example-hub",
  )
}
