"""Tasks that moto's server does, as AWS would do them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import asltool
from asltool.integrations.aws import Aws

CASES = Path(__file__).parents[2] / "cases" / "integrations" / "aws"
CALLS = yaml.safe_load((CASES / "calls.yaml").read_text(encoding="utf-8"))


def machine(resource: str, **fields: Any) -> asltool.Machine:
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True, **fields}
    return asltool.load({"StartAt": "T", "States": {"T": task}})


def alike(expected: Any, actual: Any) -> bool:
    """Compare JSON; ``*`` in an expected text stands for anything, as a whole it does for any value."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(alike(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(alike, expected, actual))
    if isinstance(expected, str) and "*" in expected:
        pattern = ".*".join(map(re.escape, expected.split("*")))
        return expected == "*" or re.fullmatch(pattern, str(actual)) is not None
    return bool(expected == actual)


@pytest.mark.parametrize("case", CALLS, ids=lambda case: case["name"])
def test_call(aws: Aws, case: dict[str, Any]) -> None:
    for service, operation, parameters in case.get("given", []):
        getattr(aws.client(service), operation)(**parameters)
    fields = {"Credentials": case["credentials"]} if "credentials" in case else {}
    run = machine(case["resource"], Parameters=case["parameters"], **fields).run({}, integrations=[aws])
    if "error" in case:
        assert alike([case["error"], case["cause"]], [run.error, run.cause]), run.cause
        return
    output = run.result()
    if case.get("http", False):
        http, sdk = output.pop("SdkHttpMetadata"), output.pop("SdkResponseMetadata")
        assert http["HttpStatusCode"] == 200
        assert http["HttpHeaders"]["x-amzn-RequestId"] == sdk["RequestId"]
        assert http["AllHttpHeaders"]["Content-Type"] == [http["HttpHeaders"]["Content-Type"]]
    for name in case.get("selected", "").split(".") if "selected" in case else []:
        output = output[name]
    assert alike(case["output"], output), output
