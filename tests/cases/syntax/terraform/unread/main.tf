resource "aws_sfn_state_machine" "remote" {
  definition = data.http.definition.response_body
}

resource "aws_sfn_state_machine" "cycle" {
  definition = local.one
}

resource "aws_sfn_state_machine" "missing" {
  definition = templatefile("${path.module}/gone.json", {})
}

resource "aws_sfn_state_machine" "unclear" {
  definition = <<EOF
  {"StartAt": "A", "States": {%{ for name in var.names }"${name}": {"Type": "Pass"},%{ endfor }}}
EOF
}

resource "aws_sfn_state_machine" "broken" {
  definition = jsonencode({ StartAt = "A" States = })
}

locals {
  one = local.two
  two = local.one
}
