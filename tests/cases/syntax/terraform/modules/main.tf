module "blue" {
  source     = "./machine"
  definition = file("${path.module}/blue.json")
}

module "green" {
  source     = "./machine"
  kind       = "EXPRESS"
  definition = templatefile("${path.module}/green.json", { arn = module.blue.arn, seconds = module.blue.seconds })
}

module "each" {
  source   = "./machine"
  for_each = { one = 1, two = 2 }
  definition = jsonencode({
    StartAt = "A"
    States  = { A = { Type = "Wait", Seconds = each.value, Nxt = each.key, End = true } }
  })
}

module "registry" {
  source     = "terraform-aws-modules/step-functions/aws"
  type       = "express"
  definition = local.registry
}

module "none" {
  source     = "terraform-aws-modules/step-functions/aws"
  create     = false
  definition = local.registry
}

module "container" {
  source               = "terraform-aws-modules/ecs/aws//modules/service"
  container_definition = jsonencode({ image = "x" })
}

locals {
  registry = <<-EOT
    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Edn": true}}}
  EOT
}
