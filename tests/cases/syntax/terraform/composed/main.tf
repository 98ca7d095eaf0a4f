# The definition stands in three files: this one, locals.tf and tail.json.
resource "aws_sfn_state_machine" "composed" {
  name = "composed"
  type = upper("express")
  definition = jsonencode({
    Comment = format("%s in %d steps, 100%%", local.title, length(local.steps) + 1)
    StartAt = local.steps[0]
    States = merge(
      { for i, step in local.steps : step => {
        Type     = "Task"
        Resource = aws_lambda_function.worker[step].arn
        Retry    = var.retry
        Catch    = var.strict ? [] : [merge(local.catch, { Nxet = "Failed" })]
        Next     = i + 1 < length(local.steps) ? local.steps[i + 1] : "Wait"
      } if !startswith(step, "_") },
      jsondecode(file("${path.module}/tail.json")),
      { "Wait" = { Type = "Wait", Seconds = var.seconds, Next = "Dnoe" } },
    )
  })
}

variable "strict" {
  default = false
}

variable "seconds" {
  type = number
}

variable "retry" {
  type    = any
  default = null
}
