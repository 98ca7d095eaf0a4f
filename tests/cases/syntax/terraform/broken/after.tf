resource "aws_sfn_state_machine" "good" {
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })
}
}
