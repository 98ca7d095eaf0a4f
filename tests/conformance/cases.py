"""Running one recorded case: the definition, in the surroundings that the case names."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from asltool.cli.progress import ProgressBar
from asltool.cli.trace import Trace
from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.log import Log
from asltool.driver.map_outside import Maps
from asltool.driver.ports import TaskPort
from asltool.engine import Execution, Identity, compile_machine
from asltool.errors import DefinitionError, ExpressionError, RequestError
from asltool.history.log_entries import log_entries
from asltool.integrations.map_storage import MapStorage
from asltool.rules.analysis.variable_references import variable_references
from asltool.rules.aws import aws_diagnostics, invalid_definition
from asltool.service.single_state import test_request as answer_request
from asltool.syntax.build import build
from asltool.syntax.reader import read
from tests.conformance.aio import drive
from tests.conformance.mocked import Mocked
from tests.conformance.tasks import Functions, Missing, Recorded
from tests.integrations.memory_objects import Memory

__all__ = [
    "ANSWERS",
    "KINDS",
    "NOON",
    "Skipped",
    "activities_of",
    "clock_of",
    "definition_of",
    "input_of",
    "objects_of",
    "observe",
    "read_cases",
]

ANSWERS = ("test_state", "validate", "variable_references")
"""Kinds of cases that are one request and its answer."""

KINDS = ("execution", "choice", *ANSWERS)

NOON = 1_735_732_800.0
"""2025-01-01T12:00:00Z: the time it is where a case does not say."""


class Skipped(Exception):
    """Why a case was not run."""


def read_cases(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every case of a corpus, file by file."""
    for path in sorted(folder.glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def observe(
    case: dict[str, Any],
    tasks: TaskPort | None = None,
    progress: ProgressBar | None = None,
    log: Log | None = None,
    *,
    aio: bool = False,
) -> dict[str, Any]:
    """Run a case; return what happened, in the shape of its expectation.

    Args:
        tasks: who does the tasks; left out, they go as the case says.
        progress: where the run is shown as ``asltool run --progress`` shows it.
        log: where the steps of its executions are kept.
        aio: whether the asyncio driver runs it.

    Raises:
        Skipped: it needs what asltool does not have.
    """
    if case["kind"] in ANSWERS:
        return {"id": case["id"], "kind": case["kind"], **_answer(case)}
    execution = _execution(case)
    try:
        port = tasks or (Mocked(case) if "mockConfig" in case else Recorded(case))
        maps = Maps(MapStorage(objects_of(case)), watch=progress)
        watch = _watch(case, progress)
        if aio:
            drive(execution, port, clock_of(case), watch, maps, log)
        else:
            driver = runner.Runner(port, VirtualClock(clock_of(case)), maps, log)
            driver.add(execution, watch=watch)
            driver.run()
    except _Enough:
        pass
    except Missing as missing:
        raise Skipped(str(missing)) from None
    return _observed(case, execution)


def definition_of(case: dict[str, Any]) -> str:
    """Return the text of a case's definition."""
    return case["definitionText"] if "definitionText" in case else json.dumps(case["definition"])


def _answer(case: dict[str, Any]) -> dict[str, Any]:
    """Return ``response`` or ``exception``."""
    definition = definition_of(case)
    if case["kind"] == "test_state":
        return _test_state(case, definition)
    if case["kind"] == "variable_references":
        found = variable_references(definition)
        return {"response": {"variableReferences": found} if found else {}}
    if case["operation"] == "ValidateStateMachineDefinition":
        return {"response": aws_diagnostics(definition, machine_type=case["type"])}
    message = invalid_definition(definition, machine_type=case["type"])
    if message is None:
        return {"response": {}}
    return {"exception": {"code": "InvalidDefinition", "message": message, "httpStatus": 400}}


def _test_state(case: dict[str, Any], definition: str) -> dict[str, Any]:
    request = {**case["params"], "definition": definition}
    texts = {name: request[name] for name in ("context", "variables") if name in request}
    if case.get("input") is not None:
        texts["input"] = case["input"]
    request |= {name: json.dumps(value) for name, value in texts.items()}
    identity = Identity(name="test", state_machine="test", account="111111111111", express=True)
    try:
        response = answer_request(request, [Functions(case)], identity=identity, seed=7)
    except RequestError as refused:
        return {"exception": {"code": refused.code, "message": str(refused), "httpStatus": 400}}
    if "output" in response:
        response["output"] = json.loads(response["output"])
    return {"response": response}


class _Enough(Exception):
    pass


def _watch(case: dict[str, Any], progress: ProgressBar | None) -> runner.Watch:
    watches = [_stop_where_recorded(case), None if progress is None else Trace(progress, skips=True)]

    def watch(execution: Execution, effects: Any) -> None:
        for each in filter(None, watches):
            each(execution, effects)

    return watch


def _stop_where_recorded(case: dict[str, Any]) -> runner.Watch | None:
    """A case that was recorded while it was running is watched up to where its recording ends."""
    if case["expected"]["status"] != "RUNNING":
        return None

    def watch(execution: Execution, effects: Any) -> None:
        if len(execution.records) >= len(case["expected"].get("history", [])):
            raise _Enough

    return watch


def _execution(case: dict[str, Any]) -> Execution:
    document = read(definition_of(case), "definition.json")
    machine = build(document)
    if machine is None:
        raise Skipped("the definition is no state machine")
    try:
        program = compile_machine(machine, document.value)
    except (DefinitionError, ExpressionError) as error:
        raise Skipped(f"the definition cannot be compiled: {error}") from None
    return Execution(program, input_of(case), _identity(case), seed=7, activities=activities_of(case))


def input_of(case: dict[str, Any]) -> Any:
    """Return the input of a case's execution.

    Raises:
        Skipped: it is not JSON.
    """
    try:
        return case["input"] if "input" in case else json.loads(case["inputText"])
    except ValueError:
        raise Skipped("the input is not JSON, which StartExecution refuses") from None


def objects_of(case: dict[str, Any]) -> Memory:
    """Return the buckets of the case and what lies in them."""
    objects = Memory(*case.get("s3Buckets", []))
    for stored in case.get("s3", []):
        body = stored["body"]
        data = base64.b64decode(body) if stored.get("encoding") == "base64" else body.encode()
        objects.buckets[stored["bucket"]][stored["key"]] = data
    return objects


def activities_of(case: dict[str, Any]) -> list[str] | None:
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
        sync=names.get("sync", False),
    )


def clock_of(case: dict[str, Any]) -> float:
    """Return the time at which a case begins, in seconds since the epoch."""
    return datetime.fromisoformat(case["clock"]).timestamp() if "clock" in case else NOON


def _observed(case: dict[str, Any], execution: Execution) -> dict[str, Any]:
    observed: dict[str, Any] = {"id": case["id"], "kind": case["kind"], "status": execution.status}
    if execution.status == "SUCCEEDED":
        observed["output"] = execution.output
    if execution.error is not None:
        observed["error"] = execution.error
    if execution.cause is not None:
        observed["cause"] = execution.cause
    if "logging" in case:
        observed["logs"] = _logs(case["logging"], execution)
    return {**observed, "history": execution.history}


def _logs(logging: dict[str, Any], execution: Execution) -> list[dict[str, Any]]:
    level, data = logging["level"], logging["includeExecutionData"]
    return list(log_entries(execution.records, execution.identity.execution_arn, level, data=data))
