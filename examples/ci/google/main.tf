provider "google" {
  project = "health"
  region  = "europe-west9"
}

resource "google_storage_bucket" "data" {
  name     = "health-data"
  location = "EU" # several countries of the Union
}

resource "google_sql_database_instance" "main" {
  name             = "main"
  database_version = "POSTGRES_16" # its region is the provider's
  settings {
    tier = "db-custom-2-8192"
  }
}

resource "google_sql_database" "app" {
  name     = "app"
  instance = google_sql_database_instance.main.name
}
