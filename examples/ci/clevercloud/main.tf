terraform {
  required_providers {
    clevercloud = { source = "CleverCloud/clevercloud" }
  }
}

provider "clevercloud" {
  organisation = "orga_0123"
}

resource "clevercloud_postgresql" "db" {
  name   = "db"
  plan   = "xs_sml"
  region = "par"
}

resource "clevercloud_cellar" "files" {
  name   = "files"
  region = "par"
}

resource "clevercloud_cellar_bucket" "uploads" {
  id        = "uploads"
  cellar_id = clevercloud_cellar.files.id
}
