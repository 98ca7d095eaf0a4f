"""The machine of the page about running; a Lambda project, a template, and a cluster that is never busy."""

from __future__ import annotations

from types import SimpleNamespace

import asltool
from tests.docs.setup.world import copy_files_of, write

copy_files_of("docs/run.md")
write(
    "functions/charge/app.py",
    """def lambda_handler(event, context):
    return {"charged": event.get("amount", 0)}
""",
)
write(
    "template.yaml",
    """Transform: AWS::Serverless-2016-10-31
Resources:
  Charge:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: charge-card
      CodeUri: functions/charge
      Handler: app.lambda_handler
      Runtime: python3.13
""",
)
write("ship.asl.json", '{"StartAt": "Ship", "States": {"Ship": {"Type": "Succeed"}}}')

cluster = SimpleNamespace(
    start=lambda job: "job-1",
    look=lambda job: SimpleNamespace(state="DONE", reason=None),
)
machine = asltool.load(
    {
        "StartAt": "Transform",
        "States": {
            "Transform": {
                "Type": "Task",
                "Resource": "arn:aws:states:::glue:startJobRun.sync",
                "Parameters": {"JobName": "orders"},
                "End": True,
            }
        },
    }
)
