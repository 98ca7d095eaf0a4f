"""Requests made at random along the service's model are answered, or refused with the service's codes."""

from __future__ import annotations

import asyncio
import json
import os
import random
from typing import Any

from asltool.integrations.aws.models import model
from asltool.service.errors import ServiceError
from tests.service.world import World

REQUESTS = int(os.environ.get("ASLTOOL_REQUESTS", "3000"))
"""How many are made."""

PLACE = "arn:aws:states:us-east-1:123456789012"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'

STRINGS = [
    *(
        "",
        "m",
        "a",
        "e",
        "LIVE",
        "é",
        "\U0001f600",
        "\ud800",
        "\x00",
        "a b",
        "x" * 90,
        "7",
        "-1",
        "{}",
        "[1]",
    ),
    *("{", "null", '"\\ud800"', PASS, '{"Type": "Pass", "End": true}', '{"StartAt": 1, "States": []}'),
    *("[" * 3000, "STANDARD", "EXPRESS", "OFF", "ALL", "RUNNING", "METADATA_ONLY", "AWS_OWNED_KEY", "INFO"),
    *("INITIAL", "AAAA", "W10=", "arn:", "arn:aws:states", f"{PLACE}:", f"{PLACE}:stateMachine:"),
    *(f"{PLACE}:stateMachine:m{rest}" for rest in ("", ":1", ":LIVE", ":", "/L", ":\u0661", ":" + "9" * 200)),
    *(f"{PLACE}:activity:a", f"{PLACE}:execution:m", f"{PLACE}:execution:m:e", f"{PLACE}:express:m:e:1"),
    *(f"{PLACE}:mapRun:m/L:1", f"{PLACE}:execution:m/L:e"),
]
OTHERS: list[Any] = [
    *(None, True, False, 0, 1, -1, 100, 101, 10**30, 1.5, 1e400, -1e400, float("nan")),
    *([], {}, [[]], [{}], {"a": 1}),
]


ROUTES = [{"stateMachineVersionArn": f"{PLACE}:stateMachine:m:1", "weight": 100}]
FIRST: list[tuple[str, dict[str, Any]]] = [
    ("CreateStateMachine", {"name": "m", "definition": PASS, "roleArn": "arn:r", "publish": True}),
    ("CreateStateMachineAlias", {"name": "LIVE", "routingConfiguration": ROUTES}),
    ("CreateActivity", {"name": "a"}),
    ("StartExecution", {"stateMachineArn": f"{PLACE}:stateMachine:m", "name": "e"}),
]
"""What there is to begin with."""


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.shapes = model("stepfunctions")["shapes"]

    def value(self, name: str, depth: int = 0) -> Any:
        """Return a value of a shape, or now and then one of another."""
        if self.random.random() < 0.08:
            return self.random.choice([*STRINGS, *OTHERS])
        shape = self.shapes[name]
        match shape["type"]:
            case "structure":
                return self.structure(shape, depth)
            case "list":
                size = self.random.choice([0, 1, 1, 2, 3, 60])
                return [self.value(shape["member"]["shape"], depth + 1) for _ in range(size)]
            case "string":
                return self.random.choice(shape.get("enum", STRINGS))
            case "boolean":
                return self.random.choice([True, False])
            case _:
                return self.random.choice([0, 1, 2, 50, 100, 1000, 1001, -5, 2**40])

    def structure(self, shape: dict[str, Any], depth: int) -> dict[str, Any]:
        required = shape.get("required", [])
        return {
            name: self.value(inside["shape"], depth + 1)
            for name, inside in shape["members"].items()
            if self.random.random() < (0.95 if name in required else 0.4)
        }


async def ask(world: World, maker: Maker, operation: str) -> str | None:
    """Return the code of the refusal."""
    request = maker.value(model("stepfunctions")["operations"][operation]["input"]["shape"])
    try:
        json.dumps(await world.call(operation, request))
    except ServiceError as refused:
        return refused.code
    except Exception as problem:
        raise AssertionError(f"{operation} {request!r:.2000}: {problem!r}") from problem
    return None


async def run() -> set[str]:
    maker, codes = Maker(3), set[str]()
    operations = sorted(model("stepfunctions")["operations"])
    known = {name for name, shape in maker.shapes.items() if shape.get("exception")}
    async with World() as world:
        world.service.poll_seconds = 0.0
        for operation, request in FIRST:
            await world.call(operation, request)
        for number in range(REQUESTS):
            code = await ask(world, maker, operations[number % len(operations)])
            codes |= {code} if code else set()
    assert codes <= known | {"SerializationException"}
    return codes


def test_malformed_requests_are_refused() -> None:
    codes = asyncio.run(run())
    assert codes >= {"InvalidArn", "InvalidName", "SerializationException", "ValidationException"}
