"""The definition that the case file names, and a history of an older version of another one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import asltool
from tests.docs.setup.world import write


def definition(threshold: int) -> dict[str, Any]:
    large = {"Variable": "$.total", "NumericGreaterThan": threshold, "Next": "Check"}
    return {
        "StartAt": "Large?",
        "States": {
            "Large?": {"Type": "Choice", "Choices": [large], "Default": "Done"},
            "Check": {"Type": "Pass", "Next": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


shutil.copy("samples/etl/etl.asl.json", Path())
write("order.asl.json", json.dumps(definition(100)))
run = asltool.load(definition(10)).run({"total": 50})
write("H.json", json.dumps({"events": run.history}))
