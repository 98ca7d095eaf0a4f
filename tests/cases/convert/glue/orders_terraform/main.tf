locals {
  tables = ["orders", "returns"]
}

resource "aws_glue_workflow" "orders" {
  name                = "orders"
  max_concurrent_runs = 2
}

resource "aws_glue_job" "load" {
  for_each = toset(local.tables)
  name     = "load-${each.key}"
  role_arn = "any"
}

resource "aws_glue_crawler" "tables" {
  name = "tables"
}

resource "aws_glue_job" "report" {
  name = "${var.stage}-report"
}

variable "stage" {}

resource "aws_glue_trigger" "daily" {
  name          = "daily"
  type          = "SCHEDULED"
  schedule      = "cron(15 6 ? * MON-FRI *)"
  workflow_name = aws_glue_workflow.orders.name
  enabled       = false

  dynamic "actions" {
    for_each = local.tables
    content {
      job_name  = aws_glue_job.load[actions.value].name
      arguments = { "--table" = actions.value }
      timeout   = 15
    }
  }
}

resource "aws_glue_trigger" "loaded" {
  name          = "loaded"
  type          = "CONDITIONAL"
  workflow_name = aws_glue_workflow.orders.name

  predicate {
    logical = "ANY"
    conditions {
      job_name = aws_glue_job.load["orders"].name
      state    = "SUCCEEDED"
    }
    conditions {
      job_name = aws_glue_job.load["returns"].name
      state    = "SUCCEEDED"
    }
  }

  actions {
    crawler_name = aws_glue_crawler.tables.id
  }
}

resource "aws_glue_trigger" "crawled" {
  name          = "crawled"
  type          = "CONDITIONAL"
  workflow_name = aws_glue_workflow.orders.name

  predicate {
    conditions {
      crawler_name = aws_glue_crawler.tables.name
      crawl_state  = "SUCCEEDED"
    }
  }

  actions {
    job_name = aws_glue_job.report.name
    notification_property {
      notify_delay_after = 5
    }
  }
}
