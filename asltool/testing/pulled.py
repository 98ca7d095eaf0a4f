"""An execution that ran elsewhere, as a case file with its recording."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from asltool.errors import AslToolError, HistoryError, NoHandler
from asltool.expr.values import json_equal, loads
from asltool.history.calls import Event
from asltool.history.shape import details_of
from asltool.history.timestamps import iso_time, seconds_of
from asltool.integrations.differences import differences
from asltool.integrations.generated import is_generated
from asltool.integrations.recorded_history import read_history
from asltool.integrations.replay import Replay
from asltool.machine import loads as load_definition
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted
from asltool.testing.redaction import Redaction
from asltool.testing.runs import MachineRun
from asltool.testing.under_test import MachineUnderTest

__all__ = ["PulledExecution", "pull_execution"]

_ENDS = {"ExecutionSucceeded": "SUCCEEDED", "ExecutionFailed": "FAILED", "ExecutionTimedOut": "TIMED_OUT"}


@dataclass(frozen=True)
class PulledExecution:
    """``files`` has the text of each file by its name; ``case_file`` is the one with the case.

    ``problem`` says why the case does not pass; it is empty if it does.
    """

    files: Mapping[str, str]
    case_file: str
    problem: str


def pull_execution(
    name: str,
    machine: str,
    definition: str,
    events: Sequence[Event],
    children: Mapping[str, Sequence[Event]],
    redaction: Redaction | None = None,
) -> PulledExecution:
    """Return the files for an execution, after running it here once with its recorded task results.

    Args:
        name: the execution's.
        machine: the name of its state machine.
        definition: the text of the definition that it ran.
        events: its history, as boto3 returns it, which is not `misshapen <asltool.history.shape.misshapen>`.
        children: the histories of the child executions of its map runs, by name.

    Raises:
        DefinitionError: the definition has errors.
        HistoryError: the execution cannot be replayed: it was stopped or redriven, or payloads are missing.
    """
    shown = str if redaction is None else redaction.text
    name, machine = shown(name), shown(machine)
    histories = {f"{name}.history.json": events}
    histories |= {f"{name}.children/{shown(child)}.history.json": each for child, each in children.items()}
    if redaction is not None:
        histories = {file: [redaction.event(event) for event in each] for file, each in histories.items()}
        definition = _without(redaction, definition)
    recorded = _Recorded(next(iter(histories.values())))
    ran, problem = _run(name, definition, recorded, histories)
    case = {
        "name": f"{name} as it ran",
        "definition": f"{machine}.asl.json",
        "input": recorded.input,
        "execution": name,
        "now": iso_time(recorded.began),
        "recording": next(iter(histories)) if len(histories) == 1 else list(histories),
        "expect": dict(_expected(recorded, ran)),
    }
    files = {case["definition"]: definition}
    files |= {file: _pretty({"events": each}) for file, each in histories.items()}
    files[f"{name}.asltest.yaml"] = _yaml(case)
    return PulledExecution(files, f"{name}.asltest.yaml", problem or "; ".join(_differences(recorded, ran)))


class _Recorded:
    """The outcome and the path that a history shows."""

    def __init__(self, events: Sequence[Event]) -> None:
        first, last = events[0], events[-1]
        if any(event["type"] == "ExecutionRedriven" for event in events):
            raise HistoryError("the execution was redriven, and such a history cannot be replayed")
        if last["type"] not in _ENDS:
            raise HistoryError("the execution was stopped, so it has no outcome to test")
        details = details_of(last)
        if "input" not in details_of(first) or (
            last["type"] == "ExecutionSucceeded" and "output" not in details
        ):
            raise HistoryError("the history has no payloads: the caller may not read them")
        if first.get("timestamp") is None:
            raise HistoryError("the history's first event has no timestamp")
        self.input = _payload(first, "input")
        self.began = seconds_of(first["timestamp"])
        self.status = _ENDS[last["type"]]
        self.output = _payload(last, "output")
        self.error, self.cause = details.get("error"), details.get("cause")
        self.path = [details_of(event)["name"] for event in events if event["type"].endswith("StateEntered")]


def _payload(event: Event, name: str) -> Any:
    try:
        return loads(details_of(event).get(name, "null"))
    except ValueError as problem:
        raise HistoryError(f"the {name} of the execution is not JSON: {problem}") from None


def _run(
    name: str, definition: str, recorded: _Recorded, histories: Mapping[str, Sequence[Event]]
) -> tuple[MachineRun | None, str]:
    """Run the execution here; return the run, or why there is none."""
    calls = chain.from_iterable(read_history({"events": each}, file) for file, each in histories.items())
    replay = Replay(list(calls), "the history", generated=True)
    machine = MachineUnderTest(load_definition(definition), integrations=[replay])
    try:
        return machine.run(recorded.input, name=name, now=recorded.began), ""
    except NoHandler as problem:
        called = f"state {quoted(problem.state)}, which calls {problem.resource}"
        return None, f"the history has no call of {called}"
    except AslToolError as problem:
        return None, str(problem)


def _expected(recorded: _Recorded, ran: MachineRun | None) -> Iterator[tuple[str, Any]]:
    """Yield what the case expects: what was recorded, without what is generated in every run."""
    if recorded.status != "FAILED" or recorded.error is None:
        yield "status", recorded.status
    if recorded.status == "SUCCEEDED":
        output = recorded.output if ran is None else _same(recorded.output, ran.output)
        whole = json_equal(output, recorded.output)
        yield ("output", output) if whole else ("output_contains", output)
    for field, value, now in (
        ("error", recorded.error, None if ran is None else ran.error),
        ("cause", recorded.cause, None if ran is None else ran.cause),
        ("path", recorded.path, None if ran is None else ran.path),
    ):
        # The order of branches, and event ids in causes, depend on how long tasks took.
        if value is not None and (field == "error" or ran is None or value == now):
            yield field, value


def _same(recorded: Any, now: Any) -> Any:
    """Return a recorded value without what is generated in every run."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        parts = {name: _same(value, now.get(name, ABSENT)) for name, value in recorded.items()}
        return {name: part for name, part in parts.items() if part is not ABSENT}
    if isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        items = [_same(*pair) for pair in zip(recorded, now, strict=True)]
        return ABSENT if ABSENT in items else items
    generated = list(differences(recorded, now)) and all(map(is_generated, differences(recorded, now)))
    return ABSENT if generated else recorded


def _differences(recorded: _Recorded, ran: MachineRun | None) -> Iterator[str]:
    if ran is None:
        return
    if (ran.status, ran.error) != (recorded.status, recorded.error):
        yield f"it ended {_end(recorded.status, recorded.error)}, and here {_end(ran.status, ran.error)}"
    elif recorded.status == "SUCCEEDED":
        found = differences(recorded.output, ran.output)
        yield from (f"output: {each}" for each in found if not is_generated(each))


def _end(status: str, error: str | None) -> str:
    return status if error is None else f"{status} {error}"


def _without(redaction: Redaction, definition: str) -> str:
    value = load_definition(definition).definition
    new = redaction.definition(value)
    return definition if new == value else _pretty(new)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=lambda stamp: stamp.isoformat()) + "\n"


def _yaml(value: Any) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
