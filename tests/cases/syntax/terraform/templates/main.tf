locals {
  names = ["First", "Second", "Third"]
}

data "template_file" "old" {
  template = file("${path.module}/old.json.tpl")
  vars = {
    seconds = 10
    arn     = aws_sqs_queue.queue.arn
  }
}

resource "aws_sfn_state_machine" "old" {
  definition = data.template_file.old.rendered
}

resource "aws_sfn_state_machine" "loop" {
  definition = templatefile("${path.module}/loop.json.tftpl", {
    names  = local.names
    retry  = [{ ErrorEquals = ["States.Timeout"], MaxAttempt = 2 }]
    strict = true
  })
}

resource "aws_sfn_state_machine" "text" {
  definition = <<-EOT
    {
      "StartAt": "${local.names[0]}",
      "States": {
        %{~ if var.debug ~}
        "Debug": {"Type": "Succeed"},
        %{~ endif ~}
        "First": {"Type": "Pass", "Comment": "$${kept} é ${upper("x")}", "Result": ${jsonencode({ a = [1, true, null] })},
                  "Emd": true}
      }
    }
  EOT
}

resource "aws_sfn_state_machine" "yaml" {
  definition = jsonencode(yamldecode(file("${path.module}/machine.yaml")))
}

variable "debug" {
  default = false
}
