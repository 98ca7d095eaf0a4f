"""The data of a pause before a state: its place, and the JSON and expressions typed by the user."""

from __future__ import annotations

from typing import Any

from asltool.cli.json_options import read_input
from asltool.engine.execution import Execution
from asltool.engine.frame import Frame
from asltool.engine.limits import too_large
from asltool.engine.progress import Progress
from asltool.errors import OptionError
from asltool.expr.intrinsics.compiler import compile_intrinsic
from asltool.expr.jsonata import compile_jsonata, expression_in
from asltool.expr.jsonpath import compile_path

__all__ = ["around", "execution_of", "json_in", "value_of"]


def execution_of(frame: Frame) -> Execution | None:
    """Return a frame's execution; None for that of a child of a distributed Map."""
    progress = frame.shared
    assert isinstance(progress, Progress)
    return None if progress.program.definition is None else Execution.around(progress)


def around(frame: Frame) -> list[str]:
    """Return the branches, iterations and map runs around a frame, innermost first."""
    found = []
    while frame.parent is not None:
        state = frame.parent.state
        of = f"branch {frame.index} of {state.name}" if state.kind == "Parallel" else None
        found.append(f"in {of or f'{state.name}[{frame.index}]'}")
        frame = frame.parent
    child_of = frame.identity.state_machine.partition("/")[2]
    return [*found, f"in a child of {child_of}"] if child_of else found


def json_in(text: str, command: str, frame: Frame) -> Any:
    """Return the value of a command, given as JSON or as ``@file``.

    Raises:
        OptionError: it is missing, is not JSON, or exceeds the service's limit.
        OSError: the file cannot be read.
    """
    if text in ("", "-"):
        raise OptionError(f"expected {command} JSON, or {command} @FILE")
    value = read_input(text, "this")
    if frame.shared.limits and too_large(value):
        raise OptionError("this is larger than 256 KiB of JSON, the service's limit")
    return value


def value_of(text: str, language: str, frame: Frame) -> Any:
    """Return the value of an expression in the state's query language.

    Raises:
        EvaluationError: it has no value here.
        ExpressionError: it cannot be read.
    """
    if language == "JSONata":
        states = {"input": frame.input, "context": frame.context}
        return compile_jsonata(expression_in(text)[0])(states, frame)
    read = compile_intrinsic(text) if text.startswith("States.") else compile_path(text).read
    return read(frame.input, frame)
