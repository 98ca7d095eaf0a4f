resource "aws_sfn_state_machine" "load" {
  name       = "load"
  role_arn   = "any"
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Pass", End = true } } })
}

resource "aws_cloudwatch_event_rule" "encoded" {
  event_pattern = jsonencode({
    source = ["app"]
    detail = { size = [{ numeric = [">", "0"] }] }
  })
}

resource "aws_cloudwatch_event_rule" "text" {
  event_pattern = <<-PATTERN
    {
      "source": "app"
    }
  PATTERN
}

resource "aws_cloudwatch_event_rule" "expression" {
  schedule_expression = "cron(0 25 * * ? *)"
}

resource "aws_scheduler_schedule" "zone" {
  schedule_expression          = "rate(1 day)"
  schedule_expression_timezone = "Europe/Berln"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_sfn_state_machine.load.arn
    role_arn = "any"
  }
}

resource "aws_cloudwatch_event_target" "lost" {
  rule = "elsewhere"
  arn  = aws_sfn_state_machine.load.arn
}

resource "aws_pipes_pipe" "queue" {
  source = "any"
  target = aws_sfn_state_machine.load.arn
}

resource "aws_cloudwatch_event_target" "unknown" {
  rule = aws_cloudwatch_event_rule.elsewhere.name
  arn  = aws_sfn_state_machine.load.arn
}
