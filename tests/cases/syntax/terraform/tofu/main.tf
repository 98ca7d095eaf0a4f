resource "aws_sfn_state_machine" "old" {
  definition = "{}"
}
