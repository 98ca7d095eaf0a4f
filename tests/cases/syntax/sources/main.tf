# definition = <<EOF is only a comment
resource "aws_sfn_state_machine" "heredoc" {
  name     = "x"
  type     = "EXPRESS"
  definition = <<EOF
{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Result": "${module.x["a"].arn}", "Comment": "$${kept} ${"}"}", "Emd": true,
          "Next": "B"},
    "B": {"Type": "Wait", "Seconds": ${var.seconds}, "Next": "C"}
  }
}
EOF
}

resource "aws_sfn_state_machine" "encoded" {
  definition = jsonencode({
    "StartAt" : "A",
    "States" : {"A" : {"Type" : "Pass", "Result" : "${var.result} (", "Nxet" : "B"}}
  })
  type = var.type
}

resource "aws_sfn_state_machine" "hcl" {
  definition = jsonencode({ StartAt = "A" })
}

resource "aws_sfn_state_machine" "directives" {
  definition = <<-EOF
    {%{ if var.x }"StartAt": "A"%{ endif }}
  EOF
}

resource "aws_iot_topic_rule" "other" {
  definition = <<-EOF
    {}
  EOF
}

module "machine" {
  definition = <<-EOT
    {"StartAt": "A", "States": {"A": {"Type": "Pass"}}}
  EOT
  type = "STANDARD"
}
