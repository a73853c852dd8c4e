variable "region" {
  default = "eu-west-3"
}

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_s3_bucket" "data" {
  bucket = "health-data"
}

resource "aws_s3_bucket" "copy" {
  provider = aws.far
  bucket   = "health-data-copy"
}

resource "aws_s3_bucket" "near" {
  region = "eu-central-1" # as of version 6 of the provider
  bucket = "health-data-near"
}

resource "aws_cloudfront_distribution" "site" {
  # left out
}
