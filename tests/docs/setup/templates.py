"""A SAM template with two state machines, and a Terraform module with one."""

from __future__ import annotations

from tests.docs.setup.world import write

write(
    "template.yaml",
    """Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
  Refunds:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
""",
)
write("order.json", '{"id": 7}')
write(
    "infra/main.tf",
    """resource "aws_sfn_state_machine" "orders" {
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
""",
)
