terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm" }
  }
}

provider "azurerm" {
  features {}
}

variable "location" {
  default = "France Central"
}

resource "azurerm_resource_group" "data" {
  name     = "health-data"
  location = var.location
}

resource "azurerm_storage_account" "data" {
  name                     = "healthdata"
  resource_group_name      = azurerm_resource_group.data.name
  location                 = azurerm_resource_group.data.location
  account_tier             = "Standard"
  account_replication_type = "GRS" # a copy in a paired region that is named nowhere
}

resource "azurerm_storage_container" "files" {
  name               = "files"
  storage_account_id = azurerm_storage_account.data.id
}
