"""Running one recorded case: the definition, in the surroundings that the case names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from asltool.engine import Execution, Identity, compile_machine, runner
from asltool.engine.clock import VirtualClock
from asltool.errors import DefinitionError, ExpressionError
from asltool.rules.aws import aws_diagnostics, invalid_definition
from asltool.rules.variable_references import variable_references
from asltool.syntax.build import build
from asltool.syntax.reader import read
from tests.conformance.tasks import Missing, Recorded

__all__ = ["ANSWERS", "KINDS", "Skipped", "observe", "read_cases"]

ANSWERS = ("validate", "variable_references")
"""Kinds of cases that ask about a definition and run nothing."""

KINDS = ("execution", "choice", *ANSWERS)

SKIPPED = {
    "map-distributed": "distributed Map cannot be run yet",
    "mock-config": "a mock configuration cannot be read yet",
    "sync-execution": "StartSyncExecution is the server's",
}
"""Tags of what cannot be run, with the reason."""

NOON = 1_735_732_800.0
"""2025-01-01T12:00:00Z: the time it is where a case does not say."""


class Skipped(Exception):
    """Why a case was not run."""


def read_cases(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every case of a corpus, file by file."""
    for path in sorted(folder.glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def observe(case: dict[str, Any]) -> dict[str, Any]:
    """Run a case; return what happened, in the shape of its expectation.

    Raises:
        Skipped: it needs what asltool does not have.
    """
    if case["kind"] in ANSWERS:
        return {"id": case["id"], "kind": case["kind"], **_answer(case)}
    for tag, reason in SKIPPED.items():
        if tag in case["needs"]:
            raise Skipped(reason)
    execution = _execution(case)
    clock = VirtualClock(_clock(case))
    try:
        runner.run(execution, Recorded(case), clock, _stop_where_recorded(case))
    except _Enough:
        pass
    except Missing as missing:
        raise Skipped(str(missing)) from None
    return _observed(case, execution)


def _definition(case: dict[str, Any]) -> str:
    return case["definitionText"] if "definitionText" in case else json.dumps(case["definition"])


def _answer(case: dict[str, Any]) -> dict[str, Any]:
    """Return ``response`` or ``exception``."""
    definition = _definition(case)
    if case["kind"] == "variable_references":
        found = variable_references(definition)
        return {"response": {"variableReferences": found} if found else {}}
    if case["operation"] == "ValidateStateMachineDefinition":
        return {"response": aws_diagnostics(definition, machine_type=case["type"])}
    message = invalid_definition(definition, machine_type=case["type"])
    if message is None:
        return {"response": {}}
    return {"exception": {"code": "InvalidDefinition", "message": message, "httpStatus": 400}}


class _Enough(Exception):
    pass


def _stop_where_recorded(case: dict[str, Any]) -> runner.Watch | None:
    """A case that was recorded while it was running is watched up to where its recording ends."""
    if case["expected"]["status"] != "RUNNING":
        return None

    def watch(execution: Execution, effects: Any) -> None:
        if len(execution.records) >= len(case["expected"].get("history", [])):
            raise _Enough

    return watch


def _execution(case: dict[str, Any]) -> Execution:
    document = read(_definition(case), "definition.json")
    machine = build(document)
    if machine is None:
        raise Skipped("the definition is no state machine")
    try:
        program = compile_machine(machine, document.value)
    except (DefinitionError, ExpressionError) as error:
        raise Skipped(f"the definition cannot be compiled: {error}") from None
    try:
        value = case["input"] if "input" in case else json.loads(case["inputText"])
    except ValueError:
        raise Skipped("the input is not JSON, which StartExecution refuses") from None
    return Execution(program, value, _identity(case), seed=7, activities=_activities(case))


def _activities(case: dict[str, Any]) -> list[str] | None:
    """Return the activities that exist: of those created, one without a task had been deleted."""
    worked = {entry["resource"] for entry in case.get("tasks", [])}
    return [arn for arn in case["activities"] if arn in worked] if "activities" in case else None


def _identity(case: dict[str, Any]) -> Identity:
    names = case.get("execution")
    if names is None:
        return Identity(name="case")
    _, _, _, region, account, *_ = names["arn"].split(":")
    role = names["roleArn"].rpartition("/")[2]
    return Identity(
        name=names["name"],
        state_machine=names["stateMachineName"],
        region=region,
        account=account,
        role=role,
        express=case["type"] == "EXPRESS",
    )


def _clock(case: dict[str, Any]) -> float:
    return datetime.fromisoformat(case["clock"]).timestamp() if "clock" in case else NOON


def _observed(case: dict[str, Any], execution: Execution) -> dict[str, Any]:
    observed: dict[str, Any] = {"id": case["id"], "kind": case["kind"], "status": execution.status}
    if execution.status == "SUCCEEDED":
        observed["output"] = execution.output
    if execution.error is not None:
        observed["error"] = execution.error
    if execution.cause is not None:
        observed["cause"] = execution.cause
    return {**observed, "history": execution.history}
