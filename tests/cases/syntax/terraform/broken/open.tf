resource "aws_sfn_state_machine" "open" {
  name = "open"
