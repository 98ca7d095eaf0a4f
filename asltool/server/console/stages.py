"""The data of a visit, stage by stage, found by replaying the execution while watching its stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from asltool.engine.frame import Frame
from asltool.engine.frame_view import FrameView
from asltool.engine.program import compile_machine
from asltool.engine.stage_watch import stages_watched
from asltool.errors import DumpError
from asltool.expr.values import dumps, json_equal
from asltool.server.console.runs import read_definition
from asltool.store.port import ExecutionRow, LoggedStep
from asltool.store.replay import execution_of, replay
from asltool.syntax.stages import Caught, Iterated, Stage
from asltool.syntax.wording import spelled

__all__ = ["stages"]

_LONGEST = 100_000
"""Characters that are shown of a value."""

_RESULTS = ("Result", "Error output")
"""What the fields after the work begin with; the second for those of a Catcher."""


def stages(
    row: ExecutionRow, definition: str, steps: Iterable[LoggedStep], entered: int, until: int
) -> list[list[str]]:
    """Return the stages of a visit that changed its data: their titles, and their results as JSON text.

    Args:
        definition: the text of the definition that the execution runs.
        steps: its log.
        entered: the ID of the event with which the state was entered.
        until: the number of events to replay.

    Raises:
        DumpError: the log cannot be replayed.
    """
    found = read_definition(definition)
    if found is None:
        raise DumpError("its definition cannot be run")
    watch = _Watch(entered, until)
    with stages_watched(watch.note):
        program = compile_machine(found.machine, found.value)
    execution = execution_of(row, program)
    replay(execution, takewhile(lambda _: len(execution.records) < until, steps))
    return [[title, dumps(value)[:_LONGEST]] for title, value in watch.found.items()]


class _Watch:
    def __init__(self, entered: int, until: int) -> None:
        self._entered = entered
        self._until = until
        self._seen: set[str] = set()
        self.found: dict[str, Any] = {}
        """Values by the title of their stage; of several attempts, those of the last."""

    def note(self, frame: FrameView, stage: Stage, document: Any, value: Any) -> None:
        """Record the result of a stage if it belongs to the visit and changed something: a `StageWatch`."""
        if not isinstance(frame, Frame) or frame.entered_id != self._entered:
            return
        if len(frame.shared.records) >= self._until:
            return
        for title, before, after in _shown(frame, stage, document, value):
            if title in self._seen and (title in _RESULTS or _is_of_item(stage)):
                continue
            self._seen.add(title)
            self.found.pop(title, None)
            if not json_equal(before, after):
                self.found[title] = after


def _shown(frame: Frame, stage: Stage, document: Any, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the title of a stage with its data before and after; first comes the result that it uses."""
    name = _name(stage)
    if stage.action == "assign":
        before = {each: frame.variables[each] for each in value if each in frame.variables}
        yield f"Variables after {name}", before, value
        return
    if stage.field == "Output":
        document = document.get("result", document.get("errorOutput", frame.input))
    if stage.action == "combine" or stage.field in ("Output", "ResultSelector"):
        yield _RESULTS[isinstance(stage.part, Caught)], frame.input, document
    if _is_of_item(stage):
        yield f"First item after {name}", None, value
    else:
        yield f"After {name}", frame.input if stage.action == "combine" else document, value


def _is_of_item(stage: Stage) -> bool:
    """Whether a stage makes the input of one iteration."""
    return isinstance(stage.part, Iterated) and stage.field in ("ItemSelector", "Parameters")


def _name(stage: Stage) -> str:
    """Return a stage's field, with its rule or Catcher."""
    pointer = stage.part.pointer
    return spelled(
        (*pointer[-2:], stage.field) if pointer and isinstance(pointer[-1], int) else (stage.field,)
    )
