terraform {
  required_providers {
    scaleway = { source = "scaleway/scaleway" }
  }
}

provider "scaleway" {
  zone   = "fr-par-1"
  region = "fr-par"
}

resource "scaleway_rdb_instance" "main" {
  name      = "main"
  node_type = "DB-DEV-S"
  engine    = "PostgreSQL-16"
}

resource "scaleway_object_bucket" "archive" {
  name   = "archive"
  region = "nl-ams"
}
