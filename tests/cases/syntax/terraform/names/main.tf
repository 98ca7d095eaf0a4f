locals {
  shared = { arn = "arn:aws:lambda:us-east-1:123456789012:function:f", other = 1 }
}

resource "aws_sfn_state_machine" "names" {
  definition = templatefile("machine.json.tftpl", {
    names  = ["A", "B"]
    prefix = "x"
    unused = 1
  })
}

resource "aws_sfn_state_machine" "shared" {
  definition = templatefile("shared.json", merge(local.shared, {}))
}

resource "aws_sfn_state_machine" "open" {
  definition = templatefile("shared.json", merge(local.shared, var.more))
}

resource "aws_sfn_state_machine" "replaced" {
  definition = replace(file("replaced.json"), "__ARN__", aws_lambda_function.f.arn)
}

data "local_file" "shared" {
  filename = "${path.module}/replaced.json"
}

resource "aws_sfn_state_machine" "content" {
  definition = data.local_file.shared.content
}
