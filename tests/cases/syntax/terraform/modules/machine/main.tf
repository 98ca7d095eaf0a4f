variable "definition" {}

variable "kind" {
  default = "STANDARD"
}

variable "copies" {
  default = 1
}

resource "aws_sfn_state_machine" "this" {
  count      = var.copies
  type       = var.kind
  definition = var.definition
}

resource "aws_sfn_state_machine" "never" {
  count      = var.copies > 1 ? 1 : 0
  definition = var.definition
}

output "arn" {
  value = aws_sfn_state_machine.this[0].arn
}

output "seconds" {
  value = 5
}
