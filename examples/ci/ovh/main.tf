terraform {
  required_providers {
    ovh = { source = "ovh/ovh" }
  }
}

provider "ovh" {
  endpoint = "ovh-eu"
}

resource "ovh_cloud_project_kube" "cluster" {
  service_name = "0123456789abcdef"
  name         = "app"
  region       = "GRA9"
}

resource "ovh_cloud_project_kube_nodepool" "pool" {
  service_name  = "0123456789abcdef"
  kube_id       = ovh_cloud_project_kube.cluster.id
  flavor_name   = "b3-8"
  desired_nodes = 2
}

resource "ovh_cloud_project_database" "db" {
  service_name = "0123456789abcdef"
  engine       = "postgresql"
  version      = "16"
  plan         = "business"
  flavor       = "db1-4"
  nodes {
    region = "GRA"
  }
  nodes {
    region = "DE"
  }
}
